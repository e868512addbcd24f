#include "netscan/report/trace_text.hpp"

#include <gtest/gtest.h>

#include "sample_traces.hpp"

namespace netscan {
namespace {

using testing::open_trace;
using testing::random_trace;
using testing::silent_trace;

TEST(trace_text, shows_where_the_answers_stop) {
  EXPECT_EQ(trace_text(silent_trace(), {.width = 100}),
            "10.0.0.216:443 from pc (192.168.77.10), at most 30 hops\n"
            "\n"
            "HOP  FROM          RTT\n"
            "  1  192.168.77.1  312 us  298 us  290 us\n"
            "2-6  no answer\n"
            "\n"
            "filtered: no-response; last seen alive at hop 1, 192.168.77.1, then 5 hops without an "
            "answer\n");
}

TEST(trace_text, shows_every_router_of_a_hop_and_what_was_lost) {
  EXPECT_EQ(trace_text(open_trace(), {}),
            "10.0.0.232:443 from pc (192.168.77.10), at most 30 hops\n"
            "\n"
            "HOP  FROM          SAYS     RTT\n"
            "  1  192.168.77.1           312 us  298 us          1 of 3 lost\n"
            "  2  192.168.78.2           1.4 ms\n"
            "     192.168.78.3           980 us  1 us\n"
            "  3  10.0.0.232    syn-ack  410 us  405 us  399 us\n"
            "\n"
            "open: syn-ack; answered at hop 3\n");
}

TEST(trace_text, many_round_trips_are_the_best_and_the_worst) {
  trace_record trace = silent_trace();
  trace.hops[0].queries = 5;
  trace.hops[0].answers[0].rtts_us = {500, 290, 310, 12'000, 300};
  EXPECT_NE(trace_text(trace, {}).find("  1  192.168.77.1  290 us to 12.0 ms\n"),
            std::string::npos);
}

TEST(trace_text, a_name_stands_with_its_address) {
  trace_record trace = silent_trace();
  trace.target = "gitlab.ailab.com:443";
  EXPECT_TRUE(trace_text(trace, {}).starts_with(
      "gitlab.ailab.com:443 at 10.0.0.216 from pc (192.168.77.10), at most 30 hops\n"));
}

TEST(trace_text, colours_only_what_ends_the_way) {
  const std::string text = trace_text(open_trace(), {.colour = true});
  EXPECT_NE(text.find("10.0.0.232    \033[32msyn-ack\033[0m  410 us"), std::string::npos) << text;
  EXPECT_EQ(text.find('\033'), text.find("\033[32m"));
}

TEST(trace_text, is_printable_whatever_the_record_holds) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const std::string text = trace_text(random_trace(seed), {});
    EXPECT_EQ(text.find('\x1b'), text.npos);
    EXPECT_EQ(text.find("\n "), text.find("\n  "));
    EXPECT_EQ(text.back(), '\n');
  }
}

TEST(trace_text, a_trace_without_a_hop_says_why) {
  trace_record trace = silent_trace();
  trace.hops.clear();
  trace.source.reset();
  trace.end->reason = probe_reason::local_error;
  trace.end->local_errno = ENETUNREACH;
  EXPECT_EQ(trace_text(trace, {}),
            "10.0.0.216:443 from pc, at most 30 hops\n"
            "\n"
            "error: local-error; this host could not ask: Network is unreachable\n");
}

}  // namespace
}  // namespace netscan
