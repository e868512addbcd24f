/// Measures how scans go with different numbers of probes in flight. What to make of it is said in
/// tuning.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>

#include "netscan/scan/options.hpp"
#include "netscan/scan/tuning.hpp"
#include "netscan/target/plan.hpp"

namespace netscan {

struct tuner_options {
  /// How the probes are asked. `concurrency` and `threads` are not looked at; `rate` is kept.
  scan_options scan = {};
  /// A step is cut short after so long.
  std::chrono::milliseconds step_time{5000};
};

/// Asks all of a plan at every step: give it a part of a large one (plan_options::shard).
///
///     netscan::tuner tuner(plan, {});
///     const netscan::tuning_step step = tuner.measure(256);
///
/// When the plan has fewer probes than four times the concurrency it is asked repeatedly, as often
/// as is needed and at most 16 times at once. So each probe has up to 16 attempts in flight.
/// One thread uses a tuner.
class tuner {
 public:
  /// Of one probe that may be in flight at once. A server may take many more for an attack.
  static constexpr unsigned most_copies = 16;

  tuner(plan plan, const tuner_options& options);
  ~tuner();
  tuner(tuner&&) noexcept;
  tuner& operator=(tuner&&) noexcept;

  /// The most that can be in flight: what the limit of open files allows (as it is now, see
  /// raise_descriptor_limit()), and 16 times the plan.
  std::uint32_t most() const noexcept;

  /// How many probes a step with this concurrency asks, unless its time is up before.
  std::uint64_t probes_at(std::uint32_t concurrency) const noexcept;

  /// Makes one step; `concurrency` is 1 to most(). Blocks until it is done; `stop` ends it within
  /// 100 ms. Throws boost::system::system_error when no scan can be started (no descriptors).
  tuning_step measure(std::uint32_t concurrency, const std::stop_token& stop = {});

 private:
  struct implementation;
  std::unique_ptr<implementation> implementation_;
};

}  // namespace netscan
