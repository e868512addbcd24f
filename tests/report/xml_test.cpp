// nmap's XML as netscan writes and reads it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"
#include "sample_scans.hpp"

namespace netscan {
namespace {

using testing::random_scan;
using testing::sample_scan;
using testing::written;

std::string xml_of(const scan_results& scan) {
  return written(report_format::xml, scan);
}

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

std::string xml_error(std::string_view text) {
  const absl::StatusOr<results_file> file = parse_results(text, "pc.xml");
  return file.ok() ? "" : std::string(message_of(file.status()));
}

std::vector<probe_record> sorted(std::vector<probe_record> probes) {
  std::sort(probes.begin(), probes.end(), [](const probe_record& a, const probe_record& b) {
    return a.ip != b.ip ? a.ip < b.ip : a.port < b.port;
  });
  return probes;
}

/// `count` silent ports of one host, and one that is open.
scan_results host_with_silent_ports(std::uint16_t count) {
  scan_results scan = sample_scan();
  scan.probes.resize(1);
  for (std::uint16_t i = 1; i < count; ++i) {
    scan.probes.push_back(scan.probes[0]);
    scan.probes.back().port = static_cast<std::uint16_t>(1000 + i);
  }
  scan.probes.push_back(scan.probes[0]);
  scan.probes.back().port = 443;
  scan.probes.back().reason = probe_reason::syn_ack;
  scan.summary = testing::summary_of(scan.probes);
  return scan;
}

// --- what is written ---

TEST(xml_writer, writes_a_host_an_address_with_nmaps_words) {
  const std::string text = xml_of(sample_scan());
  EXPECT_TRUE(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE nmaprun>\n"));
  EXPECT_TRUE(holds(text, R"(<nmaprun scanner="nmap" args="netscan sweep 10.0.0.0/24 -p 80,443" )"
                          R"(start="1767607200" startstr="Mon Jan  5 10:00:00 2026" )"
                          R"(version="netscan 0.1.0" xmloutputversion="1.05">)"));
  EXPECT_TRUE(holds(text, R"(<scaninfo type="connect" protocol="tcp" numservices="2" )"
                          R"(services="80,443"/>)"));
  EXPECT_TRUE(holds(text, R"(<address addr="10.0.0.60" addrtype="ipv4"/>)"));
  EXPECT_TRUE(holds(text,
                    R"(<port protocol="tcp" portid="443"><state state="filtered" )"
                    R"(reason="admin-prohibited" reason_ttl="0" reason_ip="192.168.77.1"/>)"));
  EXPECT_TRUE(holds(text, R"(<state state="closed" reason="conn-refused" reason_ttl="0"/>)"));
  EXPECT_TRUE(holds(text, R"(<state state="unknown" reason="local-error" reason_ttl="0"/>)"));
  EXPECT_TRUE(holds(text, R"(<address addr="fd00:10::232" addrtype="ipv6"/>)"));
  EXPECT_TRUE(holds(text, R"(exit="success"/><hosts up="5" down="0" total="5"/>)"));
  EXPECT_TRUE(text.ends_with("</nmaprun>\n"));
}

TEST(xml_writer, only_counts_more_ports_of_a_state_than_nmap_lists) {
  EXPECT_FALSE(holds(xml_of(host_with_silent_ports(25)), "<extraports"));
  const std::string text = xml_of(host_with_silent_ports(26));
  EXPECT_TRUE(holds(text, R"(<extraports state="filtered" count="26">)"));
  EXPECT_TRUE(holds(text, R"(<extrareasons reason="no-response" count="26" proto="tcp" )"
                          R"(ports="80,1001-1025"/>)"));
  EXPECT_LT(text.find("</extraports>"), text.find("<port "));
  EXPECT_FALSE(holds(text, R"(<port protocol="tcp" portid="80">)"));
  EXPECT_TRUE(holds(text, R"(<port protocol="tcp" portid="443"><state state="open")"));
}

TEST(xml_writer, says_that_a_scan_is_not_complete) {
  scan_results scan = sample_scan();
  scan.summary->complete = false;
  scan.summary->planned = 8;
  scan.summary->not_started = 3;
  EXPECT_TRUE(holds(xml_of(scan), R"(exit="error" errormsg="not complete: 3 of 8 probes have no )"
                                  R"(result"/>)"));
}

TEST(xml_writer, escapes_what_comes_from_options) {
  scan_results scan = sample_scan();
  scan.header.targets = {"a\"b<c>&'d\x01\xff\xef\xbf\xbf"};
  const std::string text = xml_of(scan);
  EXPECT_TRUE(holds(text,
                    "args=\"netscan sweep a&quot;b&lt;c&gt;&amp;'d\xef\xbf\xbd\xef\xbf\xbd"
                    "\xef\xbf\xbd -p 80,443\""));
  EXPECT_EQ(xml_error(text), "");
}

// --- what is read back ---

class xml_round_trip : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(xml_round_trip, keeps_every_member) {
  scan_results scan = random_scan(GetParam(), 200);
  scan.header.targets.push_back("<?netscan?> ?> \xef\xbf\xbe \xef\xbf\xbf ]]> &lt; -->");
  const absl::StatusOr<results_file> file = parse_results(xml_of(scan), "x");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->scans.size(), 1U);
  EXPECT_EQ(file->scans[0].header, scan.header);
  EXPECT_EQ(file->scans[0].probes, sorted(scan.probes));
  EXPECT_EQ(file->scans[0].summary, scan.summary);
  EXPECT_TRUE(file->notices.empty());
}

TEST_P(xml_round_trip, keeps_every_byte) {
  const std::string text = xml_of(random_scan(GetParam(), 200));
  EXPECT_EQ(xml_of(parse_results(text, "x").value().scans.at(0)), text);
}

INSTANTIATE_TEST_SUITE_P(seeds, xml_round_trip, ::testing::Range<std::uint64_t>(0, 20));

TEST(xml_round_trip, of_ports_that_are_only_counted) {
  const scan_results scan = host_with_silent_ports(300);
  const results_file file = parse_results(xml_of(scan), "x").value();
  EXPECT_TRUE(sorted(file.scans.at(0).probes) == sorted(scan.probes));
}

TEST(xml_reader, reads_a_file_that_is_cut_off_up_to_there) {
  const std::string text = xml_of(sample_scan());
  const std::size_t in_host = text.find("10.0.0.60");
  const results_file file = parse_results(text.substr(0, in_host), "pc.xml").value();
  EXPECT_EQ(file.scans.at(0).probes.size(), 2U);
  EXPECT_FALSE(file.scans[0].summary);
  ASSERT_EQ(file.notices.size(), 1U);
  EXPECT_TRUE(holds(file.notices[0], "the file is cut off here")) << file.notices[0];
}

TEST(xml_reader, says_what_is_wrong_with_a_record_and_where) {
  std::string text = xml_of(sample_scan());
  text.replace(text.find("\"port\":443"), 10, "\"port\":0");
  EXPECT_TRUE(holds(xml_error(text), "pc.xml:28: 'port' is 0, expected a number from 1 to 65535"))
      << xml_error(text);
}

// --- hostile input ---

TEST(xml_reader, declares_no_entities) {
  const std::string bomb =
      "<?xml version=\"1.0\"?>\n<!DOCTYPE nmaprun [\n<!ENTITY a \"aaaaaaaaaa\">\n"
      "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">\n]>\n<nmaprun scanner=\"&b;\"/>";
  EXPECT_TRUE(xml_error(bomb).starts_with("pc.xml:2: declares entities")) << xml_error(bomb);
  EXPECT_NE(xml_error("<nmaprun scanner=\"&nosuch;\"/>"), "");
}

TEST(xml_reader, nests_only_so_deep) {
  std::string text = R"(<nmaprun scanner="nmap" start="1">)";
  for (int i = 0; i < 100; ++i) text += "<table>";
  EXPECT_EQ(xml_error(text), "pc.xml:1: nested too deep");
}

TEST(xml_reader, refuses_a_tag_without_end) {
  const std::string text =
      R"(<nmaprun scanner="nmap" start="1"><host comment=")" + std::string(20U << 20, 'x');
  EXPECT_EQ(xml_error(text), "pc.xml:1: a tag longer than any that has results");
}

TEST(xml_reader, refuses_what_is_no_xml_or_not_nmaps) {
  EXPECT_EQ(xml_error("<html><body/></html>"),
            "pc.xml:1: is XML, but not nmap's or masscan's: it begins with <html>, expected "
            "<nmaprun>");
  EXPECT_EQ(xml_error("<nmaprun scanner=\"nmap\" start=\"1\">\n</nmap>"),
            "pc.xml:2: not well-formed XML: mismatched tag");
  EXPECT_TRUE(holds(xml_error("<nmaprun scanner=\"caf\xe9\"/>"), "not well-formed"));
  EXPECT_EQ(
      xml_error("<!-- nothing -->"),
      "pc.xml: holds no results; pc.xml:1: the file is cut off here, and what was not finished is "
      "left out");
}

TEST(xml_reader, survives_any_damage) {
  std::mt19937_64 random(1);
  const std::string whole = xml_of(random_scan(3, 5));
  const std::string pieces = "<>&?!\"'/=[]{}\n0e-+.u\xff\xc3";
  for (int round = 0; round < 5'000; ++round) {
    std::string text = whole;
    for (std::uint64_t i = 1 + random() % 4; i > 0; --i) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = pieces[random() % pieces.size()];
          break;
        case 1:
          text.erase(at, random() % 20);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 50));
      }
    }
    const std::string message = xml_error(text);
    ASSERT_TRUE(message.empty() || message.starts_with("pc.xml")) << message;
    for (const char c : message) ASSERT_GE(static_cast<unsigned char>(c), 0x20U) << message;
  }
}

}  // namespace
}  // namespace netscan
