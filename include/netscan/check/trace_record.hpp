/// What a trace found on the way to an endpoint: plain data.
///
/// A trace sends SYNs that may go only so many hops (their TTL, in IPv6 the hop limit), and SYNs
/// without a limit. A router at which a SYN has used up its hops says so with an ICMP message: the
/// SYN was alive there. What answers the others is the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/probe/record.hpp"
#include "netscan/target/plan.hpp"

namespace netscan {

/// One answer to the SYNs of a hop, with all that said the same. Several answers to one hop mean
/// that there are several ways: each SYN has a source port of its own, and routers choose among
/// equal ways by the ports (RFC 2992).
struct trace_answer {
  /// `time_exceeded` from a router on the way; any other is the end of the way.
  probe_reason reason = probe_reason::time_exceeded;
  std::optional<icmp_evidence> icmp;
  /// From each connect() to its answer.
  std::vector<std::uint32_t> rtts_us;

  friend bool operator==(const trace_answer&, const trace_answer&) = default;
};

/// The SYNs that could go `ttl` hops.
struct trace_hop {
  std::uint8_t ttl = 0;
  /// How many were answered, or waited for in full. The kernel repeats an unanswered one by itself.
  std::uint16_t queries = 0;
  /// In the order of their SYNs. Empty for a silent hop.
  std::vector<trace_answer> answers;

  /// The answers in number.
  std::uint16_t answered() const noexcept;
  /// Whether a router said that a SYN came as far as this.
  bool is_router() const noexcept;
  /// Whether the way ended here: an answer that is no router's `time_exceeded`.
  bool is_end() const noexcept;

  friend bool operator==(const trace_hop&, const trace_hop&) = default;
};

/// Why a trace went no further.
enum class trace_stop : std::uint8_t {
  end,       ///< the last hop is the end of the way
  gaps,      ///< so many hops in a row were silent
  max_hops,  ///< it was not to go further
  stopped,   ///< it was cancelled
};

/// `end`, `gaps`, `max-hops`, `stopped`.
std::string_view to_string(trace_stop stop) noexcept;
/// The reverse; nothing for a word that is not one.
std::optional<trace_stop> parse_trace_stop(std::string_view text) noexcept;

struct trace_record {
  std::string vantage;
  /// What was asked for, as it was written: `gitlab.ailab.com:443`.
  std::string target;
  ip_address ip;
  std::uint16_t port = 0;
  /// The address the SYNs were sent from; nothing without a route.
  std::optional<source_address> source;
  /// What the SYNs without a limit met, and where those with one came that far, what these met: a
  /// scan's verdict of the same endpoint. `attempts` are the connects that speak for it. Nothing
  /// when the trace was stopped before there was one.
  std::optional<probe_record> end;
  /// Hop by hop, without gaps; silent ones too.
  std::vector<trace_hop> hops;
  trace_stop stop = trace_stop::stopped;
  /// The options in effect.
  std::uint8_t max_hops = 0;
  std::uint8_t gaps = 0;
  std::uint32_t timeout_ms = 0;
  /// When it began, and how long it took.
  timestamp time{};
  std::uint64_t duration_us = 0;

  friend bool operator==(const trace_record&, const trace_record&) = default;
};

/// The last hop at which a router said that a SYN came as far as there; nullptr when none did.
const trace_hop* last_alive(const trace_record& trace) noexcept;

/// The hop that the end answered at; nullptr when it is not known.
const trace_hop* end_hop(const trace_record& trace) noexcept;

/// The first hop at which this router answered; nothing when it did at none.
std::optional<std::uint8_t> hop_of(const trace_record& trace, const ip_address& router) noexcept;

/// The routers of a hop, each once, in the order of their answers.
std::vector<ip_address> routers_of(const trace_hop& hop);

/// What the end said, and where the SYN was last seen alive, in a sentence or two that hold for
/// what was seen; what is concluded from it is marked `inferred:`. Begins with the state, as in
/// `filtered: no-response; last seen alive at hop 1, 192.168.77.1`.
std::string summary_of(const trace_record& trace);

}  // namespace netscan
