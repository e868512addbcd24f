#include "netscan/report/check_json.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"
#include "sample_checks.hpp"
#include "sample_scans.hpp"

namespace netscan {
namespace {

using testing::random_check;
using testing::sample_check;

absl::StatusOr<results_file> read(const std::string& line) {
  return parse_ndjson(line + "\n", "pc.ndjson");
}

/// The error of reading a check in which `what` is replaced.
std::string error_with(std::string_view what, std::string_view replacement) {
  std::string line = check_json(sample_check());
  const std::size_t at = line.find(what);
  EXPECT_NE(at, line.npos) << what;
  const auto file = read(line.replace(at, what.size(), replacement));
  return file.ok() ? "" : std::string(message_of(file.status()));
}

TEST(check_json, keeps_every_member) {
  const auto file = read(check_json(sample_check()));
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->checks.size(), 1U);
  EXPECT_EQ(file->checks[0], sample_check());
  EXPECT_TRUE(file->scans.empty());
}

class check_round_trip : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(check_round_trip, keeps_every_byte_of_remote_text) {
  const check_record record = random_check(GetParam());
  const std::string line = check_json(record);
  const auto file = read(line);
  ASSERT_TRUE(file.ok()) << file.status() << line;
  EXPECT_EQ(file->checks.at(0), record);
  EXPECT_EQ(check_json(file->checks.at(0)), line);
  // What is in the line is for any reader and any terminal.
  for (const char c : line) EXPECT_TRUE(static_cast<std::uint8_t>(c) >= 0x20 && c != 0x7f) << line;
  boost::system::error_code error;
  boost::json::parse(line, error);
  EXPECT_FALSE(error) << line;
}

INSTANTIATE_TEST_SUITE_P(seeds, check_round_trip, ::testing::Range<std::uint64_t>(0, 200));

TEST(check_json, is_valid_utf8_and_names_its_reason) {
  check_record record = sample_check();
  record.steps[1].http->title = "caf\xe9";
  record.steps[1].http->server =
      "\xc2\x9b"
      "31m\x7f";
  const std::string line = check_json(record);
  EXPECT_NE(line.find(R"("title":{"base64":"Y2Fm6Q=="})"), line.npos) << line;
  EXPECT_NE(line.find(R"("server":"\u009b31m\u007f")"), line.npos) << line;
  EXPECT_NE(line.find(R"("reason":"status")"), line.npos) << line;
}

TEST(check_json, stands_beside_scans_in_a_file) {
  const std::string scan = testing::written(report_format::ndjson, testing::sample_scan());
  const auto file = parse_ndjson(
      check_json(sample_check()) + "\n" + scan + check_json(sample_check()) + "\n", "pc.ndjson");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->checks.size(), 2U);
  EXPECT_EQ(file->scans.size(), 1U);
}

TEST(check_json, with_a_wrong_value_is_refused_with_its_name) {
  EXPECT_EQ(error_with(R"("outcome":"failed")", R"("outcome":"fine")"),
            "pc.ndjson:1: 'outcome' is \"fine\", expected ok, failed, error or stopped");
  EXPECT_EQ(error_with(R"("layer":"http")", R"("layer":"ip")"),
            "pc.ndjson:1: 'layer' is \"ip\", expected dns, tcp, tls or http");
  EXPECT_EQ(error_with(R"("title":"Git)", R"("title":7,"x":"Git)"),
            R"(pc.ndjson:1: 'title' is 7, expected a text, or {"base64": "..."})");
  EXPECT_EQ(error_with(R"("banner":"SSH-2.0-x\u000d\u000a")", R"("banner":{"base64":"*"})"),
            R"(pc.ndjson:1: 'banner' is {"base64":"*"}, expected a text, or {"base64": "..."})");
  EXPECT_EQ(error_with(R"("reason":"syn-ack")", R"("reason":"syn")"),
            "pc.ndjson:1: 'reason' is \"syn\", expected a reason such as syn-ack or no-response");
  EXPECT_EQ(error_with(R"("steps":[{)", R"("steps":[],"old":[{)"),
            "pc.ndjson:1: 'steps' is [], expected at least one step");
}

TEST(check_json, that_is_cut_off_is_left_out_with_a_notice) {
  const std::string line = check_json(sample_check());
  const auto file = parse_ndjson(line + "\n" + line.substr(0, line.size() / 2), "pc.ndjson");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->checks.size(), 1U);
  EXPECT_EQ(file->notices.size(), 1U);
}

}  // namespace
}  // namespace netscan
