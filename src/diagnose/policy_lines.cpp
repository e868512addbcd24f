#include "policy_lines.hpp"

#include <fmt/format.h>

#include "report/error_name.hpp"

namespace netscan::detail {
namespace {

constexpr std::size_t most_blocks = 4;

/// `filtered (admin-prohibited from 192.168.77.1)`, `closed`.
std::string seen_of(const probe_record& record) {
  const std::string_view state = to_string(record.state());
  if (record.state() != probe_state::filtered) return std::string(state);
  std::string why(to_string(record.reason));
  if (record.icmp) {
    why += record.icmp->from == record.ip ? " from the address itself"
                                          : fmt::format(" from {}", record.icmp->from);
  }
  return fmt::format("{} ({})", state, why);
}

/// What a reader may not think of, where the way there should have been blocked.
std::string_view remark_on(const policy_rule& rule, const probe_record& record) {
  if (!rule.allowed.contains(probe_reason::no_response) &&
      !rule.allowed.contains(probe_reason::admin_prohibited)) {
    return "";
  }
  switch (record.reason) {
    case probe_reason::conn_refused:
      return "; the RST is the host's, or that of a firewall which refuses with one";
    case probe_reason::host_unreach:
    case probe_reason::host_unknown:
    case probe_reason::no_neighbor:
      return "; nobody was found at the address, and nothing has blocked the way there";
    default:
      return "";
  }
}

}  // namespace

std::string_view outcome_of(const policy_case& one) noexcept {
  if (one.violated != 0) return "violated";
  return one.unknown != 0 ? "unknown" : "holds";
}

std::string endpoints_of(const policy_finding& finding) {
  const std::size_t total = finding.blocks.size();
  const std::size_t shown = total > most_blocks ? most_blocks - 1 : total;
  std::string text;
  std::uint64_t left = finding.endpoints;
  for (std::size_t i = 0; i < shown; ++i) {
    const endpoint_block& block = finding.blocks[i];
    if (i != 0) text += ", ";
    text += to_string(block);
    left -= (absl::Uint128Low64(block.addresses.span()) + 1) * block.ports.size();
  }
  if (shown < total) text += fmt::format(" and {} more", left);
  return text;
}

std::string sentence_of(const policy_rule& rule, const policy_finding& finding) {
  switch (finding.kind) {
    case finding_kind::violated:
      return fmt::format("expected {}, seen {}{}", rule.expected, seen_of(*finding.evidence),
                         remark_on(rule, *finding.evidence));
    case finding_kind::unclear:
      return fmt::format(
          "expected {}, seen {}, which may stand for something else: the scanner knew no more "
          "than connect()'s errno, or not who sent it",
          rule.expected,
          finding.evidence->state() == probe_state::closed ? "closed (conn-refused)"
                                                           : seen_of(*finding.evidence));
    case finding_kind::could_not_ask:
      return fmt::format("could not ask ({})", error_text(finding.evidence->local_errno));
    case finding_kind::not_asked:
      // Some tools ask, and write down only what answered.
      return "no record: not asked, or left out of the results";
    case finding_kind::no_vantage:
      return "no results of such a vantage";
  }
  return "";
}

}  // namespace netscan::detail
