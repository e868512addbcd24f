#include "netscan/report/trace_json.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"
#include "sample_traces.hpp"

namespace netscan {
namespace {

using testing::open_trace;
using testing::random_trace;
using testing::silent_trace;

/// The error of reading a trace in which `what` is replaced.
std::string error_with(std::string_view what, std::string_view replacement) {
  std::string line = trace_json(open_trace());
  const std::size_t at = line.find(what);
  EXPECT_NE(at, line.npos) << what;
  const auto file = parse_ndjson(line.replace(at, what.size(), replacement), "pc.ndjson");
  return file.ok() ? "" : std::string(message_of(file.status()));
}

TEST(trace_json, is_read_back_as_it_was) {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const trace_record trace = random_trace(seed);
    const std::string line = trace_json(trace);
    const auto file = parse_ndjson(line + "\n", "pc.ndjson");
    ASSERT_TRUE(file.ok()) << file.status() << line;
    ASSERT_EQ(file->traces.size(), 1U);
    EXPECT_EQ(file->traces[0], trace) << line;
    EXPECT_TRUE(file->scans.empty());
    EXPECT_EQ(line.find('\n'), line.npos);
    EXPECT_EQ(line.find('\x1b'), line.npos);
  }
}

TEST(trace_json, says_for_other_readers_where_the_syn_was_last_alive_and_what_it_comes_to) {
  const auto value = boost::json::parse(trace_json(silent_trace()));
  EXPECT_EQ(value.at("type"), "trace");
  EXPECT_EQ(value.at("last_alive").at("ttl"), 1);
  EXPECT_EQ(value.at("last_alive").at("routers").at(0), "192.168.77.1");
  EXPECT_EQ(value.at("end").at("state"), "filtered");
  EXPECT_EQ(value.at("summary"),
            "filtered: no-response; last seen alive at hop 1, 192.168.77.1, then 5 hops without an "
            "answer");
}

TEST(trace_json, stands_beside_scans_and_checks_in_a_file) {
  const std::string text = trace_json(open_trace()) + "\n{\"type\":\"of a newer version\"}\n" +
                           trace_json(silent_trace());
  const auto file = parse_ndjson(text, "pc.ndjson");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->traces.size(), 2U);
}

TEST(trace_json, errors_name_the_member_and_what_is_right) {
  EXPECT_EQ(error_with(R"("stop":"end")", R"("stop":"here")"),
            "pc.ndjson:1: 'stop' is \"here\", expected end, gaps, max-hops or stopped");
  EXPECT_EQ(error_with(R"("ttl":2,"queries")", R"("ttl":0,"queries")"),
            "pc.ndjson:1: 'ttl' is 0, expected a number from 1 to 255");
  EXPECT_EQ(error_with(R"("rtts_us":[312,298])", R"("rtts_us":[312,-1])"),
            "pc.ndjson:1: 'rtts_us' is [312,-1], expected a list of whole numbers from 0 to "
            "4294967295");
  EXPECT_EQ(error_with(R"("reason":"time-exceeded")", R"("reason":"late")"),
            "pc.ndjson:1: 'reason' is \"late\", expected a reason such as syn-ack or no-response");
  EXPECT_EQ(error_with(R"("hops":[)", R"("holes":[)"),
            "pc.ndjson:1: 'hops' is missing, expected a list");
  EXPECT_EQ(error_with(R"("port":443,"source")", R"("port":0,"source")"),
            "pc.ndjson:1: 'port' is 0, expected a number from 1 to 65535");
}

TEST(trace_json, a_trace_that_is_cut_off_is_left_out_and_said) {
  const std::string whole = trace_json(open_trace());
  for (std::size_t size = 1; size < whole.size(); size += 7) {
    const auto file = parse_ndjson(whole + '\n' + whole.substr(0, size), "pc.ndjson");
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_EQ(file->traces.size(), 1U);
    EXPECT_EQ(file->notices.size(), 1U);
  }
}

}  // namespace
}  // namespace netscan
