#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"
#include "replaced.hpp"
#include "sample_scans.hpp"

namespace netscan {
namespace {

using testing::lines_of;
using testing::replaced;
using testing::sample_scan;
using testing::written;

const std::string& sample_text() {
  static const std::string text = written(report_format::ndjson, sample_scan());
  return text;
}
std::string header_line() {
  return lines_of(sample_text()).at(0);
}
/// The record with an ICMP message, which has every member but errno.
std::string probe_line() {
  return lines_of(sample_text()).at(3);
}
std::string summary_line() {
  return lines_of(sample_text()).back();
}

/// The error of reading this text, or "" when it is read.
std::string error_of(std::string_view text) {
  const absl::StatusOr<results_file> file = parse_ndjson(text, "pc.ndjson");
  return file.ok() ? "" : std::string(message_of(file.status()));
}
/// The error of a probe record in line 2, where `what` is replaced.
std::string probe_error(std::string_view what, std::string_view replacement) {
  return error_of(header_line() + replaced(probe_line(), what, replacement));
}

// --- what is read ---

TEST(ndjson_reader, reads_what_the_writer_wrote) {
  const results_file file = parse_ndjson(sample_text(), "pc.ndjson").value();
  ASSERT_EQ(file.scans.size(), 1U);
  EXPECT_EQ(file.scans[0].source, "pc.ndjson");
  EXPECT_EQ(file.scans[0].header, sample_scan().header);
  EXPECT_EQ(file.scans[0].probes, sample_scan().probes);
  EXPECT_EQ(file.scans[0].summary, sample_scan().summary);
  EXPECT_TRUE(file.notices.empty());
}

TEST(ndjson_reader, takes_members_in_any_order_and_ignores_new_ones) {
  const std::string line =
      R"({"time":"2026-01-05T10:00:00.123Z","new":{"a":[1,2,{"b":null}]},"attempts":1,)"
      R"("reason":"syn-ack", "state":"open","port":443,"ip":"10.0.0.232","vantage":"pc",)"
      R"("hops":[],"type":"probe"})";
  const results_file file = parse_ndjson(header_line() + line + "\n", "x").value();
  ASSERT_EQ(file.scans[0].probes.size(), 1U);
  EXPECT_EQ(file.scans[0].probes[0].ip, testing::ip("10.0.0.232"));
}

TEST(ndjson_reader, ignores_records_of_a_type_it_does_not_know) {
  const std::string text = R"({"type":"preamble"})"
                           "\n" +
                           header_line() + R"({"type":"hop","ttl":3})" + "\n" + probe_line();
  EXPECT_EQ(parse_ndjson(text, "x").value().scans[0].probes.size(), 1U);
}

TEST(ndjson_reader, skips_blank_lines_and_takes_line_ends_of_windows) {
  const std::string text =
      "\n \t\r\n" + replaced(header_line(), "\n", "\r\n") + "\n\r\n" + probe_line();
  EXPECT_EQ(parse_ndjson(text, "x").value().scans[0].probes.size(), 1U);
}

TEST(ndjson_reader, takes_times_with_any_fraction_of_a_second) {
  using namespace std::chrono_literals;
  const auto read = [](std::string_view time) {
    const std::string line = replaced(probe_line(), "2026-01-05T10:00:00.123Z", time);
    return parse_ndjson(header_line() + line, "x").value().scans[0].probes.at(0).time;
  };
  const timestamp second = testing::sample_time() - 123ms;
  EXPECT_EQ(read("2026-01-05T10:00:00Z"), second);
  EXPECT_EQ(read("2026-01-05T10:00:00.5Z"), second + 500ms);
  EXPECT_EQ(read("2026-01-05T10:00:00.123999999Z"), second + 123ms);
  EXPECT_EQ(read("2026-01-05T10:00:00.0000000000000000000001Z"), second);
}

// A link-local address names an interface of the host that wrote the file.
TEST(ndjson_reader, leaves_out_a_zone_that_this_host_does_not_have) {
  const auto sender = [](std::string_view from) {
    const std::string line = replaced(probe_line(), "192.168.77.1", from);
    return parse_ndjson(header_line() + line, "x").value().scans[0].probes.at(0).icmp->from;
  };
  EXPECT_EQ(sender("fe80::1%nosuchif0"), testing::ip("fe80::1"));
  EXPECT_EQ(sender("fe80::1%lo"), testing::ip("fe80::1%lo"));
  EXPECT_NE(probe_error("192.168.77.1", "fe80::1%"), "");
  EXPECT_NE(probe_error("192.168.77.1", "192.168.77.1%nosuchif0"), "");
  EXPECT_NE(probe_error("192.168.77.1", "fe80::xyz%nosuchif0"), "");
}

TEST(ndjson_reader, takes_an_errno_by_name_or_number) {
  const std::string line = lines_of(sample_text()).at(4);
  const auto read = [&](std::string_view text) {
    const std::string record = replaced(line, "ENETUNREACH", text);
    return parse_ndjson(header_line() + record, "x").value().scans[0].probes.at(0).local_errno;
  };
  EXPECT_EQ(read("ENETUNREACH"), ENETUNREACH);
  EXPECT_EQ(read("EMFILE"), EMFILE);
  EXPECT_EQ(read("4095"), 4095);
  EXPECT_EQ(read("0"), 0);
}

// --- what is wrong, and where ---

TEST(ndjson_reader, names_file_line_member_value_and_what_is_expected) {
  EXPECT_EQ(error_of(sample_text() + replaced(probe_line(), ":443", ":70000")),
            "pc.ndjson:8: 'port' is 70000, expected a number from 1 to 65535");
}

TEST(ndjson_reader, counts_blank_lines_too) {
  EXPECT_EQ(error_of("\n\n" + header_line() + "\n{}\n"),
            "pc.ndjson:5: 'type' is missing, expected a text");
}

TEST(ndjson_reader, refuses_ports_that_are_none) {
  const std::string expected = ", expected a number from 1 to 65535";
  EXPECT_EQ(probe_error(":443", ":0"), "pc.ndjson:2: 'port' is 0" + expected);
  EXPECT_EQ(probe_error(":443", ":-1"), "pc.ndjson:2: 'port' is -1" + expected);
  EXPECT_EQ(probe_error(":443", ":65536"), "pc.ndjson:2: 'port' is 65536" + expected);
  EXPECT_EQ(probe_error(":443", ":\"443\""), "pc.ndjson:2: 'port' is \"443\"" + expected);
  EXPECT_EQ(probe_error(":443", ":443.0"), "pc.ndjson:2: 'port' is 4.43E2" + expected);
  EXPECT_EQ(probe_error(":443", ":null"), "pc.ndjson:2: 'port' is null" + expected);
  EXPECT_EQ(probe_error("\"port\":443,", ""), "pc.ndjson:2: 'port' is missing" + expected);
}

TEST(ndjson_reader, refuses_a_state_that_is_not_the_reasons) {
  EXPECT_EQ(probe_error("\"filtered\"", "\"open\""),
            "pc.ndjson:2: 'state' is \"open\", expected filtered, which is what admin-prohibited "
            "means");
  EXPECT_EQ(probe_error("\"filtered\"", "\"ajar\""),
            "pc.ndjson:2: 'state' is \"ajar\", expected filtered, which is what admin-prohibited "
            "means");
  EXPECT_EQ(probe_error(R"("state":"filtered",)", ""),
            "pc.ndjson:2: 'state' is missing, expected a text");
}

TEST(ndjson_reader, refuses_addresses_that_are_none) {
  EXPECT_EQ(probe_error("\"10.0.0.60\"", "\"10.0.0.256\""),
            "pc.ndjson:2: 'ip' is \"10.0.0.256\", expected an IP address");
  EXPECT_EQ(probe_error("\"10.0.0.60\"", "168427580"),
            "pc.ndjson:2: 'ip' is 168427580, expected a text");
  EXPECT_EQ(probe_error("192.168.77.1", "gateway"),
            "pc.ndjson:2: 'from' is \"gateway\", expected an IP address");
}

TEST(ndjson_reader, refuses_evidence_out_of_range) {
  EXPECT_EQ(probe_error("\"code\":13", "\"code\":256"),
            "pc.ndjson:2: 'code' is 256, expected a number from 0 to 255");
  EXPECT_EQ(probe_error("\"type\":3,", ""),
            "pc.ndjson:2: 'type' is missing, expected a number from 0 to 255");
  EXPECT_EQ(probe_error(R"({"type":3,"code":13,"from":"192.168.77.1"})", "[3,13]"),
            "pc.ndjson:2: 'icmp' is [3,13], expected an object");
  EXPECT_EQ(probe_error(":412", ":4294967296"),
            "pc.ndjson:2: 'rtt_us' is 4294967296, expected a number from 0 to 4294967295");
  EXPECT_EQ(probe_error("\"attempts\":1", "\"attempts\":65536"),
            "pc.ndjson:2: 'attempts' is 65536, expected a number from 0 to 65535");
}

TEST(ndjson_reader, refuses_an_errno_that_is_none) {
  const std::string line = lines_of(sample_text()).at(4);
  for (const std::string_view wrong : {"EWHATEVER", "-1", "4096", "", "12x", " 12"}) {
    EXPECT_EQ(error_of(header_line() + replaced(line, "ENETUNREACH", wrong)),
              "pc.ndjson:2: 'errno' is \"" + std::string(wrong) +
                  "\", expected the name of an error such as ENETUNREACH");
  }
  EXPECT_EQ(error_of(header_line() + replaced(line, R"("errno":"ENETUNREACH",)", "")),
            "pc.ndjson:2: 'errno' is missing, expected a text");
}

TEST(ndjson_reader, refuses_times_that_are_none) {
  for (const std::string_view wrong :
       {"2026-01-05T10:00:00.123", "2026-01-05T10:00:00+01:00", "2026-02-29T10:00:00Z",
        "2026-13-05T10:00:00Z", "2026-01-05T24:00:00Z", "2026-01-05 10:00:00Z",
        "2026-01-05T10:00:00.Z", "2026-01-05T10:00:00.12xZ", "2026-01-05T10:00Z", "yesterday",
        "+026-01-05T10:00:00Z", ""}) {
    EXPECT_EQ(probe_error("2026-01-05T10:00:00.123Z", wrong),
              "pc.ndjson:2: 'time' is \"" + std::string(wrong) +
                  "\", expected a time in UTC such as 2026-01-05T10:00:00.123Z");
  }
}

TEST(ndjson_reader, refuses_a_probe_of_another_vantage) {
  EXPECT_EQ(probe_error(R"("vantage":"pc")", R"("vantage":"node")"),
            "pc.ndjson:2: 'vantage' is \"node\", expected 'pc' as in the scan record");
}

TEST(ndjson_reader, refuses_a_header_that_is_not_whole) {
  const auto error = [](std::string_view what, std::string_view replacement) {
    return error_of(replaced(header_line(), what, replacement));
  };
  EXPECT_EQ(error("\"seed\":7,", ""),
            "pc.ndjson:1: 'seed' is missing, expected a whole number, 0 or more");
  EXPECT_EQ(error("\"index\":1", "\"index\":0"),
            "pc.ndjson:1: 'index' is 0, expected a whole number, 1 or more");
  EXPECT_EQ(error("\"prefix\":24", "\"prefix\":129"),
            "pc.ndjson:1: 'prefix' is 129, expected a number from 0 to 128");
  EXPECT_EQ(error("[\"192.168.77.1\"]", "[\"router\"]"),
            "pc.ndjson:1: 'gateways' is [\"router\"], expected a list of IP addresses");
  EXPECT_EQ(error("[\"10.0.0.0/24\"]", "[1]"),
            "pc.ndjson:1: 'targets' is [1], expected a list of texts");
  EXPECT_EQ(error("\"exclude\":[]", "\"exclude\":\"\""),
            "pc.ndjson:1: 'exclude' is \"\", expected a list");
  EXPECT_EQ(error("\"shard\":{\"index\":1,\"count\":1}", "\"shard\":\"1/1\""),
            "pc.ndjson:1: 'shard' is \"1/1\", expected an object");
  EXPECT_EQ(error(R"([{"address":"192.168.77.10","prefix":24,"interface":"eth0"}])", "[7]"),
            "pc.ndjson:1: 'sources' is [7], expected a list of objects");
}

TEST(ndjson_reader, refuses_a_summary_out_of_range) {
  const auto error = [](std::string_view what, std::string_view replacement) {
    return error_of(header_line() + replaced(summary_line(), what, replacement));
  };
  const std::string loss = "pc.ndjson:2: 'loss_estimate' is ";
  EXPECT_EQ(error(":0.0", ":1.5"), loss + "1.5E0, expected a number from 0 to 1");
  EXPECT_EQ(error(":0.0", ":-1"), loss + "-1, expected a number from 0 to 1");
  EXPECT_EQ(error(":0.0", ":\"none\""), loss + "\"none\", expected a number from 0 to 1");
  EXPECT_EQ(error("true", "1"), "pc.ndjson:2: 'complete' is 1, expected true or false");
  EXPECT_EQ(error("\"open\":1", "\"open\":-1"),
            "pc.ndjson:2: 'open' is -1, expected a whole number, 0 or more");
  EXPECT_EQ(error("\"open\":1", "\"open\":18446744073709551616").substr(0, 22),
            "pc.ndjson:2: 'open' is");
}

TEST(ndjson_reader, refuses_records_before_the_scan_they_belong_to) {
  EXPECT_EQ(error_of(probe_line() + header_line()),
            "pc.ndjson:1: a probe record before any scan record");
  EXPECT_EQ(error_of(summary_line()), "pc.ndjson:1: a summary record before any scan record");
}

constexpr std::string_view nothing_but_a_cut_line =
    "pc.ndjson: holds no results; pc.ndjson:1: the last line is cut off and left out; its writer "
    "was stopped in the middle";

TEST(ndjson_reader, refuses_a_text_without_a_scan) {
  for (const std::string_view text : {"", "\n\n", "{\"type\":\"note\"}\n"}) {
    EXPECT_EQ(error_of(text), "pc.ndjson: holds no results");
  }
  EXPECT_EQ(error_of("{\"type\":\"scan\",\"ver"), nothing_but_a_cut_line);
  // The beginning of no record.
  EXPECT_TRUE(error_of("hello").starts_with("pc.ndjson:1: not a line of JSON: "))
      << error_of("hello");
}

TEST(ndjson_reader, refuses_lines_that_are_not_json) {
  EXPECT_EQ(error_of(header_line() + "Starting Nmap 7.93\n"),
            "pc.ndjson:2: not a line of JSON: syntax error at character 1");
  EXPECT_EQ(error_of(header_line() + "[1]\n"), "pc.ndjson:2: not a JSON object");
  EXPECT_EQ(error_of(header_line() + "{\"type\":\"hop\"} x\n"),
            "pc.ndjson:2: not a line of JSON: extra data at character 16");
  EXPECT_EQ(error_of(header_line() + probe_line().substr(0, 40) + "\n" + probe_line()),
            "pc.ndjson:2: not a line of JSON: incomplete JSON at character 41")
      << "a cut line is only forgiven at the end";
  EXPECT_NE(error_of(header_line() + "{\"type\":\"caf\xe9\"}\n"), "") << "not UTF-8";
  EXPECT_NE(error_of(header_line() + std::string(1, '\0') + "\n"), "");
}

TEST(ndjson_reader, keeps_messages_to_one_harmless_line) {
  const std::string hostile =
      replaced(header_line(), R"("vantage":"pc")", R"("vantage":"\u001b[2J\n\u0085")");
  const std::string message = error_of(
      hostile + replaced(probe_line(), R"("vantage":"pc")", R"("vantage":"\u009b31m\r\n")"));
  EXPECT_EQ(message, R"(pc.ndjson:2: 'vantage' is "\xc2\x9b31m\r\n", )"
                     R"(expected '\x1b[2J\x0a\xc2\x85' as in the scan record)");
  const std::string long_text(5000, 'x');
  EXPECT_LT(probe_error("admin-prohibited", long_text).size(), 200U);
}

// --- a scan that was killed ---

TEST(ndjson_reader, reads_whole_records_of_a_file_that_was_cut_anywhere) {
  const std::string& text = sample_text();
  const scan_results whole = sample_scan();
  const std::size_t header_size = header_line().size();
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const std::string_view cut = std::string_view(text).substr(0, size);
    const absl::StatusOr<results_file> file = parse_ndjson(cut, "pc.ndjson");
    if (size < header_size - 1) {
      ASSERT_EQ(error_of(cut), size == 0 ? "pc.ndjson: holds no results" : nothing_but_a_cut_line)
          << size;
      continue;
    }
    ASSERT_TRUE(file.ok()) << size << ": " << file.status();

    // Whole are the lines before the cut, and one of which only the line end is missing.
    std::size_t whole_lines = 0;
    std::size_t at = 0;
    bool cut_inside = false;
    for (const std::string& line : lines_of(text)) {
      if (at + line.size() - 1 <= size) ++whole_lines;
      cut_inside |= size > at && size < at + line.size() - 1;
      at += line.size();
    }
    const std::size_t probes = std::min(whole_lines - 1, whole.probes.size());
    ASSERT_EQ(file->scans.size(), 1U);
    ASSERT_EQ(file->scans[0].header, whole.header);
    ASSERT_EQ(file->scans[0].probes,
              std::vector(whole.probes.begin(),
                          whole.probes.begin() + static_cast<std::ptrdiff_t>(probes)));
    ASSERT_EQ(file->scans[0].summary.has_value(), whole_lines == 7);
    ASSERT_EQ(file->notices.size(), cut_inside ? 1U : 0U) << size;
  }
}

TEST(ndjson_reader, says_which_line_was_cut_off) {
  const std::string text = sample_text();
  EXPECT_EQ(parse_ndjson(text.substr(0, text.size() - 10), "pc.ndjson").value().notices,
            std::vector<std::string>{"pc.ndjson:7: the last line is cut off and left out; its "
                                     "writer was stopped in the middle"});
}

// A cut never makes JSON of it, so this is a mistake and not a kill.
TEST(ndjson_reader, refuses_a_last_line_that_is_whole_but_wrong) {
  std::string line = replaced(probe_line(), ":443", ":70000");
  line.pop_back();
  EXPECT_EQ(error_of(header_line() + line),
            "pc.ndjson:2: 'port' is 70000, expected a number from 1 to 65535");
}

// --- hostile input ---

TEST(ndjson_reader, refuses_lines_that_are_too_long) {
  const std::string padding(2U << 20, ' ');
  EXPECT_EQ(error_of(header_line() + padding + probe_line()),
            "pc.ndjson:2: longer than any record");
  EXPECT_EQ(error_of(header_line() + std::string(65U << 20, 'x')),
            "pc.ndjson:2: longer than any record");
}

TEST(ndjson_reader, reads_a_header_of_a_hundred_thousand_targets) {
  scan_results scan = sample_scan();
  scan.header.targets.clear();
  for (int i = 0; i < 100'000; ++i) {
    scan.header.targets.push_back("host-" + std::to_string(i) + ".rack.example.com");
  }
  const results_file file = parse_ndjson(written(report_format::ndjson, scan), "x").value();
  EXPECT_EQ(file.scans.at(0).header, scan.header);
}

TEST(ndjson_reader, refuses_nesting_without_end) {
  EXPECT_EQ(error_of(header_line() + R"({"type":"x","a":)" + std::string(500'000, '[') + "\n"),
            "pc.ndjson:2: not a line of JSON: too deep at character 24");
}

TEST(ndjson_reader, refuses_what_would_fill_the_memory) {
  std::string line = R"({"type":"scan","x":[0)";
  for (int i = 0; i < 8'000'000; ++i) line += ",0";
  EXPECT_EQ(error_of(line + "]}\n"), "pc.ndjson:1: takes too much memory");
}

TEST(ndjson_reader, survives_any_damage) {
  std::mt19937_64 random(1);
  const std::string pieces = "{}[]\",:\\\n0e-+.u\x00\xff\xc3";
  for (int round = 0; round < 20'000; ++round) {
    std::string text = sample_text();
    for (std::uint64_t i = 1 + random() % 4; i > 0; --i) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = pieces[random() % pieces.size()];
          break;
        case 1:
          text.erase(at, random() % 20);
          break;
        case 2:
          text.insert(at, text.substr(random() % text.size(), random() % 50));
          break;
        default:
          text[at] = static_cast<char>(random());
      }
    }
    const absl::StatusOr<results_file> file = parse_ndjson(text, "pc.ndjson");
    if (file.ok()) continue;
    const std::string_view message = message_of(file.status());
    ASSERT_TRUE(message.starts_with("pc.ndjson")) << message;
    for (const char c : message) ASSERT_GE(static_cast<unsigned char>(c), 0x20U) << message;
  }
}

// --- files ---

/// A path under which a file with this text can be opened, for as long as the object lives.
class readable_text {
 public:
  explicit readable_text(std::string_view text) : fd_(::memfd_create("results", MFD_CLOEXEC)) {
    EXPECT_EQ(::write(fd_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  readable_text(const readable_text&) = delete;
  readable_text& operator=(const readable_text&) = delete;
  ~readable_text() { ::close(fd_); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

TEST(read_results, reads_files_of_any_size_alike) {
  for (const std::size_t records : {0U, 1U, 1000U, 1500U, 20'000U}) {
    scan_results scan = testing::random_scan(records, records);
    if (records == 1000) scan.header.targets.assign(100'000, "10.0.0.0/24");  // longer than a piece
    const std::string text = written(report_format::ndjson, scan);
    const results_file file = read_results(readable_text(text).path()).value();
    ASSERT_EQ(file.scans.size(), 1U);
    ASSERT_EQ(file.scans[0].header, scan.header);
    ASSERT_TRUE(file.scans[0].probes == scan.probes);
    ASSERT_TRUE(file.scans[0].summary.has_value());
  }
}

TEST(read_results, names_the_line_in_a_large_file) {
  scan_results scan = sample_scan();
  scan.probes.resize(10'000, scan.probes[0]);
  const std::string text = written(report_format::ndjson, scan) + "{}\n";
  const readable_text file(text);
  EXPECT_EQ(message_of(read_results(file.path()).status()),
            file.path() + ":10003: 'type' is missing, expected a text");
  EXPECT_EQ(
      read_results(readable_text(text.substr(0, text.size() - 5)).path()).value().notices.size(),
      1U);
}

TEST(read_results, reads_a_pipe_whose_writer_takes_its_time) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  std::jthread writer([fd = ends[1]] {
    for (const char c : sample_text()) EXPECT_EQ(::write(fd, &c, 1), 1);
    ::close(fd);
  });
  const results_file file = read_results("/proc/self/fd/" + std::to_string(ends[0])).value();
  ::close(ends[0]);
  EXPECT_EQ(file.scans.at(0).probes, sample_scan().probes);
}

TEST(read_results, takes_a_dash_for_standard_input) {
  const int keep = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  const auto read_from_stdin = [](std::string_view text) {
    const int fd = ::open(readable_text(text).path().c_str(), O_RDONLY | O_CLOEXEC);
    ::dup2(fd, STDIN_FILENO);
    ::close(fd);
    return read_results("-");
  };
  EXPECT_EQ(read_from_stdin(sample_text()).value().scans.at(0).source, "standard input");
  EXPECT_EQ(message_of(read_from_stdin("x\n").status()),
            "standard input:1: not a line of JSON: syntax error at character 1");
  EXPECT_EQ(::fcntl(STDIN_FILENO, F_GETFD), 0) << "it stays open";
  if (keep >= 0) ::dup2(keep, STDIN_FILENO);
  if (keep < 0) ::close(STDIN_FILENO);
  ::close(keep);
}

TEST(read_results, says_what_cannot_be_read) {
  const absl::Status missing = read_results("/nonexistent/pc.ndjson").status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(message_of(missing), "cannot read '/nonexistent/pc.ndjson': No such file or directory");
  EXPECT_EQ(message_of(read_results("/tmp").status()), "cannot read '/tmp': Is a directory");
  const readable_text empty("");
  EXPECT_TRUE(message_of(read_results(empty.path()).status())
                  .starts_with(empty.path() + ": holds no results: it is empty"));
}

}  // namespace
}  // namespace netscan
