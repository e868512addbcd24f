#include <gtest/gtest.h>

#include <cmath>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "sample_scans.hpp"

namespace netscan {
namespace {

namespace json = boost::json;
using testing::lines_of;
using testing::sample_scan;
using testing::written;

std::vector<std::string> lines(const scan_results& scan) {
  return lines_of(written(report_format::ndjson, scan));
}

/// The vantage name as some other program reads it from a scan record.
std::string vantage_read_back(std::string_view vantage) {
  scan_results scan = sample_scan();
  scan.header.vantage = vantage;
  const json::value record = json::parse(lines(scan).at(0));
  return std::string(record.at("vantage").as_string().c_str(),
                     record.at("vantage").as_string().size());
}

// --- to the letter ---

TEST(ndjson_writer, begins_with_how_the_scan_was_made) {
  EXPECT_EQ(
      lines(sample_scan()).at(0),
      R"({"type":"scan","version":"0.1.0","vantage":"pc","start":"2026-01-05T10:00:00.123Z",)"
      R"("sources":[{"address":"192.168.77.10","prefix":24,"interface":"eth0"}],)"
      R"("gateways":["192.168.77.1"],"targets":["10.0.0.0/24"],"exclude":[],"ports":"80,443",)"
      R"("addresses":256,"planned":512,"seed":7,"order":"permuted","shard":{"index":1,"count":1},)"
      R"("plan_hash":"00f1e2d3c4b5a697","options":{"timing":"default","timeout_ms":1100,)"
      R"("retries":1,"rate":0,"concurrency":4096,"threads":1,"per_address":0,"per_network":0}})"
      "\n");
}

TEST(ndjson_writer, writes_icmp_and_rtt_only_where_there_is_some) {
  const std::vector<std::string> all = lines(sample_scan());
  EXPECT_EQ(all.at(1),
            R"({"type":"probe","vantage":"pc","ip":"10.0.0.1","port":80,"state":"filtered",)"
            R"("reason":"no-response","attempts":2,"time":"2026-01-05T10:00:00.123Z"})"
            "\n");
  EXPECT_EQ(all.at(2),
            R"({"type":"probe","vantage":"pc","ip":"10.0.0.50","port":80,"state":"closed",)"
            R"("reason":"conn-refused","rtt_us":380,"attempts":1,)"
            R"("time":"2026-01-05T10:00:00.123Z"})"
            "\n");
  EXPECT_EQ(all.at(3),
            R"({"type":"probe","vantage":"pc","ip":"10.0.0.60","port":443,"state":"filtered",)"
            R"("reason":"admin-prohibited","icmp":{"type":3,"code":13,"from":"192.168.77.1"},)"
            R"("rtt_us":412,"attempts":1,"time":"2026-01-05T10:00:00.123Z"})"
            "\n");
  EXPECT_EQ(all.at(5),
            R"({"type":"probe","vantage":"pc","ip":"fd00:10::232","port":443,"state":"open",)"
            R"("reason":"syn-ack","rtt_us":517,"attempts":1,"time":"2026-01-05T10:00:02.000Z"})"
            "\n");
}

TEST(ndjson_writer, names_the_errno_of_a_local_error) {
  EXPECT_EQ(lines(sample_scan()).at(4),
            R"({"type":"probe","vantage":"pc","ip":"10.0.0.61","port":443,"state":"error",)"
            R"("reason":"local-error","errno":"ENETUNREACH","attempts":0,)"
            R"("time":"2026-01-05T10:00:00.123Z"})"
            "\n");
}

TEST(ndjson_writer, gives_an_errno_without_a_name_as_its_number) {
  scan_results scan = sample_scan();
  scan.probes.at(3).local_errno = 4095;
  EXPECT_NE(lines(scan).at(4).find(R"("errno":"4095")"), std::string::npos);
}

TEST(ndjson_writer, ends_with_the_sums) {
  EXPECT_EQ(lines(sample_scan()).back(),
            R"({"type":"summary","planned":5,"open":1,"closed":1,"filtered":2,"error":1,)"
            R"("skipped":0,"not_started":0,"syns":6,"duration_ms":1104,"loss_estimate":0.0,)"
            R"("complete":true})"
            "\n");
}

// --- JSON that every reader takes ---

TEST(ndjson_writer, escapes_what_json_does_not_allow_in_a_string) {
  using namespace std::string_literals;
  const std::string awkward = "a\"b\\c\n\t\x01\x1f\x7f</script>\xe2\x80\xa8\xf0\x9f\x94\xa5\0z"s;
  EXPECT_EQ(vantage_read_back(awkward), awkward);
  EXPECT_EQ(lines(sample_scan()).size(), 7U);
}

TEST(ndjson_writer, replaces_what_is_not_utf8) {
  EXPECT_EQ(vantage_read_back("caf\xe9"), "caf\xef\xbf\xbd") << "Latin-1";
  EXPECT_EQ(vantage_read_back("\xc3"), "\xef\xbf\xbd") << "cut off";
  EXPECT_EQ(vantage_read_back("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd") << "overlong";
  EXPECT_EQ(vantage_read_back("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd")
      << "surrogate";
  EXPECT_EQ(vantage_read_back("\xf4\x90\x80\x80").substr(0, 3), "\xef\xbf\xbd") << "past U+10FFFF";
  EXPECT_EQ(vantage_read_back("\xf4\x8f\xbf\xbf"), "\xf4\x8f\xbf\xbf") << "U+10FFFF itself";
}

TEST(ndjson_writer, writes_only_lines_that_a_strict_parser_takes) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    for (const std::string& line : lines(testing::random_scan(seed, 50))) {
      boost::system::error_code error;
      const json::value record = json::parse(line, error);
      ASSERT_FALSE(error) << line;
      ASSERT_TRUE(record.is_object() && record.at("type").is_string()) << line;
      ASSERT_EQ(line.find('\n'), line.size() - 1);
    }
  }
}

TEST(ndjson_writer, says_the_state_that_the_reason_means) {
  for (const std::string& line : lines(testing::random_scan(1, 2000))) {
    const json::value record = json::parse(line);
    if (record.at("type") != "probe") continue;
    const auto word = [&](const char* name) {
      const json::string& text = record.at(name).as_string();
      return std::string_view(text.data(), text.size());
    };
    ASSERT_EQ(word("state"), to_string(state_of(parse_probe_reason(word("reason")).value())));
  }
}

TEST(ndjson_writer, knows_that_json_has_no_nan) {
  for (const double loss : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    scan_results scan = sample_scan();
    scan.summary->loss_estimate = loss;
    EXPECT_NE(lines(scan).back().find(R"("loss_estimate":0.0,)"), std::string::npos);
  }
}

TEST(ndjson_writer, always_writes_the_loss_as_a_fraction) {
  const auto loss_text = [](double loss) {
    scan_results scan = sample_scan();
    scan.summary->loss_estimate = loss;
    const std::string line = lines(scan).back();
    const std::size_t begin = line.find("\"loss_estimate\":") + 16;
    return line.substr(begin, line.find(',', begin) - begin);
  };
  EXPECT_EQ(loss_text(0), "0.0");
  EXPECT_EQ(loss_text(1), "1.0");
  EXPECT_EQ(loss_text(0.025), "0.025");
  EXPECT_TRUE(json::parse(loss_text(1e-9)).is_double());
}

// --- times ---

TEST(ndjson_writer, writes_times_of_any_day) {
  using namespace std::chrono;
  const auto time_text = [](sys_time<milliseconds> time) {
    scan_results scan = sample_scan();
    scan.probes.resize(1);
    scan.probes[0].time = time;
    const std::string line = lines(scan).at(1);
    return line.substr(line.find("\"time\":") + 8, 24);
  };
  EXPECT_EQ(time_text({}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(time_text(sys_days(2024y / 2 / 29) + 23h + 59min + 59s + 999ms),
            "2024-02-29T23:59:59.999Z");
  EXPECT_EQ(time_text(sys_days(1969y / 12 / 31) + 23h + 59min + 59s + 1ms),
            "1969-12-31T23:59:59.001Z");
}

TEST(ndjson_writer, does_not_mix_up_times_of_different_seconds) {
  using namespace std::chrono_literals;
  scan_results scan = sample_scan();
  scan.probes.assign(4, scan.probes[0]);
  scan.probes[1].time += 900ms;
  scan.probes[3].time += 1s;
  std::vector<std::string> seconds;
  for (const std::string& line : lines(scan)) {
    const std::size_t at = line.find("\"time\":");
    if (at != line.npos) seconds.push_back(line.substr(at + 25, 6));
  }
  EXPECT_EQ(seconds, (std::vector<std::string>{"00.123", "01.023", "00.123", "01.123"}));
}

}  // namespace
}  // namespace netscan
