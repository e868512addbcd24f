// Reading policies.
#include "netscan/diagnose/policy.hpp"

#include <gtest/gtest.h>

#include <random>

#include "netscan/target/status.hpp"
#include "rounds.hpp"

namespace netscan {
namespace {

std::string error_of(std::string_view text) {
  const absl::StatusOr<policy> policy = parse_policy(text);
  return policy.ok() ? "no error" : std::string(message_of(policy.status()));
}

policy_rule only_rule(std::string_view text) {
  return parse_policy(text).value().rules.at(0);
}

/// A rule with the keys that each has to have, and one line more.
std::string rule_with(std::string_view line) {
  return "rules:\n- name: one\n  to: 10.0.0.1\n  ports: 80\n  " + std::string(line) + "\n";
}

std::vector<std::string> words_of(const reason_set& reasons) {
  std::vector<std::string> words;
  for (int i = 0; i <= static_cast<int>(probe_reason::local_error); ++i) {
    const auto reason = static_cast<probe_reason>(i);
    if (reasons.contains(reason)) words.emplace_back(to_string(reason));
  }
  return words;
}

std::vector<std::string> allowed_by(const std::string& expect) {
  return words_of(only_rule(rule_with(expect)).allowed);
}

TEST(policy, is_a_list_of_rules) {
  const policy policy = parse_policy(
                            "# who reaches what\n"
                            "rules:\n"
                            "  - name: clients reach GitLab\n"
                            "    from: [pc, \"office-*\"]\n"
                            "    to: [10.0.0.232, 10.0.0.249/32, 'fd00:10::232']\n"
                            "    ports: 80,443\n"
                            "    expect: open\n"
                            "  - name: nobody reaches the rest\n"
                            "    to: 10.0.0.0/24\n"
                            "    exclude: [10.0.0.232-249, 10.0.0.0]\n"
                            "    ports: [80, 443, 8000-8001]\n"
                            "    reasons: [admin-prohibited, no-response]\n")
                            .value();
  ASSERT_EQ(policy.rules.size(), 2U);
  const policy_rule& first = policy.rules[0];
  EXPECT_EQ(first.name, "clients reach GitLab");
  EXPECT_EQ(first.line, 3U);
  EXPECT_EQ(first.from, (std::vector<std::string>{"pc", "office-*"}));
  EXPECT_EQ(first.endpoints.total(), 6U);
  EXPECT_EQ(to_string(first.endpoints.at(0).address), "10.0.0.232");
  EXPECT_EQ(first.endpoints.at(1).port, 443);
  EXPECT_EQ(first.expected, "open");
  EXPECT_EQ(words_of(first.allowed), std::vector<std::string>{"syn-ack"});
  const policy_rule& second = policy.rules[1];
  EXPECT_EQ(second.line, 8U);
  EXPECT_TRUE(second.from.empty());
  EXPECT_EQ(second.endpoints.total(), (256U - 18 - 1) * 4);
  EXPECT_EQ(second.expected, "admin-prohibited or no-response");
  EXPECT_EQ(words_of(second.allowed),
            (std::vector<std::string>{"no-response", "admin-prohibited"}));
  EXPECT_TRUE(policy.notices.empty());
}

TEST(policy, says_what_its_words_stand_for) {
  EXPECT_EQ(allowed_by("expect: open"), std::vector<std::string>{"syn-ack"});
  EXPECT_EQ(allowed_by("expect: closed"), std::vector<std::string>{"conn-refused"});
  EXPECT_EQ(allowed_by("expect: reachable"), (std::vector<std::string>{"syn-ack", "conn-refused"}));
  EXPECT_EQ(
      allowed_by("expect: blocked"),
      (std::vector<std::string>{"no-response", "proto-unreach", "port-unreach", "net-prohibited",
                                "host-prohibited", "admin-prohibited", "precedence-violation",
                                "precedence-cutoff", "source-policy-failed", "route-rejected"}));
  EXPECT_EQ(allowed_by("expect: filtered").size(), 24U);  // all but open, closed and local-error
  EXPECT_EQ(allowed_by("expect: [closed, filtered]").size(), 25U);
  EXPECT_EQ(only_rule(rule_with("expect: [closed, filtered]")).expected, "closed or filtered");
}

TEST(policy, names_place_and_remedy_of_what_is_wrong) {
  EXPECT_EQ(error_of(""), "line 1, column 1: the policy is empty: expected 'rules:'");
  EXPECT_EQ(error_of("- a\n"), "line 1, column 1: the policy is no mapping: expected rules");
  EXPECT_EQ(error_of("rule:\n"), "line 1, column 1: unknown key 'rule': expected rules");
  EXPECT_EQ(error_of("rules:\n"), "line 1, column 1: expected 'rules:' with a list of rules");
  EXPECT_EQ(error_of("rules: []\n"),
            "line 1, column 1: there are no rules: such a policy would always hold");
  EXPECT_EQ(error_of("rules: [a]\n"),
            "line 1, column 9: the rule is no mapping: expected name, from, to, exclude, ports, "
            "expect, reasons");
  EXPECT_EQ(error_of(rule_with("expected: open")),
            "line 5, column 3: unknown key 'expected': expected name, from, to, exclude, ports, "
            "expect, reasons");
  EXPECT_EQ(error_of(rule_with("ports: 81")), "line 5, column 3: 'ports' comes a second time");
  EXPECT_EQ(error_of(rule_with("expect: opne")),
            "line 5, column 11: unknown expectation 'opne': expected open, closed, filtered, "
            "reachable or blocked");
  EXPECT_EQ(error_of(rule_with("expect: error")),
            "line 5, column 11: unknown expectation 'error': expected open, closed, filtered, "
            "reachable or blocked");
  EXPECT_EQ(error_of(rule_with("reasons: [no-response, local-error]")),
            "line 5, column 26: unknown reason 'local-error': expected one as in records, such as "
            "no-response or admin-prohibited");
  EXPECT_EQ(error_of(rule_with("from: pc")),
            "line 2, column 3: the rule needs 'expect' (open, closed, filtered, reachable or "
            "blocked) or else 'reasons', not both");
  EXPECT_EQ(error_of(rule_with("expect: open\n  reasons: syn-ack")),
            "line 2, column 3: the rule needs 'expect' (open, closed, filtered, reachable or "
            "blocked) or else 'reasons', not both");
  EXPECT_EQ(error_of("rules:\n- to: 10.0.0.1\n  ports: 80\n  expect: open\n"),
            "line 2, column 3: the rule has no 'name'");
  EXPECT_EQ(error_of(rule_with("expect:")),
            "line 5, column 3: 'expect' has a value that is no text");
  EXPECT_EQ(error_of(rule_with("expect: []")), "line 5, column 11: 'expect' is an empty list");
  EXPECT_EQ(error_of(rule_with("expect: [[open]]")),
            "line 5, column 12: 'expect' has a value that is no text");
  EXPECT_EQ(error_of(rule_with("expect: open\n  from: [a, '']")),
            "line 6, column 13: 'from' has a value that is no text");
  EXPECT_EQ(error_of(rule_with("expect: open") + "- name: one\n  to: 10.0.0.2\n  ports: 80\n  "
                                                 "expect: open\n"),
            "line 6, column 9: another rule is called 'one' too");
  EXPECT_EQ(error_of(rule_with("expect: open") + "---\nrules: []\n"),
            "line 6, column 1: a second document: a policy is one");
}

TEST(policy, takes_addresses_only_and_says_which_it_does_not) {
  const auto error_of_targets = [](const std::string& targets) {
    return error_of("rules:\n- name: one\n  to: " + targets + "\n  ports: 80\n  expect: open\n");
  };
  EXPECT_EQ(error_of_targets("gitlab.example"),
            "line 3, column 7: 'gitlab.example': names are not looked up, and results have none: "
            "expected addresses");
  EXPECT_EQ(error_of_targets("['@/etc/passwd']"),
            "line 3, column 8: '@/etc/passwd': a policy reads no other files");
  EXPECT_TRUE(error_of_targets("[10.0.0.1, 10.0.0.256]").starts_with("line 3, column 18: "));
  EXPECT_EQ(error_of_targets("10.0.0.1\n  exclude: 10.0.0.0/24"),
            "line 3, column 3: no targets are left");
  EXPECT_EQ(error_of_targets("'fd00::/16'"),
            "line 3, column 3: more than 2^40 addresses and ports: no scan answers for these");
  EXPECT_TRUE(error_of("rules:\n- name: one\n  to: 10.0.0.1\n  ports: [80, 0]\n  expect: open\n")
                  .starts_with("line 4, column 15: bad port '0'"));
  const policy with_host_bits =
      parse_policy("rules:\n- name: one\n  to: 10.0.0.5/24\n  ports: 80\n  expect: open\n").value();
  ASSERT_EQ(with_host_bits.notices.size(), 1U);
  EXPECT_TRUE(with_host_bits.notices[0].starts_with("line 3, column 7: "));
  // To say it of each of a hostile text's takes minutes.
  std::string many = "rules:\n- name: one\n  ports: 80\n  expect: [open, open, closed]\n  to: [";
  for (int i = 0; i < 100; ++i) many += "10.0.0.5/24, ";
  const policy with_many = parse_policy(many + "10.0.0.1]\n").value();
  ASSERT_EQ(with_many.notices.size(), 9U);
  EXPECT_EQ(with_many.notices.back(), "92 more targets were not taken as they are");
  EXPECT_EQ(with_many.rules[0].expected, "open or closed");
}

TEST(policy, reads_no_anchors_and_is_not_too_large) {
  EXPECT_EQ(error_of("rules:\n- name: one\n  to: &all 10.0.0.1\n  exclude: *all\n  ports: 80\n"
                     "  expect: open\n"),
            "line 4, column 12: an alias is not read here: write out what it stands for, or quote "
            "the '*'");
  EXPECT_EQ(error_of(std::string((1U << 20) + 1, '#')), "the policy is longer than 1 MiB");
}

/// By recursion, as one would define it.
bool matches_by_definition(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    return matches_by_definition(pattern.substr(1), text) ||
           (!text.empty() && matches_by_definition(pattern, text.substr(1)));
  }
  return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front()) &&
         matches_by_definition(pattern.substr(1), text.substr(1));
}

TEST(policy, patterns_match_as_defined) {
  EXPECT_TRUE(matches("office-*", "office-7"));
  EXPECT_FALSE(matches("office-*", "my-office-7"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_FALSE(matches("", "a"));
  std::mt19937 random(7);
  unsigned both[2] = {};
  const auto text = [&](std::string_view letters) {
    std::string result;
    for (auto left = random() % 8; left != 0; --left) result += letters[random() % letters.size()];
    return result;
  };
  for (unsigned i = 0; i < testing::rounds(50000); ++i) {
    const std::string pattern = text("ab*?");
    const std::string name = text("ab");
    const bool expected = matches_by_definition(pattern, name);
    ++both[expected ? 1 : 0];
    ASSERT_EQ(matches(pattern, name), expected) << pattern << " " << name;
  }
  EXPECT_GT(both[0], 1000U / 5);
  EXPECT_GT(both[1], 1000U / 5);
  // What would take a backtracking matcher for ever.
  std::string stars;
  for (int i = 0; i < 1000; ++i) stars += "*a";
  EXPECT_FALSE(matches(stars + "b", std::string(10000, 'a')));
}

}  // namespace
}  // namespace netscan
