/// Every decision of a scan, without I/O.
///
/// What to ask next, when to give up, whether to ask again, how fast and how many at once, and the
/// accounting. The machine has no socket and no clock: it is told what happened and when, and is
/// asked for its next order, which its driver carries out before it asks for another.
///
/// An attempt waits at most the hard timeout. It is *reclaimable* from the soft timeout on, which
/// follows the round-trip times seen: then its slot may be taken for a new probe, oldest first, but
/// only when there is no free one. All attempts share the two timeouts, so the attempts in flight,
/// in the order they were sent, are the whole timer structure.
///
/// Silent probes go to one of two queues. `again_` holds those to be asked again for certain, as
/// soon as the plan has no new ones: their attempt was cut short. `undecided_` holds those that
/// waited in full: whether another attempt is worth it is decided when nothing else is left to do,
/// from what the passes have shown. `held_` holds probes whose address or network has as many
/// attempts in flight as it may have. When the queues are full, no new probes are taken from the
/// plan until they are settled, so memory does not grow with the plan.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <boost/circular_buffer.hpp>

#include "admission.hpp"
#include "netscan/probe/record.hpp"
#include "netscan/scan/options.hpp"
#include "netscan/scan/scan.hpp"
#include "netscan/target/plan.hpp"
#include "rtt_estimate.hpp"
#include "token_bucket.hpp"

namespace netscan::detail {

/// Time since a fixed point; never goes back.
using instant = std::chrono::nanoseconds;

using slot_index = std::uint32_t;

struct order {
  enum kind : std::uint8_t {
    aim,       ///< ask destination(slot); then call aimed() or failed_locally()
    abandon,   ///< stop waiting for the slot's answer; then call silent(), or answered() after all
    flush,     ///< hand out records(); then call flushed()
    wait,      ///< nothing to do before `until`, unless something happens
    finished,  ///< every probe has ended
  };

  kind what;
  slot_index slot = 0;
  instant until{};
};

/// What an attempt has shown. Without an ICMP error and neither open nor closed, it is knowledge of
/// this host's own (no_neighbor, from the neighbour table).
struct answer {
  probe_reason reason = probe_reason::no_response;
  std::optional<icmp_evidence> icmp;
};

struct machine_options {
  instant hard_timeout = std::chrono::milliseconds(1100);
  netscan::timing timing = timing::standard;
  unsigned retries = 1;
  std::uint64_t rate = 0;
  std::uint32_t concurrency = 1024;
  /// What one address, network or link may be asked at once.
  admission_limits limits = {};
  /// Silent probes kept for a later pass, at most.
  std::size_t retry_capacity = 1 << 18;
  /// Addresses that are skipped: no TCP connection can be made to them from this host.
  address_set unaskable = {};
  /// The wall clock at instant zero, for the records' times. Taken once, so that a clock that is
  /// set during a scan does not confuse them.
  timestamp epoch{};
};

/// True for an errno that says this host is short of something for the moment: the probe is tried
/// again later, and the scan slows down.
bool is_back_pressure(int error) noexcept;

class scan_machine {
 public:
  /// `plan` must outlive the machine.
  scan_machine(const plan& plan, plan_slice slice, machine_options options);

  order next(instant now);

  const endpoint& destination(slot_index slot) const noexcept { return slots_[slot].destination; }
  instant aimed_at(slot_index slot) const noexcept { return slots_[slot].aimed_at; }

  // What happened. `syns` is the number of packets an attempt took: more than one when the kernel
  // repeated it.

  void aimed(slot_index slot, instant now) noexcept;
  void answered(slot_index slot, const answer& answer, unsigned syns, instant now);
  void silent(slot_index slot, unsigned syns, instant now);
  /// The attempt could not be sent, or failed for a reason of this host's own.
  void failed_locally(slot_index slot, int error, unsigned syns, instant now);
  /// It connected to itself, source and destination being the same (about one in 60,000 on a local
  /// address): that is no answer, and it is asked again from another port.
  void self_connected(slot_index slot, unsigned syns, instant now);

  std::span<const probe_record> records() const noexcept { return records_; }
  void flushed() noexcept { records_.clear(); }

  /// Attempts sent so far.
  std::uint64_t attempts() const noexcept { return attempts_; }
  std::uint32_t in_flight() const noexcept { return in_flight_; }
  /// The most attempts that may ever be in flight; slots are numbered below it.
  std::uint32_t concurrency() const noexcept { return options_.concurrency; }
  /// The counts so far. What has no verdict yet is `not_started`.
  scan_summary summary() const noexcept;

 private:
  static constexpr slot_index none = ~slot_index{0};
  static constexpr unsigned max_attempts = 255;

  /// A probe between attempts.
  struct pending {
    std::uint64_t index = 0;
    std::int32_t local_errno = 0;
    std::uint16_t attempts = 0;
    std::uint8_t local_failures = 0;
    bool waited_in_full = false;  // some earlier attempt did
  };

  /// What a slot is busy with.
  struct attempt {
    endpoint destination;
    pending probe;
    instant aimed_at{};
    slot_index older = none;
    slot_index newer = none;
    bool in_flight = false;
  };

  bool find_new_probe();
  bool work_is_left() { return !held_.empty() || find_new_probe() || !again_.empty(); }
  std::size_t room() const noexcept;
  admission::verdict choose_probe(instant now);
  admission::verdict try_held_probes(instant now);
  admission::verdict choose(const pending& probe, const endpoint& destination, instant now);
  order start_probe();
  order wait_for_admission(admission::verdict why, instant now) const noexcept;
  order settle(instant now);
  order wait_until(instant until) const noexcept;
  bool worth_asking_again(const pending& probe) const noexcept;

  static pending note_local_failure(pending probe, int error) noexcept;
  slot_index take_free_slot();
  void release(slot_index index) noexcept;
  void slow_down(instant now) noexcept;
  void end(const pending& probe, const endpoint& destination, const answer& answer,
           std::optional<instant> rtt, instant now);

  instant soft_timeout() const noexcept;
  instant patience() const noexcept;

  const plan& plan_;
  machine_options options_;
  token_bucket bucket_;
  rtt_estimate rtt_;

  std::uint64_t next_index_;  // of the plan; the new probe, once found, is new_probe_
  std::uint64_t stride_;
  std::optional<endpoint> new_probe_;
  // The probe that is asked next.
  pending chosen_;
  endpoint chosen_destination_;
  admission admission_;

  // The slots: a list from the oldest attempt in flight to the newest, and a stack of free ones.
  std::vector<attempt> slots_;
  std::vector<slot_index> free_;
  slot_index oldest_ = none;
  slot_index newest_ = none;
  std::uint32_t in_flight_ = 0;
  std::uint32_t limit_;  // of attempts in flight; below options_.concurrency under back-pressure

  boost::circular_buffer<pending> again_;
  boost::circular_buffer<pending> held_;
  std::vector<pending> undecided_;
  std::size_t settled_ = 0;  // how many of undecided_ have been settled
  bool settling_ = false;

  instant paused_until_{};
  instant pause_{};
  unsigned failures_in_a_row_ = 0;
  std::uint32_t sent_at_limit_ = 0;

  std::array<std::uint64_t, max_attempts + 1> answers_at_attempt_{};
  std::uint64_t tcp_answers_ = 0;
  std::uint64_t late_answers_ = 0;  // that came only to a repeated SYN
  std::uint64_t attempts_ = 0;
  scan_summary counts_;
  std::vector<probe_record> records_;
};

}  // namespace netscan::detail
