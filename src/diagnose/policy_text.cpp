#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "netscan/diagnose/policy_report.hpp"
#include "netscan/target/printable.hpp"
#include "policy_lines.hpp"
#include "report/painted_state.hpp"
#include "view.hpp"

namespace netscan {
namespace {

std::string amount(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

class policy_writer {
 public:
  policy_writer(const policy& policy, const policy_verdict& verdict,
                const policy_text_options& options)
      : policy_(policy), verdict_(verdict), options_(options) {}

  std::string write() && {
    auto next = verdict_.cases.begin();
    for (std::size_t i = 0; i < policy_.rules.size(); ++i) {
      const auto first = next;
      while (next != verdict_.cases.end() && next->rule == i) ++next;
      put_rule(policy_.rules[i], {first, next});
    }
    put_sums();
    return std::move(text_);
  }

 private:
  /// Findings that are alike from several vantages.
  struct line {
    const policy_finding* finding;
    std::vector<std::string> vantages;
  };

  void put_rule(const policy_rule& rule, std::span<const policy_case> cases) {
    std::vector<line> lines;
    std::map<std::tuple<finding_kind, std::string, std::string>, std::size_t> known;
    std::vector<std::string> holding;
    std::uint64_t endpoints = 0;
    for (const policy_case& one : cases) {
      if (one.findings.empty()) holding.push_back(one.vantage);
      endpoints += one.endpoints;
      for (const policy_finding& finding : one.findings) {
        // All blocks: the text may leave some out.
        std::string blocks;
        for (const endpoint_block& block : finding.blocks) blocks += to_string(block) + ' ';
        const auto [found, is_new] = known.try_emplace(
            std::tuple(finding.kind, blocks, detail::sentence_of(rule, finding)), lines.size());
        if (is_new) lines.push_back({&finding, {}});
        lines[found->second].vantages.push_back(one.vantage);
      }
    }
    const std::string name = fmt::format("{} (line {})", printable(rule.name), rule.line);
    if (lines.empty()) {
      put_mark("HOLDS", probe_state::open);
      text_ += fmt::format("{}: from {}, {}\n", name, detail::listed(holding),
                           amount(endpoints, "endpoint"));
    }
    std::stable_sort(lines.begin(), lines.end(), [](const line& a, const line& b) {
      return a.finding->kind < b.finding->kind;
    });
    for (const line& one : lines) {
      const bool is_violated = one.finding->kind == finding_kind::violated;
      put_mark(is_violated ? "VIOLATED" : "UNKNOWN",
               is_violated ? probe_state::filtered : probe_state::error);
      text_ +=
          fmt::format("{}: {} -> {}: {}\n", name, from(one), detail::endpoints_of(*one.finding),
                      detail::sentence_of(rule, *one.finding));
    }
  }

  static std::string from(const line& one) {
    if (one.vantages.front().empty() && one.finding->kind == finding_kind::no_vantage) {
      return "any vantage";
    }
    return detail::listed(one.vantages);
  }

  void put_mark(std::string_view mark, probe_state colour) {
    const std::string padding(sizeof "VIOLATED " - mark.size(), ' ');
    text_ += options_.colour ? detail::painted_state(mark, colour) : std::string(mark);
    text_ += padding;
  }

  void put_sums() {
    std::set<std::string_view> vantages;
    for (const policy_case& one : verdict_.cases) {
      const bool is_nobody =
          !one.findings.empty() && one.findings.front().kind == finding_kind::no_vantage;
      if (!is_nobody) vantages.insert(one.vantage);
    }
    text_ += fmt::format("\n{} from {}, {}: {} violated, {} unknown, {} hold\n",
                         amount(policy_.rules.size(), "rule"), amount(vantages.size(), "vantage"),
                         amount(verdict_.endpoints, "endpoint"), verdict_.violated,
                         verdict_.unknown, verdict_.held);
  }

  const policy& policy_;
  const policy_verdict& verdict_;
  const policy_text_options& options_;
  std::string text_;
};

}  // namespace

std::string policy_text(const policy& policy, const policy_verdict& verdict,
                        const policy_text_options& options) {
  return policy_writer(policy, verdict, options).write();
}

}  // namespace netscan
