#include <gtest/gtest.h>

#include <sstream>

#include "netscan/report/subnet_map.hpp"
#include "report_support.hpp"

namespace netscan {
namespace {

using testing::lab_header;
using testing::lab_records;
using testing::summary_of;
using testing::written;

std::string lab_text(const writer_options& options) {
  return written(report_format::text, lab_header(), lab_records(), summary_of(lab_records()),
                 options);
}

TEST(text_writer, shows_the_lab) {
  EXPECT_EQ(lab_text({}),
            "10.0.0.0/24 from pc: 256 addresses, ports 80,443, in 4.02 s\n"
            "\n"
            "10.0.0.0    ........ ........ ........ ........\n"
            "10.0.0.32   ........ ........ ..-..... ....xxxx\n"
            "10.0.0.64   xxxxxxxx xxxxxxxx -------- --xxxxxx\n"
            "10.0.0.96   xxxx.... ........ ........ ........\n"
            "10.0.0.128  ........ ........ ........ ........\n"
            "10.0.0.160  ........ ........ ........ ........\n"
            "10.0.0.192  ........ ........ ........ ........\n"
            "10.0.0.224  ........ #....... ooo..... .#......\n"
            "# 2 open on all ports   o 3 nobody there   - 11 closed   x 30 rejected\n"
            ". 210 silent\n"
            "\n"
            "ADDRESS     PORT  STATE  REASON       RTT\n"
            "10.0.0.232    80  open   syn-ack  12.3 ms\n"
            "10.0.0.232   443  open   syn-ack  12.3 ms\n"
            "10.0.0.249    80  open   syn-ack  12.3 ms\n"
            "10.0.0.249   443  open   syn-ack  12.3 ms\n"
            "\n"
            "4 open, 22 closed, 486 filtered; 512 SYNs\n"
            "  421 no-response\n"
            "  5 host-unreach from 192.168.77.1\n"
            "  20 port-unreach from 192.168.77.1\n"
            "  20 net-prohibited from 192.168.77.1\n"
            "  20 admin-prohibited from 192.168.77.1\n"
            "--show responded lists every answer, --show all every probe.\n");
}

TEST(text_writer, draws_the_map_in_block_characters_and_colour_when_told_to) {
  const std::string text = lab_text({.colour = true, .unicode = true});
  EXPECT_NE(text.find("\033[32m█\033[0m"), std::string::npos);
  EXPECT_NE(text.find("○\033[0m 3 nobody there"), std::string::npos);
  EXPECT_EQ(lab_text({.unicode = true}).find('\033'), std::string::npos);
}

TEST(text_writer, lists_the_senders_of_what_was_rejected) {
  const std::string text = lab_text({.show = show::responded});
  EXPECT_NE(text.find("10.0.0.60     80  filtered  admin-prohibited  192.168.77.1   412 us\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("10.0.0.240    80  filtered  host-unreach      192.168.77.1   3.06 s\n"),
            std::string::npos);
  EXPECT_EQ(text.find("10.0.0.216"), std::string::npos);
  EXPECT_NE(lab_text({.show = show::all}).find("10.0.0.216    80  filtered  no-response"),
            std::string::npos);
}

TEST(text_writer, fits_a_narrow_terminal) {
  std::istringstream lines(lab_text({.width = 40}));
  std::string line;
  bool in_map = false;
  for (int number = 0; std::getline(lines, line); ++number) {
    in_map = number > 1 && (in_map || number == 2) && !line.empty();
    if (in_map && line[0] == '1') {
      EXPECT_LE(line.size(), 40u) << line;
    }
  }
}

TEST(text_writer, says_so_when_nothing_is_open) {
  const std::string text = written(report_format::text, lab_header(), {}, {});
  EXPECT_NE(text.find("No open port.\n"), std::string::npos);
}

TEST(text_writer, says_what_did_not_go_well) {
  probe_record failed;
  failed.ip = *parse_ip_address("10.0.0.1");
  failed.port = 80;
  failed.reason = probe_reason::local_error;
  failed.local_errno = ENETUNREACH;
  scan_summary summary = summary_of({failed});
  summary.planned = 10;
  summary.not_started = 8;
  summary.skipped = 1;
  summary.complete = false;
  summary.loss_estimate = 0.042;
  const std::string text =
      written(report_format::text, lab_header(), {failed}, summary, {.show = show::all});
  for (const char* expected :
       {"local-error (ENETUNREACH)", "1 error", "1 skipped", "4.2 %", "8 of 10 probes"}) {
    EXPECT_NE(text.find(expected), std::string::npos) << expected << " in:\n" << text;
  }
}

TEST(text_writer, shows_no_control_characters) {
  scan_header header = lab_header();
  header.vantage = "pc\033[31m\a";
  const std::string text = written(report_format::text, header, {}, {});
  EXPECT_EQ(text.find_first_of("\033\a"), std::string::npos);
}

probe_record seen(const char* ip, std::uint16_t port, probe_reason reason) {
  probe_record r;
  r.ip = *parse_ip_address(ip);
  r.port = port;
  r.reason = reason;
  return r;
}

TEST(subnet_map, says_what_an_address_comes_to_over_all_ports) {
  subnet_map map(*parse_cidr("10.0.0.0/24"), 2);
  const auto see = [&](const char* ip, probe_reason first, probe_reason second) {
    map.add(seen(ip, 80, first));
    map.add(seen(ip, 443, second));
    return map.cell(*parse_ip_address(ip));
  };
  using enum probe_reason;
  EXPECT_EQ(see("10.0.0.1", syn_ack, syn_ack), map_cell::open);
  EXPECT_EQ(see("10.0.0.2", syn_ack, no_response), map_cell::some_open);
  EXPECT_EQ(see("10.0.0.3", no_response, host_unreach), map_cell::nobody);
  EXPECT_EQ(see("10.0.0.4", no_neighbor, no_neighbor), map_cell::nobody);
  EXPECT_EQ(see("10.0.0.5", conn_refused, admin_prohibited), map_cell::closed);
  EXPECT_EQ(see("10.0.0.6", no_response, port_unreach), map_cell::rejected);
  EXPECT_EQ(see("10.0.0.7", no_response, local_error), map_cell::error);
  EXPECT_EQ(see("10.0.0.8", no_response, no_response), map_cell::silent);
  EXPECT_EQ(map.cell(*parse_ip_address("10.0.0.9")), map_cell::not_asked);
  EXPECT_EQ(map.cell(*parse_ip_address("10.0.1.1")), map_cell::not_asked);
}

TEST(subnet_map, is_for_ranges_of_sixteen_to_a_thousand_addresses) {
  EXPECT_FALSE(subnet_map::fits(*parse_cidr("10.0.0.0/29")));
  EXPECT_TRUE(subnet_map::fits(*parse_cidr("10.0.0.0/28")));
  EXPECT_TRUE(subnet_map::fits(*parse_cidr("fd00::/118")));
  EXPECT_FALSE(subnet_map::fits(*parse_cidr("10.0.0.0/21")));
  EXPECT_FALSE(subnet_map::fits(*parse_cidr("::/0")));
}

TEST(subnet_map, begins_rows_at_round_addresses) {
  subnet_map map(*parse_address_range("10.0.0.30-10.0.0.50"), 1);
  map.add(seen("10.0.0.32", 80, probe_reason::syn_ack));
  EXPECT_EQ(map.draw({}),
            "10.0.0.0\n"
            "10.0.0.32  #\n"
            "# 1 open on all ports   20 not asked\n");
}

TEST(csv_writer, follows_rfc_4180) {
  scan_header header = lab_header();
  header.vantage = "a \"quoted\", name";
  probe_record rejected = seen("10.0.0.60", 443, probe_reason::admin_prohibited);
  rejected.icmp = icmp_evidence{3, 13, *parse_ip_address("192.168.77.1")};
  rejected.rtt_us = 412;
  rejected.attempts = 2;
  rejected.time = timestamp(std::chrono::milliseconds(1767607200123));
  probe_record failed = seen("fd00::1", 80, probe_reason::local_error);
  failed.local_errno = EMFILE;
  EXPECT_EQ(
      written(report_format::csv, header, {rejected, failed}, {}),
      "vantage,ip,port,state,reason,icmp_type,icmp_code,icmp_from,errno,rtt_us,attempts,time\r\n"
      "\"a \"\"quoted\"\", name\",10.0.0.60,443,filtered,admin-prohibited,3,13,192.168.77.1,,"
      "412,2,2026-01-05T10:00:00.123Z\r\n"
      "\"a \"\"quoted\"\", name\",fd00::1,80,error,local-error,,,,EMFILE,,0,"
      "1970-01-01T00:00:00.000Z\r\n");
}

}  // namespace
}  // namespace netscan
