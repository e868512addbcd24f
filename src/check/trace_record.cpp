#include "netscan/check/trace_record.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "probe/words.hpp"

namespace netscan {
namespace {

constexpr std::array<std::string_view, 4> stop_words = {"end", "gaps", "max-hops", "stopped"};

bool is_tcp(probe_reason reason) {
  return reason == probe_reason::syn_ack || reason == probe_reason::conn_refused;
}

std::string counted_hops(std::size_t count) {
  return fmt::format("{} hop{}", count, count == 1 ? "" : "s");
}

/// `hop 1, 192.168.77.1`; of several routers at one hop, all.
std::string place(const trace_hop& hop) {
  return fmt::format("hop {}, {}", hop.ttl, fmt::join(routers_of(hop), " and "));
}

/// Where the SYNs that were never answered were last seen.
std::string silence(const trace_record& trace) {
  if (trace.hops.empty()) return "no hop was asked";
  const trace_hop* const alive = last_alive(trace);
  if (alive == nullptr) {
    return fmt::format("no answer from any of {}", counted_hops(trace.hops.size()));
  }
  const std::size_t silent = static_cast<std::size_t>(trace.hops.back().ttl - alive->ttl);
  std::string text = fmt::format("last seen alive at {}", place(*alive));
  if (silent != 0) text += fmt::format(", then {} without an answer", counted_hops(silent));
  return text;
}

/// Who sent the ICMP error, with its hop if it is known by another answer.
std::string sender(const trace_record& trace, const ip_address& from) {
  if (trace.source && from == trace.source->address) return fmt::format("{}, this host", from);
  if (from == trace.ip) return fmt::format("{}, the target itself", from);
  const std::optional<std::uint8_t> hop = hop_of(trace, from);
  return hop ? fmt::format("{}, hop {}", from, *hop) : fmt::format("{}", from);
}

std::string by_icmp(const trace_record& trace, const probe_record& end) {
  if (!end.icmp) return "said by this host";
  const icmp_evidence& icmp = *end.icmp;
  std::string text =
      fmt::format("{} by {} (ICMP{} {}/{})", is_rejection(end.reason) ? "rejected" : "said",
                  sender(trace, icmp.from), icmp.from.is_v6() ? "v6" : "", icmp.type, icmp.code);
  if (end.reason == probe_reason::time_exceeded) text += "; inferred: the way goes in a circle";
  return text;
}

std::string nobody(const trace_record& trace) {
  const std::string_view protocol = trace.ip.is_v4() ? "ARP" : "ND";
  const std::optional<bool> is_near =
      trace.source ? on_link({&*trace.source, 1}, trace.ip) : std::nullopt;
  if (!is_near) return fmt::format("nobody answers {} on this host's own link", protocol);
  if (*is_near) return fmt::format("nobody answers {} for {}", protocol, trace.ip);
  return fmt::format("the router that this host sends to does not answer {}", protocol);
}

std::string by_tcp(const trace_record& trace) {
  const trace_hop* const hop = end_hop(trace);
  const bool at_end = hop != nullptr &&
                      std::any_of(hop->answers.begin(), hop->answers.end(),
                                  [](const trace_answer& answer) { return is_tcp(answer.reason); });
  if (at_end) return fmt::format("answered at hop {}", hop->ttl);
  return fmt::format("answered, but not to a SYN of at most {}",
                     counted_hops(trace.hops.empty() ? 0 : trace.hops.back().ttl));
}

std::string what_the_end_said(const trace_record& trace, const probe_record& end) {
  if (is_tcp(end.reason)) return by_tcp(trace);
  if (end.reason == probe_reason::no_response) return silence(trace);
  if (end.reason == probe_reason::no_neighbor) return nobody(trace);
  if (end.reason == probe_reason::local_error) {
    return fmt::format("this host could not ask: {}", std::strerror(end.local_errno));
  }
  return by_icmp(trace, end);
}

}  // namespace

std::uint16_t trace_hop::answered() const noexcept {
  std::size_t count = 0;
  for (const trace_answer& answer : answers) count += answer.rtts_us.size();
  return static_cast<std::uint16_t>(count);
}

bool trace_hop::is_router() const noexcept {
  return std::any_of(answers.begin(), answers.end(), [](const trace_answer& answer) {
    return answer.reason == probe_reason::time_exceeded;
  });
}

bool trace_hop::is_end() const noexcept {
  return std::any_of(answers.begin(), answers.end(), [](const trace_answer& answer) {
    return answer.reason != probe_reason::time_exceeded;
  });
}

std::string_view to_string(trace_stop stop) noexcept {
  return detail::word(stop_words, stop);
}

std::optional<trace_stop> parse_trace_stop(std::string_view text) noexcept {
  return detail::parse_word<trace_stop>(stop_words, text);
}

const trace_hop* last_alive(const trace_record& trace) noexcept {
  const auto found = std::find_if(trace.hops.rbegin(), trace.hops.rend(),
                                  [](const trace_hop& hop) { return hop.is_router(); });
  return found == trace.hops.rend() ? nullptr : &*found;
}

const trace_hop* end_hop(const trace_record& trace) noexcept {
  const auto found = std::find_if(trace.hops.begin(), trace.hops.end(),
                                  [](const trace_hop& hop) { return hop.is_end(); });
  return found == trace.hops.end() ? nullptr : &*found;
}

std::optional<std::uint8_t> hop_of(const trace_record& trace, const ip_address& router) noexcept {
  for (const trace_hop& hop : trace.hops) {
    const bool is_here =
        std::any_of(hop.answers.begin(), hop.answers.end(), [&](const trace_answer& answer) {
          return answer.reason == probe_reason::time_exceeded && answer.icmp &&
                 answer.icmp->from == router;
        });
    if (is_here) return hop.ttl;
  }
  return std::nullopt;
}

std::vector<ip_address> routers_of(const trace_hop& hop) {
  std::vector<ip_address> routers;
  for (const trace_answer& answer : hop.answers) {
    const bool is_router = answer.reason == probe_reason::time_exceeded && answer.icmp;
    if (is_router &&
        std::find(routers.begin(), routers.end(), answer.icmp->from) == routers.end()) {
      routers.push_back(answer.icmp->from);
    }
  }
  return routers;
}

std::string summary_of(const trace_record& trace) {
  if (!trace.end) return fmt::format("stopped before the end was known; {}", silence(trace));
  const probe_record& end = *trace.end;
  return fmt::format("{}: {}; {}", to_string(end.state()), to_string(end.reason),
                     what_the_end_said(trace, end));
}

}  // namespace netscan
