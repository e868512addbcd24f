// Holding scans against policies: examples, and random ones beside the definition.
#include "netscan/diagnose/policy_verdict.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "observations.hpp"
#include "rounds.hpp"

namespace netscan {
namespace {

using testing::address;

probe_record record_of(const std::string& ip, std::uint16_t port, probe_reason reason) {
  probe_record record;
  record.ip = address(ip);
  record.port = port;
  record.reason = reason;
  return record;
}

scan_results scan_of(const std::string& vantage, std::vector<probe_record> probes) {
  scan_results scan;
  scan.header.vantage = vantage;
  scan.probes = std::move(probes);
  return scan;
}

policy policy_of(const std::string& from, const std::string& to, const std::string& expect) {
  return parse_policy("rules:\n- name: one\n" + (from.empty() ? "" : "  from: " + from + "\n") +
                      "  to: " + to + "\n  ports: 80\n  " + expect + "\n")
      .value();
}

/// `violated 10.0.0.1:80`, by case and finding.
std::vector<std::string> findings_of(const policy_verdict& verdict) {
  std::vector<std::string> texts;
  for (const policy_case& one : verdict.cases) {
    for (const policy_finding& finding : one.findings) {
      std::string text = one.vantage + " " + std::string(to_string(finding.kind));
      for (const endpoint_block& block : finding.blocks) text += " " + to_string(block);
      texts.push_back(std::move(text));
    }
  }
  return texts;
}

using texts = std::vector<std::string>;

TEST(policy_verdict, what_was_seen_as_expected_holds) {
  const policy policy = policy_of("", "10.0.0.1", "expect: open");
  const std::vector<scan_results> scans = {
      scan_of("pc", {record_of("10.0.0.1", 80, probe_reason::syn_ack),
                     record_of("10.0.0.1", 443, probe_reason::no_response),
                     record_of("10.0.0.2", 80, probe_reason::no_response)})};
  const policy_verdict verdict = check_policy(policy, scans);
  EXPECT_EQ(findings_of(verdict), texts{});
  EXPECT_EQ(verdict.cases.size(), 1U);
  EXPECT_EQ(verdict.held, 1U);
  EXPECT_FALSE(verdict.is_violated() || verdict.is_unknown());
}

TEST(policy_verdict, what_was_not_seen_is_unknown) {
  const policy policy = policy_of("", "10.0.0.1-4", "expect: blocked");
  const std::vector<scan_results> scans = {
      scan_of("pc", {record_of("10.0.0.1", 80, probe_reason::no_response),
                     record_of("10.0.0.2", 80, probe_reason::local_error)}),
      scan_of("idle", {})};
  const policy_verdict verdict = check_policy(policy, scans);
  EXPECT_EQ(findings_of(verdict),
            (texts{"pc could-not-ask 10.0.0.2:80", "pc not-asked 10.0.0.3-10.0.0.4:80",
                   "idle not-asked 10.0.0.1-10.0.0.4:80"}));
  EXPECT_FALSE(verdict.is_violated());
  EXPECT_EQ(verdict.unknown, 7U);
}

TEST(policy_verdict, a_pattern_without_a_vantage_is_unknown) {
  const policy policy = policy_of("[pc, 'office-*']", "10.0.0.1", "expect: open");
  const policy_verdict verdict = check_policy(
      policy, std::vector{scan_of("pc", {record_of("10.0.0.1", 80, probe_reason::syn_ack)}),
                          scan_of("node", {})});
  EXPECT_EQ(findings_of(verdict), texts{"office-* no-vantage 10.0.0.1:80"});
  EXPECT_TRUE(verdict.is_unknown());
  EXPECT_EQ(findings_of(check_policy(policy_of("", "10.0.0.1", "expect: open"), {})),
            texts{" no-vantage 10.0.0.1:80"});
}

TEST(policy_verdict, blocked_is_what_somebody_decided_or_silence) {
  const policy policy = policy_of("", "10.0.0.1-6", "expect: blocked");
  const policy_verdict verdict = check_policy(
      policy, std::vector{scan_of("pc", {record_of("10.0.0.1", 80, probe_reason::no_response),
                                         record_of("10.0.0.2", 80, probe_reason::port_unreach),
                                         record_of("10.0.0.3", 80, probe_reason::conn_refused),
                                         record_of("10.0.0.4", 80, probe_reason::no_neighbor),
                                         record_of("10.0.0.5", 80, probe_reason::syn_ack),
                                         record_of("10.0.0.6", 80, probe_reason::syn_ack)})});
  EXPECT_EQ(findings_of(verdict), (texts{"pc violated 10.0.0.3:80", "pc violated 10.0.0.4:80",
                                         "pc violated 10.0.0.5-10.0.0.6:80"}));
}

TEST(policy_verdict, every_verdict_of_a_vantage_counts) {
  const policy policy = policy_of("", "10.0.0.1-2", "expect: open");
  const std::vector<scan_results> scans = {
      scan_of("pc", {record_of("10.0.0.1", 80, probe_reason::syn_ack),
                     record_of("10.0.0.2", 80, probe_reason::local_error)}),
      scan_of("pc", {record_of("10.0.0.1", 80, probe_reason::no_response),
                     record_of("10.0.0.2", 80, probe_reason::syn_ack)})};
  EXPECT_EQ(findings_of(check_policy(policy, scans)), texts{"pc violated 10.0.0.1:80"});
}

TEST(policy_verdict, an_errno_stands_for_all_that_it_may_mean) {
  scan_results scan = scan_of("nmap", {record_of("10.0.0.1", 80, probe_reason::conn_refused),
                                       record_of("10.0.0.2", 80, probe_reason::host_unreach)});
  scan.header.scanner = "nmap";
  scan.header.by_errno = true;
  const auto found = [&](const std::string& expect) {
    return findings_of(check_policy(policy_of("", "10.0.0.1-2", expect), std::vector{scan}));
  };
  EXPECT_EQ(found("expect: closed"),
            (texts{"nmap violated 10.0.0.2:80", "nmap unclear 10.0.0.1:80"}));
  EXPECT_EQ(found("expect: blocked"),
            (texts{"nmap unclear 10.0.0.1:80", "nmap unclear 10.0.0.2:80"}));
  EXPECT_EQ(found("expect: [closed, filtered]"), texts{});
  EXPECT_EQ(found("expect: open"),
            (texts{"nmap violated 10.0.0.1:80", "nmap violated 10.0.0.2:80"}));
}

TEST(policy_verdict, what_is_alike_is_one_finding_with_its_evidence) {
  const policy policy = policy_of("", "10.0.0.1-4", "expect: open");
  std::vector<probe_record> probes;
  for (const char* ip : {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"}) {
    probes.push_back(record_of(ip, 80, probe_reason::port_unreach));
    probes.back().icmp = icmp_evidence{3, 3, address("192.168.77.1")};
  }
  probes[1].icmp->from = probes[1].ip;
  probes[2].icmp->from = probes[2].ip;
  const policy_verdict verdict = check_policy(policy, std::vector{scan_of("pc", probes)});
  EXPECT_EQ(findings_of(verdict),
            (texts{"pc violated 10.0.0.1:80 10.0.0.4:80", "pc violated 10.0.0.2/31:80"}));
  EXPECT_EQ(verdict.cases[0].findings[0].evidence, probes[0]);
  EXPECT_EQ(verdict.cases[0].findings[1].evidence, probes[1]);
}

TEST(policy_verdict, a_large_rule_costs_no_more_than_what_was_seen) {
  const policy policy =
      parse_policy("rules:\n- name: all\n  to: 10.0.0.0/8\n  ports: 1-65535\n  expect: open\n")
          .value();
  const policy_verdict verdict = check_policy(
      policy, std::vector{scan_of("pc", {record_of("10.0.0.1", 2, probe_reason::syn_ack)})});
  EXPECT_EQ(findings_of(verdict), texts{"pc not-asked 10.0.0.0:1-65535 10.0.0.1:1,3-65535 "
                                        "10.0.0.2-10.255.255.255:1-65535"});
  EXPECT_EQ(verdict.unknown, (std::uint64_t{1} << 24) * 65535 - 1);
}

// --- random policies over random scans, beside the definition

/// The reasons that a random scan has, with their states as the README tells them, and what they
/// may stand for when the scanner knew connect()'s errno only.
struct known_reason {
  probe_reason reason;
  char state;  // o, c, f, e
  bool is_blocked;
  std::vector<probe_reason> by_errno;
};

const std::vector<known_reason>& some_reasons() {
  using enum probe_reason;
  static const std::vector<known_reason> reasons = {
      {syn_ack, 'o', false, {syn_ack}},
      {conn_refused, 'c', false, {conn_refused, port_unreach}},
      {no_response, 'f', true, {no_response}},
      {host_unreach,
       'f',
       false,
       {host_unreach, no_neighbor, host_prohibited, host_tos_unreach, admin_prohibited,
        precedence_violation, precedence_cutoff, beyond_scope, time_exceeded}},
      {no_neighbor, 'f', false, {no_neighbor}},
      {port_unreach, 'f', true, {port_unreach}},
      {admin_prohibited, 'f', true, {admin_prohibited}},
      {local_error, 'e', false, {local_error}}};
  return reasons;
}

struct random_rule {
  std::vector<std::string> from;
  std::set<std::string> to;
  std::set<std::uint16_t> ports;
  std::string expect;
  bool is_reasons = false;
  std::set<probe_reason> allowed;
};

using spot = std::pair<std::string, std::uint16_t>;

class random_world {
 public:
  explicit random_world(unsigned seed) : random_(seed) {}

  random_rule rule() {
    random_rule rule;
    for (auto left = below(3); left != 0; --left) rule.from.push_back(pick(patterns_));
    for (const std::string& ip : ips_) {
      if (below(3) != 0) rule.to.insert(ip);
    }
    if (rule.to.empty()) rule.to.insert(ips_.front());
    for (std::uint16_t port = 1; port <= 6; ++port) {
      if (below(2) != 0) rule.ports.insert(port);
    }
    if (rule.ports.empty()) rule.ports.insert(1);
    rule.is_reasons = below(3) == 0;
    if (rule.is_reasons) {
      const known_reason& one = some_reasons()[below(some_reasons().size() - 1)];
      rule.expect = to_string(one.reason);
      rule.allowed = {one.reason};
    } else {
      rule.expect = pick({"open", "closed", "filtered", "reachable", "blocked"});
      for (const known_reason& one : some_reasons()) {
        const bool is_in = (rule.expect == "open" && one.state == 'o') ||
                           (rule.expect == "closed" && one.state == 'c') ||
                           (rule.expect == "filtered" && one.state == 'f') ||
                           (rule.expect == "reachable" && (one.state == 'o' || one.state == 'c')) ||
                           (rule.expect == "blocked" && one.is_blocked);
        if (is_in) rule.allowed.insert(one.reason);
      }
      // Of those that only an errno may stand for.
      using enum probe_reason;
      if (rule.expect == "filtered") {
        rule.allowed.insert({host_prohibited, host_tos_unreach, precedence_violation,
                             precedence_cutoff, beyond_scope, time_exceeded});
      }
      if (rule.expect == "blocked") {
        rule.allowed.insert({host_prohibited, precedence_violation, precedence_cutoff});
      }
    }
    return rule;
  }

  scan_results scan() {
    scan_results scan = scan_of(pick({"pc", "office-1", "office-2", "node"}), {});
    scan.header.by_errno = below(3) == 0;
    for (const std::string& ip : ips_) {
      for (std::uint16_t port = 1; port <= 6; ++port) {
        if (below(4) == 0) continue;
        const known_reason& reason = some_reasons()[below(some_reasons().size())];
        scan.probes.push_back(record_of(ip, port, reason.reason));
        probe_record& record = scan.probes.back();
        if (record.reason == probe_reason::local_error) record.local_errno = 99;
        if (record.state() == probe_state::filtered && record.reason != probe_reason::no_response &&
            below(4) != 0) {
          record.icmp = icmp_evidence{3, 1, address(below(2) == 0 ? ip : "192.168.77.1")};
        }
      }
    }
    std::shuffle(scan.probes.begin(), scan.probes.end(), random_);
    return scan;
  }

  std::size_t below(std::size_t n) { return random_() % n; }

 private:
  std::string pick(const std::vector<std::string>& of) { return of[below(of.size())]; }

  std::mt19937 random_;
  std::vector<std::string> ips_ = {"10.0.0.1", "10.0.0.2", "10.0.0.3",   "10.0.0.7",
                                   "10.0.0.8", "fd00::1",  "fd00::ffff", "fd00::1:0"};
  std::vector<std::string> patterns_ = {"pc", "office-?", "*", "*o*", "lab", "office-2"};
};

std::string yaml_of(const std::vector<random_rule>& rules) {
  std::string text = "rules:\n";
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const random_rule& rule = rules[i];
    text += "- name: rule " + std::to_string(i) + "\n";
    const auto list = [&](std::string_view key, const auto& items) {
      if (items.empty()) return;
      text += "  " + std::string(key) + ":\n";
      for (const auto& item : items) text += "  - \"" + item + "\"\n";
    };
    list("from", rule.from);
    list("to", rule.to);
    std::vector<std::string> ports;
    for (const std::uint16_t port : rule.ports) ports.push_back(std::to_string(port));
    list("ports", ports);
    text += std::string(rule.is_reasons ? "  reasons: " : "  expect: ") + rule.expect + "\n";
  }
  return text;
}

/// Does the pattern mean the vantage? Of the few that there are, by hand.
bool means(const std::string& pattern, const std::string& vantage) {
  if (pattern == "*") return true;
  if (pattern == "*o*") return vantage != "pc";
  if (pattern == "office-?") return vantage.starts_with("office-");
  return pattern == vantage;
}

using found = std::map<std::tuple<std::string, finding_kind>, std::set<spot>>;

/// What is to be found of a rule, endpoint by endpoint.
found expected_of(const random_rule& rule, const std::vector<scan_results>& scans,
                  std::uint64_t& held) {
  found result;
  std::set<std::string> vantages;
  for (const scan_results& scan : scans) vantages.insert(scan.header.vantage);
  std::vector<std::string> patterns = rule.from;
  if (patterns.empty()) patterns.emplace_back("*");
  std::set<std::string> meant;
  for (const std::string& pattern : patterns) {
    bool is_there = false;
    for (const std::string& vantage : vantages) {
      if (!means(pattern, vantage)) continue;
      is_there = true;
      meant.insert(vantage);
    }
    if (is_there) continue;
    for (const std::string& ip : rule.to) {
      for (const std::uint16_t port : rule.ports) {
        result[{pattern, finding_kind::no_vantage}].insert({ip, port});
      }
    }
  }
  for (const std::string& vantage : meant) {
    for (const std::string& ip : rule.to) {
      for (const std::uint16_t port : rule.ports) {
        bool holds = false, violated = false, unclear = false, failed = false;
        for (const scan_results& scan : scans) {
          if (scan.header.vantage != vantage) continue;
          for (const probe_record& record : scan.probes) {
            if (record.ip != address(ip) || record.port != port) continue;
            const auto known =
                std::find_if(some_reasons().begin(), some_reasons().end(),
                             [&](const known_reason& one) { return one.reason == record.reason; });
            if (known->state == 'e') {
              failed = true;
              continue;
            }
            const bool is_bare =
                record.reason == probe_reason::host_unreach && !record.icmp.has_value();
            std::vector<probe_reason> readings = {record.reason};
            if (scan.header.by_errno || is_bare) readings = known->by_errno;
            const auto in =
                std::count_if(readings.begin(), readings.end(),
                              [&](probe_reason reading) { return rule.allowed.contains(reading); });
            if (in == std::ssize(readings)) {
              holds = true;
            } else if (in == 0) {
              violated = true;
            } else {
              unclear = true;
            }
          }
        }
        const spot at{ip, port};
        if (violated) {
          result[{vantage, finding_kind::violated}].insert(at);
        } else if (holds) {
          ++held;
        } else {
          if (unclear) result[{vantage, finding_kind::unclear}].insert(at);
          if (failed) result[{vantage, finding_kind::could_not_ask}].insert(at);
          if (!unclear && !failed) result[{vantage, finding_kind::not_asked}].insert(at);
        }
      }
    }
  }
  return result;
}

TEST(policy_verdict, random_scans_are_judged_as_defined) {
  std::map<finding_kind, std::uint64_t> seen;
  std::uint64_t all_held = 0;
  for (unsigned seed = 0; seed < testing::rounds(600); ++seed) {
    SCOPED_TRACE(seed);
    random_world world(seed);
    std::vector<random_rule> rules;
    for (auto left = 1 + world.below(3); left != 0; --left) rules.push_back(world.rule());
    std::vector<scan_results> scans;
    for (auto left = 1 + world.below(4); left != 0; --left) scans.push_back(world.scan());
    const policy policy = parse_policy(yaml_of(rules)).value();
    const policy_verdict verdict = check_policy(policy, scans);

    std::uint64_t endpoints = 0, held = 0, violated = 0, unknown = 0;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      std::uint64_t wanted_held = 0;
      const found wanted = expected_of(rules[i], scans, wanted_held);
      found got;
      std::uint64_t got_held = 0;
      for (const policy_case& one : verdict.cases) {
        if (one.rule != i) continue;
        ASSERT_EQ(one.endpoints, one.held + one.violated + one.unknown);
        ASSERT_EQ(one.endpoints, rules[i].to.size() * rules[i].ports.size());
        got_held += one.held;
        endpoints += one.endpoints;
        held += one.held;
        violated += one.violated;
        unknown += one.unknown;
        std::set<std::tuple<finding_kind, probe_reason, spot>> once;
        for (const policy_finding& finding : one.findings) {
          ++seen[finding.kind];
          std::uint64_t size = 0;
          for (const endpoint_block& block : finding.blocks) {
            for (ip_address at = block.addresses.first;; at = advance(at, 1)) {
              for (std::uint32_t port = 0; port < block.ports.size(); ++port) {
                ++size;
                got[{one.vantage, finding.kind}].insert({to_string(at), block.ports.at(port)});
              }
              if (at == block.addresses.last) break;
            }
          }
          ASSERT_EQ(size, finding.endpoints);
        }
      }
      ASSERT_EQ(got, wanted) << yaml_of(rules);
      ASSERT_EQ(got_held, wanted_held);
      all_held += got_held;
    }
    ASSERT_EQ(verdict.endpoints, endpoints);
    ASSERT_EQ(verdict.held, held);
    ASSERT_EQ(verdict.violated, violated);
    ASSERT_EQ(verdict.unknown, unknown);
  }
  // The random worlds show each kind.
  EXPECT_EQ(seen.size(), 5U);
  for (const auto& [kind, count] : seen) EXPECT_GT(count, 50U / 5) << to_string(kind);
  EXPECT_GT(all_held, 1000U / 5);
}

}  // namespace
}  // namespace netscan
