#pragma once

#include <algorithm>
#include <chrono>

namespace netscan::detail {

/// How long an answer takes on this network, from the answers so far (RFC 6298 2, without its
/// clock granularity: these are nanoseconds).
class rtt_estimate {
 public:
  using duration = std::chrono::nanoseconds;

  void add(duration sample) noexcept {
    if (!seen_) {
      smoothed_ = sample;
      variation_ = sample / 2;
      seen_ = true;
      return;
    }
    const duration deviation = smoothed_ > sample ? smoothed_ - sample : sample - smoothed_;
    variation_ += (deviation - variation_) / 4;
    smoothed_ += (sample - smoothed_) / 8;
  }

  bool seen() const noexcept { return seen_; }

  /// By when nearly every answer is here.
  duration upper_bound() const noexcept { return smoothed_ + 4 * variation_; }

 private:
  bool seen_ = false;
  duration smoothed_{};
  duration variation_{};
};

}  // namespace netscan::detail
