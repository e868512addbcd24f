// What was found of a policy, as text, JSON and JUnit's XML.
#include "netscan/diagnose/policy_report.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "observations.hpp"

namespace netscan {
namespace {

namespace json = boost::json;
using testing::address;

constexpr std::string_view two_rules =
    "rules:\n"
    "- name: clients reach GitLab\n"
    "  to: [10.0.0.232, 10.0.0.249]\n"
    "  ports: 80,443\n"
    "  expect: open\n"
    "- name: nobody reaches the rest\n"
    "  from: [pc, lab]\n"
    "  to: 10.0.0.60-62\n"
    "  ports: 443\n"
    "  expect: blocked\n";

scan_results sweep_from(const std::string& vantage, probe_reason at_249) {
  scan_results scan;
  scan.header.vantage = vantage;
  const auto add = [&](const std::string& ip, std::uint16_t port, probe_reason reason) {
    probe_record& record = scan.probes.emplace_back();
    record.ip = address(ip);
    record.port = port;
    record.reason = reason;
    record.attempts = 1;
    record.time = timestamp(std::chrono::milliseconds(1767607200123));
  };
  for (const std::uint16_t port : {std::uint16_t{80}, std::uint16_t{443}}) {
    add("10.0.0.232", port, probe_reason::syn_ack);
    add("10.0.0.249", port, at_249);
  }
  for (const char* ip : {"10.0.0.60", "10.0.0.61"}) {
    add(ip, 443, probe_reason::admin_prohibited);
    scan.probes.back().icmp = icmp_evidence{3, 13, address("192.168.77.1")};
  }
  return scan;
}

struct judged {
  netscan::policy policy = parse_policy(two_rules).value();
  policy_verdict verdict;

  explicit judged(const std::vector<scan_results>& scans) : verdict(check_policy(policy, scans)) {}
};

TEST(policy_text, tells_each_finding_with_its_evidence) {
  const judged one({sweep_from("pc", probe_reason::no_response),
                    sweep_from("node", probe_reason::no_response),
                    sweep_from("desk", probe_reason::conn_refused)});
  EXPECT_EQ(
      policy_text(one.policy, one.verdict),
      "VIOLATED  clients reach GitLab (line 2): pc and node -> 10.0.0.249:80,443: expected "
      "open, seen filtered (no-response)\n"
      "VIOLATED  clients reach GitLab (line 2): desk -> 10.0.0.249:80,443: expected open, "
      "seen closed\n"
      "UNKNOWN   nobody reaches the rest (line 6): pc -> 10.0.0.62:443: no record: "
      "not asked, or left out of the results\n"
      "UNKNOWN   nobody reaches the rest (line 6): lab -> 10.0.0.60-10.0.0.62:443: no results of "
      "such a vantage\n"
      "\n"
      "2 rules from 3 vantages, 18 endpoints: 6 violated, 4 unknown, 8 hold\n");
}

TEST(policy_text, explains_what_blocked_does_not_take) {
  scan_results scan = sweep_from("pc", probe_reason::syn_ack);
  for (probe_record& record : scan.probes) {
    if (record.ip == address("10.0.0.60")) {
      record.reason = probe_reason::conn_refused;
      record.icmp.reset();
    }
    if (record.ip == address("10.0.0.61")) {
      record.reason = probe_reason::host_unreach;
      record.icmp = icmp_evidence{3, 1, address("192.168.77.1")};
    }
  }
  const judged one({scan});
  const std::string text = policy_text(one.policy, one.verdict);
  EXPECT_TRUE(text.starts_with("HOLDS     clients reach GitLab (line 2): from pc, 4 endpoints\n"))
      << text;
  EXPECT_NE(
      text.find("10.0.0.60:443: expected blocked, seen closed; the RST is the host's, or that "
                "of a firewall which refuses with one\n"),
      text.npos)
      << text;
  EXPECT_NE(text.find("10.0.0.61:443: expected blocked, seen filtered (host-unreach from "
                      "192.168.77.1); nobody was found at the address, and nothing has blocked the "
                      "way there\n"),
            text.npos)
      << text;
}

TEST(policy_text, is_printable_and_coloured_on_request) {
  netscan::policy policy =
      parse_policy("rules:\n- name: \"a\\e[31m\\n\"\n  to: 10.0.0.1\n  ports: 80\n  expect: open\n")
          .value();
  const policy_verdict verdict =
      check_policy(policy, std::vector{sweep_from("evil\x1b]0;x\x07", probe_reason::syn_ack)});
  const std::string text = policy_text(policy, verdict);
  for (const char c : text) EXPECT_TRUE(c == '\n' || (c >= ' ' && c != '\x7f'));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_TRUE(policy_text(policy, verdict, {.colour = true}).starts_with("\033[35mUNKNOWN\033[0m"));
}

TEST(policy_json, is_one_document_with_all_of_it) {
  const judged one({sweep_from("pc", probe_reason::no_response)});
  const json::object document = json::parse(policy_json(one.policy, one.verdict)).as_object();
  EXPECT_EQ(document.at("type"), "policy");
  EXPECT_EQ(document.at("violated"), 2);
  const json::object& rule = document.at("rules").at(0).as_object();
  EXPECT_EQ(rule.at("line"), 2);
  const json::object& of_pc = rule.at("cases").at(0).as_object();
  EXPECT_EQ(of_pc.at("outcome"), "violated");
  EXPECT_EQ(
      json::serialize(of_pc.at("findings")),
      R"([{"kind":"violated","count":2,"endpoints":[{"addresses":"10.0.0.249","ports":"80,443"}],)"
      R"("evidence":{"ip":"10.0.0.249","port":80,"state":"filtered","reason":"no-response",)"
      R"("attempts":1,"time":"2026-01-05T10:00:00.123Z"}}])");
  EXPECT_EQ(document.at("rules").at(1).at("cases").as_array().size(), 2U);
  EXPECT_EQ(document.at("rules").at(1).at("cases").at(1).at("outcome"), "unknown");
}

TEST(policy_junit, has_a_case_for_each_rule_and_vantage) {
  const judged one({sweep_from("pc<&\x01>", probe_reason::no_response)});
  const std::string name = "pc&lt;&amp;\xef\xbf\xbd&gt;";
  const std::string nobody =
      "\" name=\"nobody reaches the rest, from pc\">\n"
      "      <error message=\"expected blocked: 0 violated, 3 unknown of 3\" type=\"unknown\">pc "
      "-&gt; 10.0.0.60-10.0.0.62:443: no results of such a vantage\n</error>\n"
      "    </testcase>\n";
  const std::string lab =
      "    <testcase classname=\"nobody reaches the rest\" name=\"nobody reaches the rest, from "
      "lab\">\n"
      "      <error message=\"expected blocked: 0 violated, 3 unknown of 3\" type=\"unknown\">lab "
      "-&gt; 10.0.0.60-10.0.0.62:443: no results of such a vantage\n</error>\n"
      "    </testcase>\n";
  EXPECT_EQ(policy_junit(one.policy, one.verdict, "policy.yaml"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites tests=\"3\" failures=\"1\" errors=\"2\">\n"
            "  <testsuite name=\"policy.yaml\" tests=\"3\" failures=\"1\" errors=\"2\" "
            "skipped=\"0\">\n"
            "    <testcase classname=\"clients reach GitLab\" name=\"clients reach GitLab, from " +
                name +
                "\">\n"
                "      <failure message=\"expected open: 2 violated, 0 unknown of 4\" "
                "type=\"violated\">" +
                name +
                " -&gt; 10.0.0.249:80,443: expected open, seen filtered (no-response)\n"
                "</failure>\n"
                "    </testcase>\n"
                "    <testcase classname=\"nobody reaches the rest" +
                nobody + lab + "  </testsuite>\n</testsuites>\n");
}

}  // namespace
}  // namespace netscan
