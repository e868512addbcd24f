// Files of nmap and masscan, in the shape that nmap 7.93 and masscan 1.3.2 write.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "netscan/report/merge.hpp"
#include "netscan/report/page.hpp"
#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"
#include "rounds.hpp"
#include "sample_scans.hpp"
#include "temporary_folder.hpp"

namespace netscan {
namespace {

using testing::ip;
using testing::merge_error;

std::string foreign_error(std::string_view text) {
  const absl::StatusOr<results_file> file = parse_results(text, "scans/pc.xml");
  return file.ok() ? "" : std::string(message_of(file.status()));
}

/// What `nmap -oX` writes around `hosts`.
std::string nmap_file(std::string_view hosts, std::string_view type = "syn",
                      std::string_view total = "1") {
  return fmt::format(
      R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/bin/../share/nmap/nmap.xsl" type="text/xsl"?>
<!-- Nmap 7.93 scan initiated Mon Jan  5 10:00:00 2026 as: nmap -oX pc.xml 10.0.0.0/24 -->
<nmaprun scanner="nmap" args="nmap -oX pc.xml 10.0.0.0/24" start="1767607200" startstr="Mon Jan  5 10:00:00 2026" version="7.93" xmloutputversion="1.05">
<scaninfo type="{}" protocol="tcp" numservices="2" services="80,443"/>
<verbose level="0"/>
<debugging level="0"/>
<hosthint><status state="up" reason="arp-response" reason_ttl="0"/>
<address addr="10.0.0.9" addrtype="ipv4"/>
<hostnames>
</hostnames>
</hosthint>
{}
<runstats><finished time="1767607202" timestr="Mon Jan  5 10:00:02 2026" summary="done" elapsed="2.04" exit="success"/><hosts up="1" down="0" total="{}"/>
</runstats>
</nmaprun>
)",
      type, hosts, total);
}

std::string nmap_host(std::string_view address, std::string_view ports) {
  return fmt::format(
      R"(<host starttime="1767607200" endtime="1767607201"><status state="up" reason="user-set" reason_ttl="0"/>
<address addr="{}" addrtype="ipv4"/>
<address addr="02:42:0A:00:00:E8" addrtype="mac" vendor="x"/>
<hostnames>
<hostname name="gitlab.example" type="PTR"/>
</hostnames>
<ports>{}
</ports>
<times srtt="512" rttvar="5000" to="100000"/>
</host>
)",
      address, ports);
}

std::string nmap_port(std::string_view port, std::string_view state) {
  return fmt::format(
      R"(<port protocol="tcp" portid="{}"><state {} reason_ttl="64"/><service name="http" method="table" conf="3"/></port>
)",
      port, state);
}

/// The one scan of such a file.
scan_results foreign_scan(std::string_view text) {
  return parse_results(text, "scans/pc.xml").value().scans.at(0);
}

probe_record foreign_port(std::string_view state, std::string_view type = "syn") {
  return foreign_scan(nmap_file(nmap_host("10.0.0.60", nmap_port("80", state)), type)).probes.at(0);
}

TEST(nmap_xml, is_read_with_what_it_says) {
  const scan_results scan = foreign_scan(nmap_file(
      nmap_host("10.0.0.60", nmap_port("80", R"(state="filtered" reason="admin-prohibited" )"
                                             R"(reason_ip="192.168.77.1")"))));
  EXPECT_EQ(scan.header.scanner, "nmap");
  EXPECT_EQ(scan.header.version, "7.93");
  EXPECT_EQ(scan.header.vantage, "pc");
  EXPECT_EQ(scan.header.ports, "80,443");
  EXPECT_EQ(scan.header.start, timestamp(std::chrono::seconds(1767607200)));
  EXPECT_EQ(scan.header.plan_hash, "");
  EXPECT_FALSE(scan.header.by_errno);
  EXPECT_FALSE(scan.summary);
  const probe_record wanted{ip("10.0.0.60"),
                            80,
                            probe_reason::admin_prohibited,
                            1,
                            icmp_evidence{3, 13, ip("192.168.77.1")},
                            {},
                            0,
                            timestamp(std::chrono::seconds(1767607201))};
  EXPECT_EQ(scan.probes, std::vector{wanted});
}

TEST(nmap_xml, tells_reasons_by_nmaps_words) {
  const auto reason = [](std::string_view state, std::string_view word) {
    return foreign_port(fmt::format(R"(state="{}" reason="{}")", state, word)).reason;
  };
  EXPECT_EQ(reason("open", "syn-ack"), probe_reason::syn_ack);
  EXPECT_EQ(reason("closed", "reset"), probe_reason::conn_refused);
  EXPECT_EQ(reason("closed", "conn-refused"), probe_reason::conn_refused);
  EXPECT_EQ(reason("filtered", "no-response"), probe_reason::no_response);
  EXPECT_EQ(reason("filtered", "net-prohibited"), probe_reason::net_prohibited);
  EXPECT_EQ(reason("filtered", "port-unreach"), probe_reason::port_unreach);
  EXPECT_EQ(reason("filtered", "reject-route"), probe_reason::route_rejected);
  EXPECT_EQ(reason("filtered", "no-route"), probe_reason::net_unreach);
  EXPECT_EQ(reason("filtered", "dest-unreach"), probe_reason::other_icmp);
}

TEST(nmap_xml, blames_the_network_for_no_reason_that_is_not_the_networks) {
  for (const std::string_view word : {"perm-denied", "something-new"}) {
    const results_file file =
        parse_results(nmap_file(nmap_host(
                          "10.0.0.60",
                          nmap_port("80", fmt::format(R"(state="filtered" reason="{}")", word)))),
                      "pc.xml")
            .value();
    EXPECT_TRUE(file.scans.at(0).probes.empty()) << word;
    ASSERT_EQ(file.notices.size(), 1U) << word;
    EXPECT_TRUE(file.notices[0].starts_with("pc.xml: 1 port in states")) << file.notices[0];
  }
}

TEST(nmap_xml, of_scans_that_make_no_connection_is_refused) {
  const std::string host =
      nmap_host("10.0.0.60", nmap_port("80", R"(state="open" reason="reset")"));
  for (const std::string_view type : {"ack", "window", "fin", "null", "xmas", "maimon", "idle"}) {
    EXPECT_EQ(foreign_error(nmap_file(host, type)),
              fmt::format("scans/pc.xml:6: <scaninfo>: 'type' is '{}', expected connect or syn: "
                          "other scans do not tell whether a connection is let through",
                          type));
  }
}

TEST(nmap_xml, counts_a_host_whose_ports_tell_nothing_as_asked) {
  const results_file file =
      parse_results(
          nmap_file(nmap_host(
              "10.0.0.60",
              R"(<port protocol="udp" portid="53"><state state="open" reason="udp-response" reason_ttl="0"/></port>)")),
          "pc.xml")
          .value();
  EXPECT_EQ(file.notices,
            std::vector<std::string>{"pc.xml: 1 port of other protocols than TCP are left out"});
}

TEST(nmap_xml, has_no_sender_without_a_reason_ip) {
  EXPECT_FALSE(foreign_port(R"(state="filtered" reason="host-unreach")").icmp);
  EXPECT_EQ(foreign_port(R"(state="filtered" reason="host-unreach" reason_ip="192.168.77.1")").icmp,
            (icmp_evidence{3, 1, ip("192.168.77.1")}));
}

TEST(nmap_xml, of_a_connect_scan_is_errno_only) {
  const results_file file =
      parse_results(nmap_file(nmap_host("10.0.0.60", nmap_port("80", R"(state="closed" )"
                                                                     R"(reason="conn-refused")")),
                              "connect"),
                    "pc.xml")
          .value();
  EXPECT_TRUE(file.scans.at(0).header.by_errno);
  ASSERT_EQ(file.notices.size(), 1U);
  EXPECT_TRUE(file.notices[0].starts_with("pc.xml: nmap -sT tells no RST from a REJECT"));
}

TEST(nmap_xml, names_the_ports_that_it_only_counts) {
  const std::string counted =
      R"(<extraports state="filtered" count="4">
<extrareasons reason="no-responses" count="3" proto="tcp" ports="79-80,443"/>
<extrareasons reason="admin-prohibited" count="1" proto="tcp" ports="81"/>
</extraports>
)";
  const results_file file =
      parse_results(nmap_file(nmap_host("10.0.0.60", counted)), "pc.xml").value();
  EXPECT_TRUE(file.notices.empty());
  std::string read;
  for (const probe_record& probe : file.scans.at(0).probes) {
    read += fmt::format("{} {} ", probe.port, to_string(probe.reason));
  }
  EXPECT_EQ(read, "79 no-response 80 no-response 443 no-response 81 admin-prohibited ");
}

TEST(nmap_xml, says_what_it_cannot_tell) {
  const std::string ports =
      "<extraports state=\"closed\" count=\"998\"><extrareasons reason=\"resets\" count=\"998\"/>"
      "</extraports>" +
      nmap_port("80", R"(state="open" reason="syn-ack")") +
      nmap_port("81", R"(state="open|filtered" reason="no-response")") +
      R"(<port protocol="udp" portid="53"><state state="open" reason="udp-response" reason_ttl="0"/></port>)";
  const results_file file =
      parse_results(nmap_file(nmap_host("10.0.0.60", ports), "syn", "256"), "pc.xml").value();
  EXPECT_EQ(file.scans.at(0).probes.size(), 1U);
  EXPECT_EQ(
      file.notices,
      (std::vector<std::string>{
          "pc.xml: 255 of 256 hosts have no ports in it, as nmap held them for down or gave "
          "them up: of these nothing is known (-Pn asks them all)",
          "pc.xml: 998 ports are only counted in it (<extraports> without ports=), and left "
          "out here",
          "pc.xml: 1 port in states that are neither open, closed nor filtered, or filtered for no "
          "reason of the network's, are left out",
          "pc.xml: 1 port of other protocols than TCP are left out"}));
}

TEST(nmap_xml, is_read_up_to_where_it_is_cut_off) {
  const std::string open = nmap_port("80", R"(state="open" reason="syn-ack")");
  const std::string text = nmap_file(nmap_host("10.0.0.1", open) + nmap_host("10.0.0.2", open));
  const results_file file =
      parse_results(text.substr(0, text.find("10.0.0.2\"") + 300), "pc.xml").value();
  ASSERT_EQ(file.scans.at(0).probes.size(), 1U);
  EXPECT_EQ(file.scans[0].probes[0].ip, ip("10.0.0.1"));
  ASSERT_EQ(file.notices.size(), 1U);
}

TEST(nmap_xml, is_refused_where_it_is_wrong) {
  const auto error = [](std::string_view ports) {
    return foreign_error(nmap_file(nmap_host("10.0.0.60", ports)));
  };
  const std::string open = R"(state="open" reason="syn-ack")";
  EXPECT_EQ(error(nmap_port("70000", open)),
            "scans/pc.xml:20: <port>: 'portid' is '70000', expected a port from 1 to 65535");
  EXPECT_NE(error(nmap_port("0", open)), "");
  EXPECT_NE(error(nmap_port("-1", open)), "");
  EXPECT_EQ(error(nmap_port("80", R"(state="filtered" reason="host-unreach" reason_ip="gateway")")),
            "scans/pc.xml:20: <state>: 'reason_ip' is 'gateway', expected an IP address");
  EXPECT_EQ(error(nmap_port("80", open) + nmap_port("80", open)),
            "scans/pc.xml:21: 10.0.0.60 port 80 a second time");
  EXPECT_NE(foreign_error(nmap_file(nmap_host("10.0.0.256", nmap_port("80", open)))), "");
  const auto counted = [&](std::string_view ports, int count) {
    return error(fmt::format(R"(<extraports state="closed" count="1"><extrareasons reason="reset" )"
                             R"(count="{}" ports="{}"/></extraports>)",
                             count, ports));
  };
  EXPECT_EQ(counted("80,81", 2), "");
  EXPECT_NE(counted("80,81", 3), "");
  EXPECT_NE(counted("top:100", 100), "");
  EXPECT_NE(counted("81-80", 2), "");
  EXPECT_EQ(foreign_error("<nmaprun start=\"1\"/>"),
            "scans/pc.xml:1: <nmaprun>: 'scanner' is missing, expected the tool that scanned");
}

// A few bytes a host stand for 65535 records.
TEST(nmap_xml, does_not_grow_without_end) {
  if (testing::sanitized) GTEST_SKIP() << "eight million probes; what reads them is tested above";
  const std::string all =
      R"(<extraports state="closed" count="65535"><extrareasons reason="reset" count="65535" proto="tcp" ports="1-65535"/></extraports>)";
  std::string hosts;
  for (int i = 0; i < 65; ++i) hosts += nmap_host(fmt::format("10.0.{}.{}", i / 256, i % 256), all);
  const std::string text = nmap_file(hosts);
  EXPECT_TRUE(foreign_error(text).find("too many to keep") != std::string::npos);
  testing::temporary_folder folder;
  testing::write_file(folder / "pc.xml", text);
  std::uint64_t probes = 0;
  const auto count_probe = [&](std::size_t, const scan_header&, const probe_record&) {
    ++probes;
    return std::string();
  };
  EXPECT_TRUE(read_results(folder / "pc.xml", count_probe).ok()) << "nothing has to be kept here";
  EXPECT_EQ(probes, 65U * 65535U);
}

// --- masscan ---

const std::string masscan_json =
    R"([
{   "ip": "10.0.0.232",   "timestamp": "1767607203", "ports": [ {"port": 443, "proto": "tcp", "status": "open", "reason": "syn-ack", "ttl": 63} ] }
,
{   "ip": "10.0.0.50",   "timestamp": "1767607204", "ports": [ {"port": 80, "proto": "tcp", "status": "closed", "reason": "rst-ack", "ttl": 63} ] }
]
)";

TEST(masscan_json, has_what_answered_and_nothing_else) {
  const results_file file = parse_results(masscan_json, "pc.json").value();
  const scan_results& scan = file.scans.at(0);
  EXPECT_EQ(scan.header.scanner, "masscan");
  EXPECT_EQ(scan.header.version, "");
  EXPECT_EQ(scan.header.vantage, "pc");
  const auto time = [](int second) { return timestamp(std::chrono::seconds(1767607200 + second)); };
  EXPECT_EQ(scan.probes,
            (std::vector<probe_record>{
                {ip("10.0.0.232"), 443, probe_reason::syn_ack, 1, {}, {}, 0, time(3)},
                {ip("10.0.0.50"), 80, probe_reason::conn_refused, 1, {}, {}, 0, time(4)}}));
  EXPECT_EQ(file.notices,
            std::vector<std::string>{"pc.json: masscan writes down only what answered: what is not "
                                     "in the file is unknown, not filtered"});
}

TEST(masscan_json, of_older_versions_is_read_too) {
  std::string text = masscan_json;
  text.replace(text.rfind("\n]"), 2, ",\n]");
  EXPECT_EQ(parse_results(text, "x").value().scans.at(0).probes.size(), 2U);
  text.replace(text.rfind("]"), 1, "{finished: 1}\n]");
  EXPECT_EQ(parse_results(text, "x").value().scans.at(0).probes.size(), 2U);
}

TEST(masscan_json, passes_banners_and_other_protocols_over) {
  std::string text = masscan_json;
  text.insert(2,
              R"({"ip":"10.0.0.232","timestamp":"1","ports":[{"port":443,"proto":"tcp","service":)"
              R"({"name":"ssl","banner":"TLS/1.2 }{]["}},{"port":53,"proto":"udp",)"
              R"("status":"open"}]},)");
  EXPECT_EQ(parse_results(text, "x").value().scans.at(0).probes.size(), 2U);
}

TEST(masscan_json, is_refused_where_it_is_wrong) {
  const auto error = [](std::string_view what, std::string_view replacement) {
    std::string text = masscan_json;
    text.replace(text.find(what), what.size(), replacement);
    const absl::StatusOr<results_file> file = parse_results(text, "m.json");
    return file.ok() ? "" : std::string(message_of(file.status()));
  };
  EXPECT_EQ(error("443", "65536"), "m.json:2: 'port' is 65536, expected a number from 1 to 65535");
  EXPECT_EQ(error("10.0.0.50", "10.0.0"), "m.json:4: 'ip' is \"10.0.0\", expected an IP address");
  EXPECT_EQ(error("\"1767607203\"", "\"now\""),
            "m.json:2: 'timestamp' is \"now\", expected the seconds since 1970 in quotes");
  EXPECT_EQ(error("\"open\"", "\"ajar\""),
            "m.json:2: 'status' is \"ajar\", expected open or closed");
}

TEST(masscan_xml, has_one_host_for_each_answer) {
  const std::string_view text = R"(<?xml version="1.0"?>
<!-- masscan v1.0 scan -->
<nmaprun scanner="masscan" start="1767607200" version="1.0-BETA"  xmloutputversion="1.03">
<scaninfo type="syn" protocol="tcp" />
<host endtime="1767607203"><address addr="10.0.0.232" addrtype="ipv4"/><ports><port protocol="tcp" portid="443"><state state="open" reason="syn-ack" reason_ttl="63"/></port></ports></host>
<host endtime="1767607204"><address addr="10.0.0.232" addrtype="ipv4"/><ports><port protocol="tcp" portid="80"><state state="open" reason="syn-ack" reason_ttl="63"/></port></ports></host>
<runstats>
<finished time="1767607211" timestr="2026-01-05 10:00:11" elapsed="11" />
<hosts up="2" down="0" total="2" />
</runstats>
</nmaprun>
)";
  const results_file file = parse_results(text, "pc.xml").value();
  EXPECT_EQ(file.scans.at(0).header.scanner, "masscan");
  EXPECT_EQ(file.scans[0].probes.size(), 2U);
  EXPECT_EQ(file.scans[0].probes[1].time, timestamp(std::chrono::seconds(1767607204)));
  EXPECT_FALSE(file.scans[0].header.by_errno);
  EXPECT_EQ(file.notices.size(), 1U);
}

// --- what is made of them ---

class merging_foreign_files : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    testing::write_file(folder_ / name, text);
    return folder_ / name;
  }

  /// The text of both in this format, and what the merger has to say.
  static std::string merged(const std::vector<std::string>& paths, report_format format,
                            std::vector<std::string>* notices = nullptr) {
    return testing::written(format, testing::merged(paths, {.vantage = "office"}, notices));
  }

  testing::temporary_folder folder_;
};

TEST_F(merging_foreign_files, a_file_that_is_cut_off_does_not_have_all) {
  const auto has_all = [](const std::vector<std::string>& paths) {
    result_merger merger({.vantage = "office"});
    for (const std::string& path : paths) EXPECT_TRUE(merger.add(path).ok());
    const auto error = merger.hand_out([](auto) { return boost::system::error_code(); });
    EXPECT_FALSE(error) << error.message();
    return merger.has_all();
  };
  const std::string text =
      nmap_file(nmap_host("10.0.0.5", nmap_port("80", R"(state="open" reason="syn-ack")")));
  const std::string whole = file("whole.xml", text);
  const std::string cut = file("cut.xml", text.substr(0, text.find("<runstats")));
  EXPECT_TRUE(has_all({whole, whole}));
  EXPECT_FALSE(has_all({cut, whole}));
  EXPECT_FALSE(has_all({cut}));
}

TEST_F(merging_foreign_files, keeps_what_each_has_and_claims_no_more) {
  const std::string open_port = nmap_port("80", R"(state="open" reason="syn-ack")");
  const std::string silent_port = nmap_port("80", R"(state="filtered" reason="no-response")");
  const std::string a = file(
      "a.xml", nmap_file(nmap_host("10.0.0.7", silent_port) + nmap_host("10.0.0.5", open_port)));
  std::string later =
      nmap_file(nmap_host("10.0.0.7", open_port) + nmap_host("10.0.0.9", open_port));
  later.replace(later.find("80,443"), 6, "80,22 ");
  later.replace(later.find("80,22 "), 6, "22,80");
  const std::string b = file("b.xml", later);

  std::vector<std::string> notices;
  const std::string text = merged({a, b}, report_format::ndjson, &notices);
  const results_file file = parse_results(text, "both").value();
  ASSERT_EQ(file.scans.size(), 1u);
  const scan_results& whole = file.scans[0];
  ASSERT_EQ(whole.probes.size(), 3u);
  const auto is = [&](std::size_t i, const char* address, probe_reason reason) {
    return whole.probes[i].ip == ip(address) && whole.probes[i].reason == reason;
  };
  EXPECT_TRUE(is(0, "10.0.0.5", probe_reason::syn_ack));
  EXPECT_TRUE(is(1, "10.0.0.7", probe_reason::syn_ack)) << "an answer stands before silence";
  EXPECT_TRUE(is(2, "10.0.0.9", probe_reason::syn_ack));
  EXPECT_EQ(whole.header.scanner, "nmap");
  EXPECT_EQ(whole.header.vantage, "office");
  EXPECT_EQ(whole.header.ports, "22,80,443");
  EXPECT_EQ(whole.header.plan_hash, "");
  EXPECT_EQ(whole.summary->planned, 3u);
  EXPECT_EQ(whole.summary->not_started, 0u);
  EXPECT_FALSE(whole.summary->complete) << "nobody knows";
  EXPECT_EQ(whole.summary->syns, 0u) << "nor how often was asked";
  ASSERT_FALSE(notices.empty());
  EXPECT_EQ(notices.back(),
            "nmap does not say what it was to ask, so what is missing is not known");
  // Merged again, with itself or with a part, it stays what it is.
  testing::write_file(folder_ / "both.ndjson", text);
  EXPECT_EQ(parse_results(merged({folder_ / "both.ndjson", a}, report_format::ndjson), "again")
                .value()
                .scans.at(0)
                .probes,
            whole.probes);
}

TEST_F(merging_foreign_files, writes_them_as_what_they_are) {
  const std::string a = file("a.json", std::string(masscan_json));
  const std::string text = merged({a, a}, report_format::text);
  EXPECT_TRUE(text.starts_with("Results of masscan from office, in ")) << text;
  EXPECT_NE(text.find("What was to be asked is not known"), text.npos) << text;
  EXPECT_EQ(text.find("SYN"), text.npos) << "nobody knows how many: " << text;
  const std::string nmap = file("nmap.xml", nmap_file(nmap_host("10.0.0.5", "")));
  EXPECT_TRUE(merged({nmap}, report_format::text)
                  .starts_with("Results of nmap 7.93 from office: ports 80,443\n"))
      << "nor how long it took";
  const std::string xml = merged({a, a}, report_format::xml);
  EXPECT_NE(xml.find(R"(<scaninfo type="syn")"), xml.npos) << xml;
  EXPECT_EQ(xml.find("errormsg"), xml.npos) << xml;
  EXPECT_EQ(parse_results(xml, "a.xml").value().scans.at(0).probes.size(),
            parse_results(masscan_json, "a.json").value().scans.at(0).probes.size());
}

TEST_F(merging_foreign_files, refuses_what_does_not_belong_together) {
  const std::string host =
      nmap_host("10.0.0.5", nmap_port("80", R"(state="open" reason="syn-ack")"));
  const std::string syn = file("syn.xml", nmap_file(host));
  const std::string connect = file("connect.xml", nmap_file(host, "connect"));
  const std::string masscan = file("masscan.json", std::string(masscan_json));
  scan_header own_header = testing::sample_header();
  own_header.shard_index = own_header.shard_count = 1;
  const std::string own =
      file("own.ndjson", testing::written(report_format::ndjson, own_header, {}, {}));
  EXPECT_EQ(merge_error({syn, syn}), "");
  const std::string copy = file("copy.xml", nmap_file(host));
  EXPECT_EQ(merge_error({syn, copy}),
            copy + " does not belong to " + syn +
                ": the vantage is syn there and copy here (a name for both "
                "makes them one)");
  const merge_options named = {.vantage = "office"};
  EXPECT_EQ(merge_error({syn, copy}, named), "");
  EXPECT_EQ(
      merge_error({syn, connect}, named),
      connect + " does not belong to " + syn +
          ": it scanned by packets (-sS) there and by connect() (-sT) here, which do not mean "
          "the same by a port that is closed");
  EXPECT_EQ(merge_error({syn, masscan}, named), masscan + " does not belong to " + syn +
                                                    ": the scanner is nmap there and masscan here");
  const std::string silent =
      ": the scan of nmap 7.93 does not say what it was to ask (targets, ports, seed), and is "
      "merged only with others that do not";
  EXPECT_NE(merge_error({syn, own}, named).find(silent), std::string::npos)
      << merge_error({syn, own}, named);
  EXPECT_NE(merge_error({own, syn}, named).find(silent), std::string::npos)
      << merge_error({own, syn}, named);
}

TEST(page, claims_nothing_that_the_file_does_not_say) {
  const scan_results scan = foreign_scan(
      nmap_file(nmap_host("10.0.0.60", nmap_port("80", R"(state="open" reason="syn-ack")"))));
  const std::string html = results_page(std::vector{scan}, {});
  EXPECT_NE(html.find("<th scope=\"row\">Scanner</th><td>nmap 7.93</td>"), std::string::npos);
  EXPECT_NE(html.find("<th scope=\"row\">Complete</th><td>its file does not say</td>"),
            std::string::npos);
  for (const std::string_view row : {"Timeout", "Retries", "Rate", "Seed", "Shard", "Addresses"}) {
    EXPECT_NE(html.find(fmt::format("<th scope=\"row\">{}</th><td></td>", row)), std::string::npos)
        << row;
  }
}

}  // namespace
}  // namespace netscan
