#include <gtest/gtest.h>

#include "sample_scans.hpp"

namespace netscan {
namespace {

using testing::sample_scan;
using testing::written;

/// The fields of a CSV text (RFC 4180), read the way a spreadsheet does.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      row.back() += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      row.emplace_back();
    } else if (!quoted && c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
      rows.push_back(std::exchange(row, std::vector<std::string>(1)));
      ++i;
    } else {
      row.back() += c;
    }
  }
  EXPECT_EQ(row, std::vector<std::string>(1)) << "the last line has an end";
  return rows;
}

TEST(csv_writer, writes_a_header_and_a_line_a_probe) {
  EXPECT_EQ(
      written(report_format::csv, sample_scan()),
      "vantage,ip,port,state,reason,icmp_type,icmp_code,icmp_from,errno,rtt_us,attempts,time\r\n"
      "pc,10.0.0.1,80,filtered,no-response,,,,,,2,2026-01-05T10:00:00.123Z\r\n"
      "pc,10.0.0.50,80,closed,conn-refused,,,,,380,1,2026-01-05T10:00:00.123Z\r\n"
      "pc,10.0.0.60,443,filtered,admin-prohibited,3,13,192.168.77.1,,412,1,"
      "2026-01-05T10:00:00.123Z\r\n"
      "pc,10.0.0.61,443,error,local-error,,,,ENETUNREACH,,0,2026-01-05T10:00:00.123Z\r\n"
      "pc,fd00:10::232,443,open,syn-ack,,,,,517,1,2026-01-05T10:00:02.000Z\r\n");
}

TEST(csv_writer, quotes_a_vantage_that_needs_it) {
  scan_results scan = sample_scan();
  for (const std::string vantage : {"a,b", "say \"pc\"", "two\r\nlines", "\"", "", "plain pc"}) {
    scan.header.vantage = vantage;
    const auto rows = read_csv(written(report_format::csv, scan));
    ASSERT_EQ(rows.size(), scan.probes.size() + 1);
    for (const auto& row : rows) EXPECT_EQ(row.size(), 12U);
    EXPECT_EQ(rows.at(1).at(0), vantage);
  }
  scan.header.vantage = "caf\xe9";
  EXPECT_EQ(read_csv(written(report_format::csv, scan)).at(1).at(0), "caf\xef\xbf\xbd");
}

TEST(csv_writer, gives_an_errno_without_a_name_as_its_number) {
  scan_results scan = sample_scan();
  scan.probes.at(3).local_errno = 4095;
  EXPECT_EQ(read_csv(written(report_format::csv, scan)).at(4).at(8), "4095");
}

TEST(csv_writer, has_twelve_fields_in_every_line) {
  const scan_results scan = testing::random_scan(4, 1000);
  const auto rows = read_csv(written(report_format::csv, scan));
  ASSERT_EQ(rows.size(), 1001U);
  for (std::size_t i = 0; i < scan.probes.size(); ++i) {
    ASSERT_EQ(rows[i + 1].size(), 12U);
    EXPECT_EQ(rows[i + 1][1], to_string(scan.probes[i].ip));
    EXPECT_EQ(rows[i + 1][2], std::to_string(scan.probes[i].port));
    EXPECT_EQ(rows[i + 1][10], std::to_string(scan.probes[i].attempts));
  }
}

}  // namespace
}  // namespace netscan
