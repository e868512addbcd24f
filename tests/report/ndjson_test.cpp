#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <thread>

#include <boost/json.hpp>

#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"
#include "report_support.hpp"

namespace netscan {
namespace {

using testing::random_record;
using testing::sample_header;
using testing::written;

std::vector<std::string> bare_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<probe_record> random_records(std::size_t count) {
  std::mt19937_64 random(7);
  std::vector<probe_record> records;
  for (std::size_t i = 0; i < count; ++i) records.push_back(random_record(random));
  return records;
}

const std::string scan_line =
    R"({"type":"scan","version":"1.2.3","vantage":"pc","start":"2026-01-05T10:00:00.123Z",)"
    R"("sources":[{"address":"192.168.77.10","prefix":24,"interface":"eth0"},)"
    R"({"address":"fd00:77::10","prefix":64,"interface":"eth0"}],"gateways":["192.168.77.1"],)"
    R"("targets":["10.0.0.0/24","gitlab.example"],"exclude":["10.0.0.7"],"ports":"80,443",)"
    R"("addresses":256,"planned":512,"seed":18446744073709551615,"order":"permuted",)"
    R"("shard":{"index":2,"count":8},"plan_hash":"00f1e2d3c4b5a697","options":{"timing":"default",)"
    R"("timeout_ms":1100,"retries":1,"rate":1000,"concurrency":4096,"threads":2,)"
    R"("per_address":4096,"per_network":8192},"host_limits":{"descriptors":1000,)"
    R"("local_ports":28232,"conntrack_max":262144,"conntrack_used":7}})";

const std::string reject_line =
    R"({"type":"probe","vantage":"pc","ip":"10.0.0.60","port":443,"state":"filtered",)"
    R"("reason":"admin-prohibited","icmp":{"type":3,"code":13,"from":"192.168.77.1"},"rtt_us":412,)"
    R"("attempts":1,"time":"2026-01-05T10:00:00.123Z"})";

TEST(ndjson_writer, writes_the_records_as_they_are_documented) {
  probe_record rejected;
  rejected.ip = *parse_ip_address("10.0.0.60");
  rejected.port = 443;
  rejected.reason = probe_reason::admin_prohibited;
  rejected.icmp = icmp_evidence{3, 13, *parse_ip_address("192.168.77.1")};
  rejected.rtt_us = 412;
  rejected.attempts = 1;
  rejected.time = timestamp(std::chrono::milliseconds(1767607200123));
  probe_record failed;
  failed.ip = *parse_ip_address("fd00::1");
  failed.port = 80;
  failed.reason = probe_reason::local_error;
  failed.local_errno = ENETUNREACH;
  failed.time = rejected.time;
  scan_summary summary{.planned = 2,
                       .open = 0,
                       .filtered = 1,
                       .error = 1,
                       .syns = 1,
                       .duration_ms = 1104,
                       .loss_estimate = 0.25,
                       .complete = true};

  const auto lines =
      bare_lines(written(report_format::ndjson, sample_header(), {rejected, failed}, summary));

  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], scan_line);
  EXPECT_EQ(lines[1], reject_line);
  EXPECT_EQ(lines[2], R"({"type":"probe","vantage":"pc","ip":"fd00::1","port":80,"state":"error",)"
                      R"("reason":"local-error","errno":"ENETUNREACH","attempts":0,)"
                      R"("time":"2026-01-05T10:00:00.123Z"})");
  EXPECT_EQ(lines[3],
            R"({"type":"summary","planned":2,"open":0,"closed":0,"filtered":1,"error":1,)"
            R"("skipped":0,"not_started":0,"syns":1,"duration_ms":1104,"loss_estimate":0.25,)"
            R"("complete":true})");
}

TEST(ndjson, comes_back_as_it_was_written) {
  const std::vector<probe_record> records = random_records(5000);
  scan_summary summary;
  summary.loss_estimate = 0.1;
  summary.planned = ~std::uint64_t{0};
  const std::string text = written(report_format::ndjson, sample_header(), records, summary);
  const auto file = parse_ndjson(text, "test");
  ASSERT_TRUE(file.ok()) << message_of(file.status());
  ASSERT_EQ(file->scans.size(), 1u);
  EXPECT_EQ(file->scans[0].header, sample_header());
  EXPECT_EQ(file->scans[0].probes, records);
  EXPECT_EQ(file->scans[0].summary, summary);
  EXPECT_TRUE(file->notices.empty());
}

TEST(ndjson_writer, writes_json_that_a_strict_parser_takes_whatever_the_vantage_is_called) {
  std::string every_byte;
  for (int byte = 1; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  for (const std::string& name :
       {every_byte, std::string("a\"b\\c\n\x1b[31m"), std::string("köln €😀")}) {
    scan_header header = sample_header();
    header.vantage = name;
    const std::string text = written(report_format::ndjson, header, random_records(3), {});
    for (const std::string& line : bare_lines(text)) {
      boost::system::error_code error;
      boost::json::parse(line, error);
      EXPECT_FALSE(error) << line;
    }
    EXPECT_TRUE(parse_ndjson(text, "test").ok());
  }
}

TEST(ndjson_writer, a_line_is_one_write) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
  const auto writer = make_writer(report_format::ndjson, ends[0], {});
  EXPECT_FALSE(writer->begin(sample_header()));
  EXPECT_FALSE(writer->add(random_records(20)));
  EXPECT_FALSE(writer->end({}));
  ::close(ends[0]);
  int writes = 0;
  char buffer[65536];
  for (ssize_t size; (size = ::read(ends[1], buffer, sizeof buffer)) > 0; ++writes) {
    const std::string_view packet(buffer, static_cast<std::size_t>(size));
    EXPECT_EQ(packet.find('\n'), packet.size() - 1);
  }
  ::close(ends[1]);
  EXPECT_EQ(writes, 22);
}

TEST(ndjson_writer, reports_what_write_reports) {
  const int full = ::open("/dev/full", O_WRONLY);
  EXPECT_EQ(make_writer(report_format::ndjson, full, {})->begin(sample_header()).value(), ENOSPC);
  EXPECT_EQ(make_writer(report_format::csv, full, {})->begin(sample_header()).value(), ENOSPC);
  const auto text = make_writer(report_format::text, full, {});
  EXPECT_FALSE(text->begin(sample_header()));
  EXPECT_EQ(text->end({}).value(), ENOSPC);
  ::close(full);
}

TEST(ndjson_writer, waits_where_a_pipe_does_not_block) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_NONBLOCK), 0);
  const std::vector<probe_record> records = random_records(2000);  // more than a pipe holds
  std::string read;
  std::thread reader([&] {
    char buffer[4096];
    for (;;) {
      const ssize_t size = ::read(ends[0], buffer, sizeof buffer);
      if (size == 0) return;
      if (size > 0) read.append(buffer, static_cast<std::size_t>(size));
    }
  });
  const auto writer = make_writer(report_format::ndjson, ends[1], {});
  EXPECT_FALSE(writer->begin(sample_header()));
  EXPECT_FALSE(writer->add(records));
  ::close(ends[1]);
  reader.join();
  ::close(ends[0]);
  EXPECT_EQ(parse_ndjson(read, "pipe")->scans[0].probes, records);
}

TEST(ndjson_reader, keeps_what_came_before_wherever_the_file_is_cut) {
  const std::vector<probe_record> records = random_records(3);
  const std::string text = written(report_format::ndjson, sample_header(), records, {});
  const std::size_t first_line = text.find('\n') + 1;
  for (std::size_t length = first_line; length <= text.size(); ++length) {
    const auto file = parse_ndjson(std::string_view(text).substr(0, length), "cut");
    ASSERT_TRUE(file.ok()) << length << ": " << message_of(file.status());
    const std::size_t lines = static_cast<std::size_t>(
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length), '\n'));
    const auto& probes = file->scans[0].probes;
    const bool whole_line = text[length - 1] == '\n';
    // A line that lacks only its end is whole too.
    const bool lacks_only_its_end = !whole_line && text[length] == '\n';
    ASSERT_EQ(probes.size(), std::min<std::size_t>(3, lines - 1 + (lacks_only_its_end ? 1 : 0)));
    EXPECT_TRUE(std::equal(probes.begin(), probes.end(), records.begin()));
    EXPECT_EQ(file->notices.size(), whole_line || lacks_only_its_end ? 0u : 1u) << length;
  }
}

TEST(ndjson_reader, takes_several_scans_and_what_newer_versions_add) {
  const std::string text =
      scan_line + "\n" + reject_line + "\n\n" + scan_line + "\n" + R"({"type":"hop","ttl":1})" +
      "\n" + reject_line.substr(0, reject_line.size() - 1) + R"(,"new":[{}]})" + "\r\n";
  const auto file = parse_ndjson(text, "test");
  ASSERT_TRUE(file.ok()) << message_of(file.status());
  ASSERT_EQ(file->scans.size(), 2u);
  EXPECT_EQ(file->scans[0].probes, file->scans[1].probes);
  EXPECT_FALSE(file->scans[0].summary.has_value());
}

struct broken {
  const char* member;
  const char* value;
  const char* says;
};

class a_broken_line : public ::testing::TestWithParam<broken> {};

TEST_P(a_broken_line, is_named_with_its_place_and_what_would_be_right) {
  boost::json::object record = boost::json::parse(reject_line).as_object();
  const broken& b = GetParam();
  if (b.value == nullptr) {
    record.erase(b.member);
  } else {
    record[b.member] = boost::json::parse(b.value);
  }
  const auto file =
      parse_ndjson(scan_line + "\n" + boost::json::serialize(record) + "\n", "pc.ndjson");
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(message_of(file.status()), std::string("pc.ndjson:2: ") + b.says);
}

INSTANTIATE_TEST_SUITE_P(
    of_a_probe, a_broken_line,
    ::testing::Values(
        broken{"port", "70000", "'port' is 70000, expected a number from 1 to 65535"},
        broken{"port", "0", "'port' is 0, expected a number from 1 to 65535"},
        broken{"port", "-1", "'port' is -1, expected a number from 1 to 65535"},
        broken{"port", "\"80\"", "'port' is \"80\", expected a number from 1 to 65535"},
        broken{"port", "80.5", "'port' is 8.05E1, expected a number from 1 to 65535"},
        broken{"port", nullptr, "'port' is missing, expected a number from 1 to 65535"},
        broken{"ip", "\"10.0.0.256\"", "'ip' is \"10.0.0.256\", expected an IP address"},
        broken{"ip", "\"\\u001b[31m\"", "'ip' is \"\\u001b[31m\", expected an IP address"},
        broken{"reason", "\"because\"",
               "'reason' is \"because\", expected a reason such as syn-ack or no-response"},
        broken{"state", "\"open\"",
               "'state' is \"open\", expected filtered, which is what admin-prohibited means"},
        broken{"icmp", "[]", "'icmp' is [], expected an object"},
        broken{"icmp", R"({"type":300,"code":1,"from":"::1"})",
               "'type' is 300, expected a number from 0 to 255"},
        broken{"attempts", "65536", "'attempts' is 65536, expected a number from 0 to 65535"},
        broken{"rtt_us", "null", "'rtt_us' is null, expected a number from 0 to 4294967295"},
        broken{"time", "\"yesterday\"",
               "'time' is \"yesterday\", expected a time in UTC such as 2026-01-05T10:00:00.123Z"},
        broken{"time", "\"2026-02-30T10:00:00Z\"",
               "'time' is \"2026-02-30T10:00:00Z\", expected a time in UTC such as "
               "2026-01-05T10:00:00.123Z"},
        broken{"vantage", "\"node\"", "'vantage' is \"node\", expected 'pc' as in the scan record"},
        broken{"type", "7", "'type' is 7, expected a text"}));

TEST(ndjson_reader, refuses_what_is_no_result_file) {
  const auto error = [](std::string_view text) {
    return std::string(message_of(parse_ndjson(text, "f").status()));
  };
  EXPECT_EQ(error(""), "f: holds no results");
  EXPECT_EQ(error("\n\n"), "f: holds no results");
  EXPECT_EQ(error("# Nmap 7.93 scan\n").substr(0, 28), "f:1: not a line of JSON: syn");
  EXPECT_EQ(error("[]\n"), "f:1: not a JSON object");
  EXPECT_EQ(error(reject_line + "\n"), "f:1: a probe record before any scan record");
  EXPECT_EQ(error(scan_line + "\n" + reject_line + reject_line + "\n").substr(0, 25),
            "f:2: not a line of JSON: ");
  EXPECT_NE(error(std::string(100'000, '[') + "\n").find("f:1: not a line of JSON"),
            std::string::npos);
}

TEST(ndjson_reader, reads_files_and_names_those_it_cannot) {
  const auto missing = read_results("/no/such/file");
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_NE(message_of(missing.status()).find("/no/such/file"), std::string_view::npos);
  EXPECT_FALSE(read_results("/tmp").ok());

  std::string path = "/tmp/netscan-results-XXXXXX";
  const int fd = ::mkstemp(path.data());
  const std::string text = scan_line + "\n" + reject_line + "\n";
  ASSERT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ::close(fd);
  const auto file = read_results(path);
  ::unlink(path.c_str());
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->scans[0].source, path);
  EXPECT_EQ(file->scans[0].probes.size(), 1u);
}

TEST(report_format, is_told_by_word_and_by_file_name) {
  for (const report_format format :
       {report_format::text, report_format::ndjson, report_format::csv}) {
    EXPECT_EQ(parse_report_format(to_string(format)), format);
  }
  EXPECT_FALSE(parse_report_format("yaml"));
  EXPECT_EQ(report_format_of("a/b.ndjson"), report_format::ndjson);
  EXPECT_EQ(report_format_of("b.csv"), report_format::csv);
  EXPECT_EQ(report_format_of("b.json"), report_format::json);
  EXPECT_EQ(report_format_of("b.xml"), report_format::xml);
  EXPECT_EQ(report_format_of("b.txt"), report_format::text);
  EXPECT_FALSE(report_format_of("ndjson"));
}

}  // namespace
}  // namespace netscan
