/// How many probes to have in flight: what to try next, and what to recommend from what was seen.
///
/// Asking for more at once is faster until something is full: this host, a table on the way, or the
/// targets. Past that point answers get lost, which looks like silence, so the fastest setting is
/// not the best one. Tuning asks the same probes again and again with ever more in flight, and
/// stops at the first step that shows harm.
///
///     std::vector<netscan::tuning_step> steps;
///     while (const auto concurrency = netscan::next_concurrency(steps, {})) {
///       steps.push_back(tuner.measure(*concurrency));    // see tuner.hpp
///     }
///     const netscan::tuning_advice advice = netscan::advise(steps);
///
/// Nothing here does I/O. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace netscan {

/// What one concurrency has shown. A probe that is asked several times counts each time.
struct tuning_step {
  /// Attempts in flight at most.
  std::uint32_t concurrency = 0;
  /// Probes that ended with a verdict.
  std::uint64_t probes = 0;
  /// Attempts that were sent and are over.
  std::uint64_t attempts = 0;
  /// Probes that the target itself answered: open or closed. What routers say (ICMP) is not
  /// counted, since they meter it.
  std::uint64_t answers = 0;
  /// Of the answers, those that took a repeated SYN: the first or its answer was lost.
  std::uint64_t late_answers = 0;
  /// Probes whose target had answered at an earlier step, and of these those without an answer now.
  std::uint64_t known = 0;
  std::uint64_t missed = 0;
  /// How often this host was short of something, and probes that it could not ask at all.
  std::uint64_t back_pressure = 0;
  std::uint64_t errors = 0;
  /// All probes of the step have a verdict; else its time was up.
  bool complete = true;
  std::chrono::nanoseconds duration{};

  /// Probes a second; of a step that was cut short, attempts a second, since only those without
  /// hope have a verdict until then.
  double speed() const noexcept;
  double late_share() const noexcept;
  double missed_share() const noexcept;

  friend bool operator==(const tuning_step&, const tuning_step&) = default;
};

/// Where to begin and to end, both at least 1.
struct tuning_range {
  std::uint32_t first = 64;
  std::uint32_t last = 4096;
};

/// The concurrency to try after these steps: twice the last one, up to the range's end. Nothing
/// when that would do harm (the last step is flawed) or be of no use (two steps in a row gained
/// less than a tenth).
std::optional<std::uint32_t> next_concurrency(std::span<const tuning_step> steps,
                                              const tuning_range& range);

/// What is wrong with a step, in view of those before it, all with fewer probes in flight.
enum class tuning_flaw : std::uint8_t {
  none,
  /// This host could not ask, or had to put off more than one attempt in a thousand.
  back_pressure,
  /// Targets that had answered were silent: at least three, and more than one in a hundred, or than
  /// the share of packets that the first step lost.
  missed_answers,
  /// More answers took a repeated SYN than at the first step: by more than a hundredth, and too
  /// many for chance (three standard deviations).
  more_loss,
};

tuning_flaw flaw_of(const tuning_step& step, std::span<const tuning_step> before) noexcept;

struct tuning_advice {
  enum outcome : std::uint8_t {
    recommended,
    /// No target answered, so that nothing tells lost answers from silence.
    nothing_answered,
    /// Already the first step was too much for this host.
    host_failed,
  };

  outcome what = nothing_answered;
  /// The smallest of the steps without a flaw that reaches nine tenths of the best one's speed.
  std::uint32_t concurrency = 0;
  /// Attempts a second: the speed at which nothing was lost, when it was the network or the targets
  /// that could not take more. 0 for no limit.
  std::uint64_t rate = 0;
  /// Why, in one or two sentences.
  std::string reason;
};

/// `steps` in the order in which they were made.
tuning_advice advise(std::span<const tuning_step> steps);

}  // namespace netscan
