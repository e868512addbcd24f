#include "netscan/diagnose/policy_verdict.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <tuple>

#include "endpoint_blocks.hpp"

namespace netscan {
namespace {

// In the order of finding_kind.
constexpr auto finding_words = std::to_array<std::string_view>(
    {"violated", "unclear", "could-not-ask", "not-asked", "no-vantage"});

reason_set reasons(std::initializer_list<probe_reason> list) {
  reason_set set;
  for (const probe_reason reason : list) set.insert(reason);
  return set;
}

/// What the verdict may stand for. Where only connect()'s errno was known, ICMP messages come
/// together in a few of these (icmp(7), icmp_err_convert in the kernel's net/ipv4/icmp.c and
/// net/ipv6/icmp.c).
reason_set readings_of(const probe_record& record, bool by_errno) {
  using enum probe_reason;
  const bool is_any_network = by_errno && record.reason == net_unreach;
  if (!is_unclear(record, by_errno) && !is_any_network) return reasons({record.reason});
  if (record.reason == conn_refused) return reasons({conn_refused, port_unreach});
  if (is_any_network) {
    return reasons({net_unreach, net_unknown, net_prohibited, net_tos_unreach});
  }
  return reasons({host_unreach, no_neighbor, host_prohibited, host_tos_unreach, admin_prohibited,
                  precedence_violation, precedence_cutoff, beyond_scope, time_exceeded});
}

enum class judgement : std::uint8_t { holds, violated, unclear };

judgement judge(const reason_set& allowed, const reason_set& readings) {
  const reason_set allowed_readings = allowed & readings;
  if (allowed_readings == readings) return judgement::holds;
  return allowed_readings.empty() ? judgement::violated : judgement::unclear;
}

std::uint64_t size_of(std::span<const index_range> ranges) {
  std::uint64_t size = 0;
  for (const index_range& range : ranges) size += range.last - range.first + 1;
  return size;
}

/// What is in both; each ascending and disjoint.
std::vector<index_range> common(std::span<const index_range> a, std::span<const index_range> b) {
  std::vector<index_range> both;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
    const std::uint64_t first = std::max(i->first, j->first);
    const std::uint64_t last = std::min(i->last, j->last);
    if (first <= last) both.push_back({first, last});
    ++(i->last < j->last ? i : j);
  }
  return both;
}

policy_finding finding_of(finding_kind kind, const plan& endpoints,
                          std::span<const index_range> ranges) {
  return {kind, detail::blocks_of(endpoints, ranges), size_of(ranges), std::nullopt};
}

/// A rule without a vantage that it is about: nothing is known of it.
policy_case case_of_nobody(std::size_t rule, const plan& endpoints, const std::string& pattern) {
  policy_case result;
  result.rule = rule;
  result.vantage = pattern;
  result.endpoints = result.unknown = endpoints.total();
  const index_range all{0, endpoints.total() - 1};
  result.findings.push_back(finding_of(finding_kind::no_vantage, endpoints, {&all, 1}));
  return result;
}

bool is_meant(const policy_rule& rule, std::string_view vantage) {
  return rule.from.empty() ||
         std::any_of(rule.from.begin(), rule.from.end(),
                     [&](const std::string& pattern) { return matches(pattern, vantage); });
}

}  // namespace

std::string_view to_string(finding_kind kind) noexcept {
  return finding_words[static_cast<std::size_t>(kind)];
}

bool policy_checker::likeness::operator<(const likeness& other) const noexcept {
  const auto fields = [](const likeness& of) {
    const icmp_evidence icmp = of.icmp.value_or(icmp_evidence());
    return std::tuple(of.kind, of.reason, of.local_errno, of.icmp.has_value(), icmp.type, icmp.code,
                      icmp.from);
  };
  return fields(*this) < fields(other);
}

policy_checker::vantage& policy_checker::vantage_of(std::string_view name) {
  // Records of one vantage come one after the other.
  if (last_ < vantages_.size() && vantages_[last_].name == name) return vantages_[last_];
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return vantages_[last_ = found->second];
  last_ = vantages_.size();
  numbers_.emplace(name, last_);
  vantage& added = vantages_.emplace_back();
  added.name = name;
  for (std::size_t i = 0; i < policy_.rules.size(); ++i) {
    if (is_meant(policy_.rules[i], name)) added.cases.try_emplace(i);
  }
  return added;
}

void policy_checker::add(const scan_header& header, const probe_record& record) {
  for (auto& [rule, open] : vantage_of(header.vantage).cases) {
    const policy_rule& of = policy_.rules[rule];
    add(open, of.endpoints, of.allowed, header.by_errno, record);
  }
}

void policy_checker::add(open_case& open, const plan& endpoints, const reason_set& allowed,
                         bool by_errno, const probe_record& record) const {
  const std::optional<std::uint64_t> index = endpoints.index_of({record.ip, record.port});
  if (!index) return;
  open.recorded.insert(*index);
  finding_kind kind = finding_kind::could_not_ask;
  if (record.reason != probe_reason::local_error) {
    const judgement found = judge(allowed, readings_of(record, by_errno));
    if (found != judgement::unclear) open.known.insert(*index);
    if (found == judgement::holds) return;
    if (found == judgement::violated) open.violated.insert(*index);
    kind = found == judgement::violated ? finding_kind::violated : finding_kind::unclear;
  }
  likeness alike{kind, record.reason, record.local_errno, record.icmp};
  if (alike.icmp && alike.icmp->from == record.ip) alike.icmp->from = ip_address();
  const auto [found, is_new] = open.sightings.try_emplace(alike);
  if (is_new) found->second.first = record;
  found->second.seen.insert(*index);
}

policy_case policy_checker::close(std::size_t rule, const std::string& name,
                                  const open_case& open) const {
  const plan& endpoints = policy_.rules[rule].endpoints;
  const std::uint64_t all = endpoints.total();
  policy_case result;
  result.rule = rule;
  result.vantage = name;
  result.endpoints = all;
  result.violated = open.violated.size();
  result.held = open.known.size() - open.violated.size();
  result.unknown = all - open.known.size();
  const std::vector<index_range> not_known = open.known.gaps(all);
  for (const auto& [alike, sighting] : open.sightings) {
    std::vector<index_range> ranges = sighting.seen.ranges();
    if (alike.kind != finding_kind::violated) ranges = common(ranges, not_known);
    if (ranges.empty()) continue;
    result.findings.push_back(finding_of(alike.kind, endpoints, ranges));
    result.findings.back().evidence = sighting.first;
  }
  const std::vector<index_range> not_asked = open.recorded.gaps(all);
  if (!not_asked.empty()) {
    result.findings.push_back(finding_of(finding_kind::not_asked, endpoints, not_asked));
  }
  const auto place = [](const policy_finding& finding) {
    return std::pair(finding.kind, finding.blocks.front().addresses.first);
  };
  std::stable_sort(
      result.findings.begin(), result.findings.end(),
      [&](const policy_finding& a, const policy_finding& b) { return place(a) < place(b); });
  return result;
}

/// A case for each pattern that means no vantage: who it is about may not be asked at all.
void policy_checker::add_nobody(std::vector<policy_case>& cases, std::size_t rule) const {
  const policy_rule& of = policy_.rules[rule];
  if (of.from.empty() && vantages_.empty()) cases.push_back(case_of_nobody(rule, of.endpoints, ""));
  for (const std::string& pattern : of.from) {
    const bool has_vantage =
        std::any_of(vantages_.begin(), vantages_.end(),
                    [&](const vantage& from) { return matches(pattern, from.name); });
    if (!has_vantage) cases.push_back(case_of_nobody(rule, of.endpoints, pattern));
  }
}

policy_verdict policy_checker::finish() && {
  policy_verdict verdict;
  for (std::size_t rule = 0; rule < policy_.rules.size(); ++rule) {
    for (const vantage& from : vantages_) {
      const auto open = from.cases.find(rule);
      if (open == from.cases.end()) continue;
      verdict.cases.push_back(close(rule, from.name, open->second));
    }
    add_nobody(verdict.cases, rule);
  }
  for (const policy_case& one : verdict.cases) {
    verdict.endpoints += one.endpoints;
    verdict.held += one.held;
    verdict.violated += one.violated;
    verdict.unknown += one.unknown;
  }
  return verdict;
}

policy_verdict check_policy(const policy& policy, std::span<const scan_results> scans) {
  policy_checker checker(policy);
  for (const scan_results& scan : scans) {
    checker.add(scan.header);
    for (const probe_record& record : scan.probes) checker.add(scan.header, record);
  }
  return std::move(checker).finish();
}

}  // namespace netscan
