#include "netscan/probe/reason.hpp"

#include <array>

#include "words.hpp"

namespace netscan {
namespace {

constexpr std::array<std::string_view, 4> state_words = {"open", "closed", "filtered", "error"};

// In the order of probe_reason.
constexpr auto reason_words = std::to_array<std::string_view>({
    "syn-ack",
    "conn-refused",
    "no-response",
    "net-unreach",
    "host-unreach",
    "no-neighbor",
    "proto-unreach",
    "port-unreach",
    "fragmentation-needed",
    "source-route-failed",
    "net-unknown",
    "host-unknown",
    "source-isolated",
    "net-prohibited",
    "host-prohibited",
    "net-tos-unreach",
    "host-tos-unreach",
    "admin-prohibited",
    "precedence-violation",
    "precedence-cutoff",
    "beyond-scope",
    "source-policy-failed",
    "route-rejected",
    "time-exceeded",
    "parameter-problem",
    "other-icmp",
    "local-error",
});
static_assert(reason_words.size() == static_cast<std::size_t>(probe_reason::local_error) + 1);

// The meaning of the codes of ICMP type 3, in their order (RFC 792, RFC 1122, RFC 1812).
constexpr auto unreachable_codes = std::to_array<probe_reason>({
    probe_reason::net_unreach,
    probe_reason::host_unreach,
    probe_reason::proto_unreach,
    probe_reason::port_unreach,
    probe_reason::fragmentation_needed,
    probe_reason::source_route_failed,
    probe_reason::net_unknown,
    probe_reason::host_unknown,
    probe_reason::source_isolated,
    probe_reason::net_prohibited,
    probe_reason::host_prohibited,
    probe_reason::net_tos_unreach,
    probe_reason::host_tos_unreach,
    probe_reason::admin_prohibited,
    probe_reason::precedence_violation,
    probe_reason::precedence_cutoff,
});

// The meaning of the codes of ICMPv6 type 1, in their order (RFC 4443 3.1).
constexpr auto unreachable_codes_v6 = std::to_array<probe_reason>({
    probe_reason::net_unreach,
    probe_reason::admin_prohibited,
    probe_reason::beyond_scope,
    probe_reason::host_unreach,
    probe_reason::port_unreach,
    probe_reason::source_policy_failed,
    probe_reason::route_rejected,
});

}  // namespace

std::string_view to_string(probe_state state) noexcept {
  return detail::word(state_words, state);
}

std::string_view to_string(probe_reason reason) noexcept {
  return detail::word(reason_words, reason);
}

std::optional<probe_state> parse_probe_state(std::string_view text) noexcept {
  return detail::parse_word<probe_state>(state_words, text);
}

std::optional<probe_reason> parse_probe_reason(std::string_view text) noexcept {
  return detail::parse_word<probe_reason>(reason_words, text);
}

probe_state state_of(probe_reason reason) noexcept {
  switch (reason) {
    case probe_reason::syn_ack:
      return probe_state::open;
    case probe_reason::conn_refused:
      return probe_state::closed;
    case probe_reason::local_error:
      return probe_state::error;
    default:
      return probe_state::filtered;
  }
}

bool is_rejection(probe_reason reason) noexcept {
  switch (reason) {
    case probe_reason::proto_unreach:
    case probe_reason::port_unreach:
    case probe_reason::net_prohibited:
    case probe_reason::host_prohibited:
    case probe_reason::admin_prohibited:
    case probe_reason::precedence_violation:
    case probe_reason::precedence_cutoff:
    case probe_reason::source_policy_failed:
    case probe_reason::route_rejected:
      return true;
    default:
      return false;
  }
}

probe_reason reason_of_icmp(ip_family family, std::uint8_t type, std::uint8_t code) noexcept {
  if (family == ip_family::v4) {
    if (type == 3 && code < unreachable_codes.size()) return unreachable_codes[code];
    if (type == 11 && code == 0) return probe_reason::time_exceeded;
    if (type == 12) return probe_reason::parameter_problem;
    return probe_reason::other_icmp;
  }
  if (type == 1 && code < unreachable_codes_v6.size()) return unreachable_codes_v6[code];
  if (type == 2) return probe_reason::fragmentation_needed;
  if (type == 3 && code == 0) return probe_reason::time_exceeded;
  if (type == 4) return probe_reason::parameter_problem;
  return probe_reason::other_icmp;
}

}  // namespace netscan
