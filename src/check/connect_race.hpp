/// Which address of a host to connect to, without I/O: Happy Eyeballs (RFC 8305 5).
///
/// The addresses are tried in their order, each some time after the one before it, or at once when
/// nothing else is under way any more. The first one that connects ends the race. Like the scan's
/// machine it has no socket and no clock: it gives orders to its driver and is told what happened.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "netscan/probe/record.hpp"
#include "netscan/target/plan.hpp"
#include "scan/machine.hpp"

namespace netscan::detail {

struct race_options {
  /// From one attempt's start to the next one's (RFC 8305 8: Connection Attempt Delay).
  instant attempt_delay = std::chrono::milliseconds(250);
  /// The longest that one attempt waits.
  instant timeout{};
  /// When the race ends, whatever is under way.
  instant deadline{};
  /// The wall clock at instant zero, for the records' times.
  timestamp epoch{};
};

class connect_race {
 public:
  /// Each endpoint has the slot of its index.
  connect_race(const std::vector<endpoint>& endpoints, const race_options& options);

  order next(instant now);

  const endpoint& destination(slot_index slot) const noexcept { return attempts_[slot].to; }
  instant aimed_at(slot_index slot) const noexcept { return attempts_[slot].aimed_at; }

  /// An attempt was sent. Not to be called for one that failed before it was.
  void aimed(slot_index slot, instant now) noexcept;
  void answered(slot_index slot, const answer& answer, instant now);
  void silent(slot_index slot, instant now);
  /// What this host is short of is tried again after a pause, as long as an attempt may last.
  void failed_locally(slot_index slot, int error, instant now);
  void self_connected(slot_index slot, instant now);

  /// The slot that connected.
  std::optional<slot_index> winner() const noexcept { return winner_; }
  /// The verdicts, in the order of the attempts.
  std::vector<probe_record> records() const;
  /// Where an attempt was under way when another one connected.
  std::vector<ip_address> overtaken() const;

 private:
  enum class state : std::uint8_t { untried, flying, paused, ended };

  struct attempt {
    endpoint to;
    state now = state::untried;
    instant begun{};     // when it was first tried
    instant aimed_at{};  // when it was last tried
    instant resume{};    // of a paused one
    probe_record record;
  };

  bool is_under_way() const noexcept;
  instant expiry(const attempt& attempt) const noexcept;
  instant next_event() const noexcept;
  void begin(attempt& attempt, instant now) noexcept;
  void end(attempt& attempt, probe_reason reason, instant now);

  race_options options_;
  std::vector<attempt> attempts_;
  std::size_t tried_ = 0;  // attempts_ before it were tried at least once
  instant next_start_{};
  std::optional<slot_index> winner_;
};

}  // namespace netscan::detail
