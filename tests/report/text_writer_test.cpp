#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sample_scans.hpp"

namespace netscan {
namespace {

using testing::ip;
using testing::lab_scan;
using testing::lines_of;
using testing::sample_scan;
using testing::summary_of;
using testing::written;

std::string text_of(const scan_results& scan, const writer_options& options = {}) {
  return written(report_format::text, scan, options);
}

bool has(const std::string& text, std::string_view what) {
  return text.find(what) != text.npos;
}

/// A scan of these probes and no others, of a target too large for a map.
scan_results scan_of(std::vector<probe_record> probes) {
  scan_results scan = sample_scan();
  scan.header.targets = {"10.0.0.0/16"};
  scan.probes = std::move(probes);
  scan.summary = summary_of(scan.probes);
  return scan;
}

probe_record probe(std::string_view address, std::uint16_t port, probe_reason reason) {
  probe_record record;
  record.ip = ip(address);
  record.port = port;
  record.reason = reason;
  return record;
}

// --- the table ---

TEST(text_writer, lists_every_answer_with_its_sender_when_asked) {
  const std::string text = text_of(lab_scan(), {.show = show::responded});
  const std::vector<std::string> lines = lines_of(text);
  const auto first = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with("ADDRESS");
  });
  ASSERT_NE(first, lines.end());
  EXPECT_EQ(first[0], "ADDRESS     PORT  STATE     REASON            FROM              RTT\n");
  EXPECT_EQ(first[1], "10.0.0.50     80  closed    conn-refused                     400 us\n");
  EXPECT_EQ(first[2], "10.0.0.50    443  closed    conn-refused                     400 us\n");
  EXPECT_EQ(first[3], "10.0.0.60     80  filtered  admin-prohibited  192.168.77.1   412 us\n");
  EXPECT_TRUE(has(text, "\n10.0.0.242   443  filtered  host-unreach      192.168.77.1   3.06 s\n"));
  EXPECT_FALSE(has(text, "\n10.0.0.242    80"));
  const auto blank = std::find(first, lines.end(), "\n");
  EXPECT_EQ(blank - first, 1 + 4 + 87);
  EXPECT_TRUE(has(text, "\n--show all lists every probe.\n"));
}

TEST(text_writer, lists_every_probe_when_asked) {
  const std::string text = text_of(lab_scan(), {.show = show::all});
  std::size_t rows = 0;
  for (const std::string& line : lines_of(text)) {
    rows += line.starts_with("10.0.0.") &&
            (has(line, " open ") || has(line, " closed ") || has(line, " filtered "));
  }
  EXPECT_EQ(rows, 512U);
  EXPECT_TRUE(has(text, "\n10.0.0.242    80  filtered  no-response\n"));
  EXPECT_FALSE(has(text, "--show"));
}

// --- tarpits ---

TEST(text_writer, calls_a_tarpit_what_it_looks_like_when_the_scan_is_complete) {
  std::vector<probe_record> probes;
  for (unsigned last = 0; last < 256; ++last) {
    probes.push_back(probe(fmt::format("10.0.7.{}", last), 80, probe_reason::syn_ack));
  }
  scan_results scan = scan_of(std::move(probes));
  EXPECT_TRUE(has(text_of(scan, {.width = 200}),
                  "\n10.0.7.0/24 looks like a tarpit or a SYN proxy, not 256 hosts (inferred): 256 "
                  "of 256 probes there are open.\n"));
  // What is silent would have come later.
  scan.summary->complete = false;
  EXPECT_FALSE(has(text_of(scan), "tarpit"));
}

TEST(text_writer, names_four_tarpits_at_most) {
  std::vector<probe_record> probes;
  for (unsigned network = 0; network < 12; network += 2) {
    for (unsigned last = 0; last < 16; ++last) {
      probes.push_back(probe(fmt::format("10.0.{}.{}", network, last), 80, probe_reason::syn_ack));
    }
  }
  const std::string text = text_of(scan_of(std::move(probes)));
  EXPECT_TRUE(has(text, "10.0.6.0/28 looks like"));
  EXPECT_FALSE(has(text, "10.0.8.0/28 looks like"));
  EXPECT_TRUE(has(text, "\n2 more look like one.\n"));
}

// --- the heading ---

TEST(text_writer, says_what_was_scanned_from_where) {
  scan_results scan = scan_of({});
  const auto heading = [&] { return text_of(scan).substr(0, text_of(scan).find("\n\n") + 1); };
  scan.header.targets = {"a.example", "10.0.0.5", "10.0.0.7", "10.0.0.9", "10.0.0.11", "b.example"};
  scan.header.exclude = {"10.0.0.9"};
  scan.header.addresses = 1;
  scan.header.ports = "443";
  scan.summary->duration_ms = 42;
  EXPECT_EQ(heading(),
            "a.example 10.0.0.5 10.0.0.7 10.0.0.9 and 2 more without 10.0.0.9 from pc: 1\n"
            "  address, port 443, in 42.0 ms\n");
  scan.header.targets = {"10.0.0.0/16"};
  scan.header.exclude.clear();
  scan.header.ports = "80,81";
  scan.header.addresses = 65536;
  scan.summary->duration_ms = 3'725'000;
  EXPECT_EQ(heading(), "10.0.0.0/16 from pc: 65536 addresses, ports 80,81, in 1 h 2 min\n");
  scan.header.ports = "21,22,23,25,53,80,110,143,443,445,993,995,1723,3306,3389,5900,8080";
  scan.summary->duration_ms = 65'000;
  EXPECT_EQ(heading(), "10.0.0.0/16 from pc: 65536 addresses, 17 ports, in 1 min 5 s\n");
}

TEST(text_writer, sends_no_commands_to_the_terminal) {
  scan_results scan = sample_scan();
  scan.header.vantage = "p\033[2Jc\n\xc2\x9b\xff";
  scan.header.targets = {"10.0.0.0/24\x07"};
  scan.header.ports = "80\r";
  const std::string text = text_of(scan, {.width = 200});
  EXPECT_EQ(
      lines_of(text).at(0),
      R"(10.0.0.0/24\x07 from p\x1b[2Jc\x0a\xc2\x9b\xff: 256 addresses, ports 80\x0d, in 1.10 s)"
      "\n");
  for (const char c : text) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
}

// --- maps ---

TEST(text_writer, draws_a_map_of_each_of_the_first_four_blocks) {
  scan_results scan = lab_scan();
  const auto maps = [&] {
    std::size_t count = 0;
    for (const std::string& line : lines_of(text_of(scan)))
      count += has(line, " silent") || has(line, " not asked");
    return count;
  };
  EXPECT_EQ(maps(), 1U);
  scan.header.targets = {"10.0.0.0/25", "10.0.0.128/25", "fd00::/120"};
  EXPECT_EQ(maps(), 3U);
  scan.header.targets = {"10.0.0.0/26",   "10.0.0.64/26",  "10.0.0.128-10.0.0.159",
                         "10.0.0.160/28", "10.0.0.176/28", "10.0.0.192/26"};
  EXPECT_EQ(maps(), 4U);
  EXPECT_TRUE(has(text_of(scan), "\n2 more blocks have no map here.\n"));
  scan.header.targets = {"10.0.0.0/16", "10.0.0.5", "gitlab.example", "10.0.0.0/29"};
  EXPECT_EQ(maps(), 0U);
}

TEST(text_writer, sorts_by_address_as_a_number_and_then_by_port) {
  const std::string text = text_of(scan_of({probe("fd00::1", 80, probe_reason::syn_ack),
                                            probe("10.0.0.100", 80, probe_reason::syn_ack),
                                            probe("10.0.0.20", 443, probe_reason::syn_ack),
                                            probe("10.0.0.20", 80, probe_reason::syn_ack)}));
  EXPECT_TRUE(has(text,
                  "ADDRESS     PORT  STATE  REASON\n"
                  "10.0.0.20     80  open   syn-ack\n"
                  "10.0.0.20    443  open   syn-ack\n"
                  "10.0.0.100    80  open   syn-ack\n"
                  "fd00::1       80  open   syn-ack\n"))
      << text;
}

TEST(text_writer, gives_round_trip_times_with_a_unit) {
  scan_results scan = scan_of({probe("10.0.0.1", 80, probe_reason::syn_ack)});
  const auto rtt = [&](std::uint32_t us) {
    scan.probes[0].rtt_us = us;
    const std::string row = lines_of(text_of(scan)).at(3);
    return row.substr(row.find("syn-ack") + 7, row.size() - row.find("syn-ack") - 8);
  };
  EXPECT_EQ(rtt(0), "  0 us");
  EXPECT_EQ(rtt(412), "  412 us");
  EXPECT_EQ(rtt(999), "  999 us");
  EXPECT_EQ(rtt(1000), "  1.0 ms");
  EXPECT_EQ(rtt(12'345), "  12.3 ms");
  EXPECT_EQ(rtt(999'949), "  999.9 ms");
  EXPECT_EQ(rtt(999'950), "  1.00 s");
  EXPECT_EQ(rtt(3'062'417), "  3.06 s");
}

TEST(text_writer, names_the_errno_of_a_local_error) {
  const std::string text = text_of(sample_scan(), {.show = show::all});
  EXPECT_TRUE(has(text, "  error     local-error (ENETUNREACH)")) << text;
}

TEST(text_writer, writes_a_table_of_any_length) {
  std::vector<probe_record> probes;
  for (std::uint16_t port = 60'000; port > 0; --port) {
    probes.push_back(probe("10.0.0.1", port, probe_reason::syn_ack));
  }
  const std::vector<std::string> lines = lines_of(text_of(scan_of(probes)));
  ASSERT_GT(lines.size(), 60'000U);
  EXPECT_EQ(lines[3], "10.0.0.1      1  open   syn-ack\n");
  EXPECT_EQ(lines[60'002], "10.0.0.1  60000  open   syn-ack\n");
}

// --- the sums ---

TEST(text_writer, says_in_words_that_nothing_is_open) {
  const scan_results silent = scan_of({probe("10.0.0.1", 80, probe_reason::no_response)});
  EXPECT_EQ(text_of(silent),
            "10.0.0.0/16 from pc: 256 addresses, ports 80,443, in 4.02 s\n"
            "\n"
            "No open port.\n"
            "\n"
            "0 open, 0 closed, 1 filtered; 1 SYN\n"
            "  1 no-response\n"
            "--show responded lists every answer, --show all every probe.\n");
  EXPECT_TRUE(has(text_of(silent, {.show = show::responded}), "\nNo answer from any port.\n"));
  const scan_results closed = scan_of({probe("10.0.0.1", 80, probe_reason::conn_refused)});
  EXPECT_TRUE(has(text_of(closed, {.show = show::responded}), "No open port.\n\nADDRESS"));
}

TEST(text_writer, says_what_is_left_out_and_what_was_lost) {
  scan_results scan = lab_scan();
  scan.summary->error = 3;
  scan.summary->skipped = 2;
  scan.summary->not_started = 100;
  scan.summary->planned += 105;
  scan.summary->complete = false;
  scan.summary->loss_estimate = 0.025;
  const std::string text = text_of(scan);
  EXPECT_TRUE(has(text, "\n4 open, 22 closed, 486 filtered, 3 error, 2 skipped; 512 SYNs")) << text;
  EXPECT_TRUE(has(text, "\nSkipped: broadcast addresses of this host's own networks.\n")) << text;
  EXPECT_TRUE(has(text, "\nPackets were lost: 2.5 % of the answers came to a repeated SYN.\n"));
  EXPECT_TRUE(has(text, "\nNot complete: 100 of 617 probes have no result.\n"));
  EXPECT_FALSE(has(text_of(lab_scan()), "lost"));
  EXPECT_FALSE(has(text_of(lab_scan()), "Not complete"));
  EXPECT_FALSE(has(text_of(lab_scan()), "kipped"));
}

// The open internet has as many senders as networks.
TEST(text_writer, names_only_so_many_senders) {
  std::vector<probe_record> probes;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    probe_record record = probe("10.0.0.1", 80, probe_reason::host_unreach);
    record.icmp = icmp_evidence{3, 1, ip_address::v4(0xc0000200 + i % 100)};
    probes.push_back(record);
  }
  const std::string text = text_of(scan_of(probes));
  EXPECT_TRUE(has(text, "\n  10 host-unreach from 192.0.2.15\n  840 host-unreach from others\n"))
      << text;
  EXPECT_LT(text.size(), 2000U);
}

// --- the terminal ---

std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

TEST(text_writer, fits_the_width_of_the_terminal) {
  for (unsigned width = 70; width <= 140; ++width) {
    for (const bool unicode : {false, true}) {
      const std::string text =
          text_of(lab_scan(), {.show = show::all, .unicode = unicode, .width = width});
      for (const std::string& line : lines_of(text)) {
        ASSERT_LE(columns(line) - 1, width) << line;
      }
    }
  }
}

TEST(text_writer, fits_any_ipv4_table_in_80_columns) {
  probe_record longest = probe("255.255.255.254", 65535, probe_reason::precedence_violation);
  longest.icmp = icmp_evidence{3, 14, ip("255.255.255.253")};
  longest.rtt_us = 999'900;
  probe_record failed = probe("255.255.255.254", 65534, probe_reason::local_error);
  failed.local_errno = EADDRNOTAVAIL;
  for (const std::string& line :
       lines_of(text_of(scan_of({longest, failed}), {.show = show::all}))) {
    EXPECT_LE(columns(line) - 1, 80U) << line;
  }
}

TEST(text_writer, colours_only_when_told_to_and_then_only_adds_colour) {
  for (const bool unicode : {false, true}) {
    for (const show shown : {show::open, show::responded, show::all}) {
      const std::string plain = text_of(lab_scan(), {shown, false, unicode, 80});
      std::string coloured = text_of(lab_scan(), {shown, true, unicode, 80});
      EXPECT_EQ(plain.find('\033'), plain.npos);
      EXPECT_TRUE(has(coloured, "\033[32mopen\033[0m"));
      for (std::size_t at = 0; (at = coloured.find('\033')) != coloured.npos;) {
        coloured.erase(at, coloured.find('m', at) + 1 - at);
      }
      EXPECT_EQ(coloured, plain);
    }
  }
}

// Records come in the order in which probes end.
TEST(text_writer, does_not_depend_on_the_order_of_records) {
  scan_results scan = lab_scan();
  const std::string text = text_of(scan, {.show = show::all});
  std::reverse(scan.probes.begin(), scan.probes.end());
  EXPECT_EQ(text_of(scan, {.show = show::all}), text);
}

}  // namespace
}  // namespace netscan
