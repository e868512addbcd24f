// The format json: one document, with the records of ndjson in it.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"
#include "sample_scans.hpp"

namespace netscan {
namespace {

using testing::lines_of;
using testing::random_scan;
using testing::sample_scan;
using testing::written;

std::string document_error(std::string_view text) {
  const absl::StatusOr<results_file> file = parse_results(text, "pc.json");
  return file.ok() ? "" : std::string(message_of(file.status()));
}

TEST(json_writer, writes_one_document_of_the_records_of_ndjson) {
  const scan_results scan = random_scan(5, 30);
  const boost::json::value document = boost::json::parse(written(report_format::json, scan));
  const std::vector<std::string> lines = lines_of(written(report_format::ndjson, scan));
  EXPECT_EQ(document.at("scan"), boost::json::parse(lines.front()));
  EXPECT_EQ(document.at("summary"), boost::json::parse(lines.back()));
  const boost::json::array& probes = document.at("probes").as_array();
  ASSERT_EQ(probes.size() + 2, lines.size());
  for (std::size_t i = 0; i < probes.size(); ++i) {
    EXPECT_EQ(probes[i], boost::json::parse(lines[i + 1]));
  }
}

TEST(json_writer, writes_a_document_without_probes_too) {
  scan_results scan = sample_scan();
  scan.probes.clear();
  const boost::json::value document = boost::json::parse(written(report_format::json, scan));
  EXPECT_TRUE(document.at("probes").as_array().empty());
}

class json_round_trip : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(json_round_trip, keeps_every_member) {
  const scan_results scan = random_scan(GetParam(), 100);
  const absl::StatusOr<results_file> file =
      parse_results(written(report_format::json, scan), "pc.json");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->scans.size(), 1U);
  EXPECT_EQ(file->scans[0].header, scan.header);
  EXPECT_EQ(file->scans[0].probes, scan.probes);
  EXPECT_EQ(file->scans[0].summary, scan.summary);
}

INSTANTIATE_TEST_SUITE_P(seeds, json_round_trip, ::testing::Range<std::uint64_t>(0, 20));

// As other tools write it again: in one line, or with other blanks.
TEST(json_reader, reads_a_document_however_it_is_laid_out) {
  const scan_results scan = sample_scan();
  const std::string text = written(report_format::json, scan);
  const std::string one_line = boost::json::serialize(boost::json::parse(text));
  EXPECT_EQ(parse_results(one_line, "x").value().scans.at(0).probes, scan.probes);
  std::string spread;
  for (const char c : text) spread += c == '\n' ? "\n\n  \t" : std::string(1, c);
  EXPECT_EQ(parse_results("\xef\xbb\xbf \n" + spread, "x").value().scans.at(0).probes, scan.probes);
}

TEST(json_reader, reads_a_list_of_records) {
  std::string list = "[";
  for (const std::string& line : lines_of(written(report_format::ndjson, sample_scan()))) {
    list += (list.size() == 1 ? "" : ",") + line;
  }
  EXPECT_EQ(parse_results(list + "]", "x").value().scans.at(0).probes, sample_scan().probes);
}

TEST(json_reader, reads_what_is_whole_of_a_document_that_was_cut_anywhere) {
  const std::string text = written(report_format::json, sample_scan());
  const std::size_t header = text.find('\n');
  for (std::size_t size = header; size + 1 < text.size(); ++size) {
    const absl::StatusOr<results_file> file = parse_results(text.substr(0, size), "pc.json");
    ASSERT_TRUE(file.ok()) << size << ": " << file.status();
    ASSERT_EQ(file->notices.size(), 1U) << size;
    const std::vector<probe_record>& probes = file->scans.at(0).probes;
    ASSERT_LE(probes.size(), sample_scan().probes.size());
    for (std::size_t i = 0; i < probes.size(); ++i) ASSERT_EQ(probes[i], sample_scan().probes[i]);
  }
}

TEST(json_reader, names_the_line_of_a_record_that_is_wrong) {
  std::string text = written(report_format::json, sample_scan());
  text.replace(text.find("\"port\":443"), 10, "\"port\":0");
  EXPECT_EQ(document_error(text), "pc.json:5: 'port' is 0, expected a number from 1 to 65535");
}

TEST(json_reader, refuses_what_is_no_document_of_records) {
  EXPECT_EQ(document_error("[1, 2]"),
            "pc.json:1: expected a record, which begins with '{', and found '1'");
  EXPECT_EQ(document_error("[\n{\"a\": {}}]"),
            "pc.json:2: neither a record of netscan's, which has a 'type', nor of masscan's, which "
            "has 'ip' and 'ports'");
  EXPECT_EQ(document_error("[]"), "pc.json: holds no results");
  EXPECT_TRUE(document_error("[] []").starts_with("pc.json:1: expected nothing behind"));
  EXPECT_NE(document_error("[{]}"), "");
  EXPECT_NE(document_error("[[[{"), "");
  EXPECT_EQ(document_error("[{\"type\":\"x\",\"a\":" + std::string(100, '[') +
                           std::string(100, ']') + "}]"),
            "pc.json:1: not JSON: too deep at character 24");
  EXPECT_EQ(document_error("[{\"a\":\"" + std::string(65U << 20, 'x')),
            "pc.json:1: longer than any record");
}

TEST(read_results, says_that_a_file_is_empty) {
  for (const std::string_view text : {"", "\n", " \t\r\n"}) {
    EXPECT_EQ(document_error(text),
              "pc.json: holds no results: it is empty, as a scanner leaves it that found nothing "
              "or was killed");
  }
}

}  // namespace
}  // namespace netscan
