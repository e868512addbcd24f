#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace netscan::detail {

/// Lets through `rate` takes a second, in bursts of at most what 10 ms are worth.
class token_bucket {
 public:
  using instant = std::chrono::nanoseconds;

  /// `rate` 0: no limit.
  explicit token_bucket(std::uint64_t rate) noexcept
      : interval_(rate == 0 ? instant(0)
                            : instant(std::max<std::uint64_t>(1, 1'000'000'000 / rate))) {}

  /// When the next take may happen; not later than `now` when it may happen at once.
  instant ready_at() const noexcept { return next_; }

  void take(instant now) noexcept {
    // Unused time is kept for a short burst only: a pause must not be followed by a flood.
    next_ = std::max(next_, now - burst) + interval_;
  }

 private:
  static constexpr instant burst = std::chrono::milliseconds(10);

  instant interval_;
  instant next_{};
};

}  // namespace netscan::detail
