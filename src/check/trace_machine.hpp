/// Every decision of a trace, without I/O: what to ask next, how long to wait, when to stop, and
/// what it all comes to. Told what happened and when, and asked for its next order, as the scan's
/// machine is.
///
/// All hops up to `gaps` beyond the last one that answered are asked at once, a SYN to each before
/// the second to any: routers limit the messages they send to one peer, and the first to each tells
/// the most. SYNs without a limit go first of all, for the end's own answer.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "netscan/check/trace.hpp"
#include "scan/machine.hpp"

namespace netscan::detail {

class trace_machine {
 public:
  /// `options` must be valid.
  explicit trace_machine(const trace_options& options);

  /// `aim` a slot, `abandon` one, `wait`, or `finished`.
  order next(instant now);

  /// How far the slot's SYN may go; 0 for as far as the system lets it.
  std::uint8_t hops(slot_index slot) const noexcept { return queries_[slot].hops; }
  instant aimed_at(slot_index slot) const noexcept { return queries_[slot].aimed_at; }
  bool in_flight(slot_index slot) const noexcept {
    return queries_[slot].state == query::in_flight;
  }
  /// Slots are numbered below it.
  std::uint32_t most_slots() const noexcept { return (options_.max_hops + 1) * options_.queries; }

  // What happened.

  void aimed(slot_index slot, instant now) noexcept;
  void answered(slot_index slot, const answer& answer, instant now);
  void silent(slot_index slot) noexcept;
  void failed_locally(slot_index slot, int error, instant now);
  /// It connected to itself: no answer at all, and asked again from another port.
  void self_connected(slot_index slot, instant now);

  /// What it has come to so far: hops, end, and why it went no further, into the record.
  void report(trace_record& record) const;

 private:
  struct query {
    enum kind : std::uint8_t { waiting_to_be_sent, in_flight, answered, silent, failed, dropped };

    std::uint8_t hops = 0;
    kind state = waiting_to_be_sent;
    std::uint8_t failures = 0;
    instant aimed_at{};
    answer what{};
    instant rtt{};
    int error = 0;
  };
  struct hop_count {
    unsigned sent = 0;
    unsigned ended = 0;
  };

  std::optional<slot_index> find_overdue(instant now) const noexcept;
  std::optional<std::uint8_t> find_hop_to_ask() const noexcept;
  unsigned last_hop() const noexcept;
  instant patience() const noexcept;
  instant next_deadline() const noexcept;
  void end(query& query, query::kind how) noexcept;
  void retry_or_fail(slot_index slot, int error, instant now);
  trace_hop hop_at(unsigned ttl) const;
  std::optional<probe_record> end_of_way(const trace_record& record) const;

  trace_options options_;
  std::vector<query> queries_;
  std::vector<hop_count> hops_;  // by TTL; [0] is without a limit
  std::deque<slot_index> again_;
  unsigned farthest_;        // the last hop that answered
  unsigned settled_;         // up to here all hops have ended
  unsigned end_ = 0;         // the first hop at which the way ended; 0: not known
  bool host_spoke_ = false;  // a TCP answer to a SYN without a limit: there is an end to be found
  instant slowest_{};
  instant paused_until_{};
  bool finished_ = false;
};

}  // namespace netscan::detail
