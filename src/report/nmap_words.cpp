#include "nmap_words.hpp"

#include <array>

namespace netscan::detail {
namespace {

struct nmap_word {
  probe_reason reason;
  std::string_view text;
};

// Of several lines with one reason or one word the first counts.
constexpr auto nmap_reason_words = std::to_array<nmap_word>({
    {probe_reason::syn_ack, "syn-ack"},
    {probe_reason::conn_refused, "conn-refused"},
    {probe_reason::conn_refused, "reset"},
    {probe_reason::no_response, "no-response"},
    {probe_reason::net_unreach, "net-unreach"},
    {probe_reason::net_unreach, "no-route"},  // of ICMPv6
    {probe_reason::host_unreach, "host-unreach"},
    {probe_reason::no_neighbor, "host-unreach"},
    {probe_reason::proto_unreach, "proto-unreach"},
    {probe_reason::port_unreach, "port-unreach"},
    {probe_reason::net_prohibited, "net-prohibited"},
    {probe_reason::host_prohibited, "host-prohibited"},
    {probe_reason::admin_prohibited, "admin-prohibited"},
    {probe_reason::beyond_scope, "beyond-scope"},
    {probe_reason::route_rejected, "reject-route"},
    {probe_reason::time_exceeded, "time-exceeded"},
    {probe_reason::parameter_problem, "param-problem"},
    {probe_reason::other_icmp, "dest-unreach"},
    {probe_reason::local_error, "local-error"},
});

std::optional<probe_reason> reason_of_word(std::string_view text) noexcept {
  for (const nmap_word& word : nmap_reason_words) {
    if (word.text == text) return word.reason;
  }
  return std::nullopt;
}

}  // namespace

std::string_view nmap_state(probe_state state) noexcept {
  return state == probe_state::error ? "unknown" : to_string(state);
}

std::string_view nmap_reason(probe_reason reason) noexcept {
  for (const nmap_word& word : nmap_reason_words) {
    if (word.reason == reason) return word.text;
  }
  return nmap_reason(probe_reason::other_icmp);
}

std::optional<probe_reason> reason_of_nmap(std::string_view state,
                                           std::string_view reason) noexcept {
  if (state == "open") return probe_reason::syn_ack;
  if (state == "closed") return probe_reason::conn_refused;
  if (state != "filtered") return std::nullopt;
  for (const std::string_view plural : {"", "s", "es"}) {
    if (!reason.ends_with(plural)) continue;
    const auto word = reason_of_word(reason.substr(0, reason.size() - plural.size()));
    if (word && state_of(*word) == probe_state::filtered) return word;
  }
  return std::nullopt;
}

}  // namespace netscan::detail
