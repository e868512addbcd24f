#include "netscan/probe/reason.hpp"

#include <gtest/gtest.h>

#include <set>

#include "netscan/probe/record.hpp"

namespace netscan {
namespace {

constexpr int reasons = static_cast<int>(probe_reason::local_error) + 1;

TEST(probe_reason, has_a_word_of_its_own_that_reads_back) {
  std::set<std::string_view> words;
  for (int i = 0; i < reasons; ++i) {
    const auto reason = static_cast<probe_reason>(i);
    EXPECT_TRUE(words.insert(to_string(reason)).second);
    EXPECT_EQ(parse_probe_reason(to_string(reason)), reason);
  }
  EXPECT_FALSE(parse_probe_reason("because"));
  EXPECT_FALSE(parse_probe_reason(""));
}

TEST(probe_state, has_nmaps_words) {
  EXPECT_EQ(to_string(probe_state::open), "open");
  EXPECT_EQ(to_string(probe_state::closed), "closed");
  EXPECT_EQ(to_string(probe_state::filtered), "filtered");
  EXPECT_EQ(to_string(probe_state::error), "error");
  for (const char* word : {"open", "closed", "filtered", "error"}) {
    EXPECT_EQ(to_string(*parse_probe_state(word)), word);
  }
  EXPECT_FALSE(parse_probe_state("unfiltered"));
}

TEST(probe_reason, belongs_to_a_state) {
  const auto state_of_word = [](std::string_view word) {
    return state_of(*parse_probe_reason(word));
  };
  EXPECT_EQ(state_of_word("syn-ack"), probe_state::open);
  EXPECT_EQ(state_of_word("conn-refused"), probe_state::closed);
  EXPECT_EQ(state_of_word("local-error"), probe_state::error);
  for (const char* word :
       {"no-response", "port-unreach", "admin-prohibited", "host-prohibited", "net-prohibited",
        "host-unreach", "net-unreach", "no-neighbor", "time-exceeded"}) {
    EXPECT_EQ(state_of_word(word), probe_state::filtered) << word;
  }
}

TEST(reason_of_icmp, follows_the_rfcs) {
  const auto v4 = [](int type, int code) {
    return to_string(reason_of_icmp(ip_family::v4, static_cast<std::uint8_t>(type),
                                    static_cast<std::uint8_t>(code)));
  };
  // RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1
  EXPECT_EQ(v4(3, 0), "net-unreach");
  EXPECT_EQ(v4(3, 1), "host-unreach");
  EXPECT_EQ(v4(3, 2), "proto-unreach");
  EXPECT_EQ(v4(3, 3), "port-unreach");
  EXPECT_EQ(v4(3, 4), "fragmentation-needed");
  EXPECT_EQ(v4(3, 5), "source-route-failed");
  EXPECT_EQ(v4(3, 6), "net-unknown");
  EXPECT_EQ(v4(3, 7), "host-unknown");
  EXPECT_EQ(v4(3, 8), "source-isolated");
  EXPECT_EQ(v4(3, 9), "net-prohibited");
  EXPECT_EQ(v4(3, 10), "host-prohibited");
  EXPECT_EQ(v4(3, 11), "net-tos-unreach");
  EXPECT_EQ(v4(3, 12), "host-tos-unreach");
  EXPECT_EQ(v4(3, 13), "admin-prohibited");
  EXPECT_EQ(v4(3, 14), "precedence-violation");
  EXPECT_EQ(v4(3, 15), "precedence-cutoff");
  EXPECT_EQ(v4(3, 16), "other-icmp");
  EXPECT_EQ(v4(11, 0), "time-exceeded");
  EXPECT_EQ(v4(11, 1), "other-icmp");
  EXPECT_EQ(v4(12, 0), "parameter-problem");
  EXPECT_EQ(v4(4, 0), "other-icmp");
  const auto v6 = [](int type, int code) {
    return to_string(reason_of_icmp(ip_family::v6, static_cast<std::uint8_t>(type),
                                    static_cast<std::uint8_t>(code)));
  };
  // RFC 4443 3
  EXPECT_EQ(v6(1, 0), "net-unreach");
  EXPECT_EQ(v6(1, 1), "admin-prohibited");
  EXPECT_EQ(v6(1, 2), "beyond-scope");
  EXPECT_EQ(v6(1, 3), "host-unreach");
  EXPECT_EQ(v6(1, 4), "port-unreach");
  EXPECT_EQ(v6(1, 5), "source-policy-failed");
  EXPECT_EQ(v6(1, 6), "route-rejected");
  EXPECT_EQ(v6(1, 7), "other-icmp");
  EXPECT_EQ(v6(2, 0), "fragmentation-needed");
  EXPECT_EQ(v6(3, 0), "time-exceeded");
  EXPECT_EQ(v6(4, 1), "parameter-problem");
}

TEST(count, adds_a_record_to_its_state) {
  scan_summary summary;
  for (const probe_reason reason :
       {probe_reason::syn_ack, probe_reason::conn_refused, probe_reason::conn_refused,
        probe_reason::no_response, probe_reason::port_unreach, probe_reason::no_neighbor,
        probe_reason::local_error}) {
    probe_record record;
    record.reason = reason;
    count(summary, record);
  }
  EXPECT_EQ(summary.open, 1u);
  EXPECT_EQ(summary.closed, 2u);
  EXPECT_EQ(summary.filtered, 3u);
  EXPECT_EQ(summary.error, 1u);
  EXPECT_EQ(summary.ended(), 7u);
}

}  // namespace
}  // namespace netscan
