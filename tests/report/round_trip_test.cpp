// What is written is what is read, and what is read is what is written.
#include <gtest/gtest.h>

#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"
#include "sample_scans.hpp"

namespace netscan {
namespace {

using testing::random_scan;
using testing::written;

class ndjson_round_trip : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(ndjson_round_trip, keeps_every_member) {
  const scan_results scan = random_scan(GetParam(), 200);
  const absl::StatusOr<results_file> file = parse_ndjson(written(report_format::ndjson, scan), "x");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->scans.size(), 1U);
  const scan_results& read = file->scans[0];
  EXPECT_EQ(read.header, scan.header);
  ASSERT_EQ(read.probes.size(), scan.probes.size());
  for (std::size_t i = 0; i < scan.probes.size(); ++i)
    ASSERT_EQ(read.probes[i], scan.probes[i]) << i;
  EXPECT_EQ(read.summary, scan.summary);
}

TEST_P(ndjson_round_trip, keeps_every_byte) {
  const std::string text = written(report_format::ndjson, random_scan(GetParam(), 200));
  const results_file file = parse_ndjson(text, "x").value();
  EXPECT_EQ(written(report_format::ndjson, file.scans.at(0)), text);
}

INSTANTIATE_TEST_SUITE_P(seeds, ndjson_round_trip, ::testing::Range<std::uint64_t>(0, 50));

TEST(ndjson_round_trip, of_every_reason) {
  for (int i = 0; i <= static_cast<int>(probe_reason::local_error); ++i) {
    scan_results scan = testing::sample_scan();
    scan.probes.resize(1);
    scan.probes[0].reason = static_cast<probe_reason>(i);
    const results_file file = parse_ndjson(written(report_format::ndjson, scan), "x").value();
    EXPECT_EQ(file.scans.at(0).probes, scan.probes);
  }
}

// The name of the vantage is broken in the header and in each record in the same way.
TEST(ndjson_round_trip, of_a_vantage_that_is_not_utf8) {
  scan_results scan = testing::sample_scan();
  scan.header.vantage = "caf\xe9 \xff";
  const results_file file = parse_ndjson(written(report_format::ndjson, scan), "x").value();
  EXPECT_EQ(file.scans.at(0).header.vantage, "caf\xef\xbf\xbd \xef\xbf\xbd");
  EXPECT_EQ(file.scans.at(0).probes, scan.probes);
}

}  // namespace
}  // namespace netscan
