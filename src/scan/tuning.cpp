#include "netscan/scan/tuning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace netscan {
namespace {

// What a step has to gain to be worth twice the sockets.
constexpr double worthwhile_gain = 1.1;
// What of the best speed is good enough.
constexpr double good_enough = 0.9;

constexpr std::uint64_t fewest_misses = 3;
constexpr double tolerated_misses = 0.01;
constexpr double tolerated_loss = 0.01;
constexpr double standard_deviations = 3;

// Of answers that took a repeated SYN: more than a network loses that is not overrun.
constexpr double suspicious_loss = 0.05;

double share(std::uint64_t part, std::uint64_t whole) noexcept {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// How many standard deviations lie between two shares, if both came from the same source (the
/// two-proportion z-test).
double distance(std::uint64_t part_a, std::uint64_t whole_a, std::uint64_t part_b,
                std::uint64_t whole_b) noexcept {
  if (whole_a == 0 || whole_b == 0) return 0;
  const double pooled = share(part_a + part_b, whole_a + whole_b);
  const double variance =
      pooled * (1 - pooled) * (1 / static_cast<double>(whole_a) + 1 / static_cast<double>(whole_b));
  if (variance <= 0) return 0;
  return (share(part_a, whole_a) - share(part_b, whole_b)) / std::sqrt(variance);
}

/// The step whose losses are taken for the network's own: the first one that was not cut short. One
/// that was has seen the answers that come at once, and hardly any of those that come late.
const tuning_step* unhurried(std::span<const tuning_step> steps) noexcept {
  const auto found = std::find_if(steps.begin(), steps.end(),
                                  [](const tuning_step& step) { return step.complete; });
  return found == steps.end() ? nullptr : &*found;
}

/// The steps before the first flawed one.
std::span<const tuning_step> sound_part(std::span<const tuning_step> steps) noexcept {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (flaw_of(steps[i], steps.first(i)) != tuning_flaw::none) return steps.first(i);
  }
  return steps;
}

const tuning_step& fastest_of(std::span<const tuning_step> steps) noexcept {
  return *std::max_element(
      steps.begin(), steps.end(),
      [](const tuning_step& a, const tuning_step& b) { return a.speed() < b.speed(); });
}

const tuning_step& smallest_good_enough(std::span<const tuning_step> steps) noexcept {
  const double enough = good_enough * fastest_of(steps).speed();
  return *std::find_if(steps.begin(), steps.end(),
                       [enough](const tuning_step& step) { return step.speed() >= enough; });
}

/// Rounded down to two digits: more would pretend to a precision that is not there.
std::uint64_t two_digits(double value) noexcept {
  double unit = 1;
  while (value / unit >= 100) unit *= 10;
  return static_cast<std::uint64_t>(std::floor(value / unit) * unit);
}

double attempts_a_second(const tuning_step& step) noexcept {
  return static_cast<double>(step.attempts) / std::chrono::duration<double>(step.duration).count();
}

double percent(double share) noexcept {
  return 100 * share;
}

std::string describe(tuning_flaw flaw, const tuning_step& step,
                     std::span<const tuning_step> before) {
  switch (flaw) {
    case tuning_flaw::none:
      return "";
    case tuning_flaw::back_pressure:
      return step.errors != 0
                 ? fmt::format("this host could not ask {} probes", step.errors)
                 : fmt::format("this host had to put off {} attempts", step.back_pressure);
    case tuning_flaw::missed_answers:
      return fmt::format("{:.1f} % of the targets known to answer were silent",
                         percent(step.missed_share()));
    case tuning_flaw::more_loss:
      return fmt::format("{:.1f} % of the answers took a repeated SYN, against {:.1f} % with {}",
                         percent(step.late_share()), percent(unhurried(before)->late_share()),
                         unhurried(before)->concurrency);
  }
  return "";
}

std::string why_this_one(const tuning_step& chosen, std::span<const tuning_step> sound) {
  const tuning_step& fastest = fastest_of(sound);
  if (&chosen == &fastest) {
    return sound.size() == 1
               ? fmt::format("{:.0f} probes/s", chosen.speed())
               : fmt::format("the fastest, with {:.0f} probes/s, of those that lost nothing",
                             chosen.speed());
  }
  return fmt::format("{:.0f} probes/s, {:.0f} % of the most, which {} reached", chosen.speed(),
                     percent(chosen.speed() / fastest.speed()), fastest.concurrency);
}

/// What stands behind the last sound step.
std::string why_no_more(const tuning_step& chosen, std::span<const tuning_step> steps,
                        std::span<const tuning_step> sound) {
  if (sound.size() < steps.size()) {
    const tuning_step& flawed = steps[sound.size()];
    return fmt::format("; with {} {}", flawed.concurrency,
                       describe(flaw_of(flawed, sound), flawed, sound));
  }
  const bool still_growing =
      &chosen == &sound.back() &&
      (sound.size() == 1 ||
       chosen.speed() > worthwhile_gain * fastest_of(sound.first(sound.size() - 1)).speed());
  return still_growing ? "; more may be faster still, and was not tried" : "";
}

}  // namespace

double tuning_step::speed() const noexcept {
  const double seconds = std::chrono::duration<double>(duration).count();
  return seconds <= 0 ? 0 : static_cast<double>(complete ? probes : attempts) / seconds;
}

double tuning_step::late_share() const noexcept {
  return share(late_answers, answers);
}

double tuning_step::missed_share() const noexcept {
  return share(missed, known);
}

std::optional<std::uint32_t> next_concurrency(std::span<const tuning_step> steps,
                                              const tuning_range& range) {
  if (steps.empty()) return std::min(range.first, range.last);
  if (flaw_of(steps.back(), steps.first(steps.size() - 1)) != tuning_flaw::none) {
    return std::nullopt;
  }
  if (steps.size() > 2) {
    const double before = fastest_of(steps.first(steps.size() - 2)).speed();
    if (fastest_of(steps.last(2)).speed() < worthwhile_gain * before) return std::nullopt;
  }
  const std::uint32_t last = steps.back().concurrency;
  if (last >= range.last) return std::nullopt;
  return last > range.last / 2 ? range.last : 2 * last;
}

tuning_flaw flaw_of(const tuning_step& step, std::span<const tuning_step> before) noexcept {
  if (step.errors != 0 || step.back_pressure * 1000 > step.attempts) {
    return tuning_flaw::back_pressure;
  }
  const tuning_step* const base = unhurried(before);
  const double usual_loss = base == nullptr ? 0 : base->late_share();
  if (step.missed >= fewest_misses &&
      step.missed_share() > std::max(tolerated_misses, usual_loss)) {
    return tuning_flaw::missed_answers;
  }
  if (base != nullptr && step.late_share() > usual_loss + tolerated_loss &&
      distance(step.late_answers, step.answers, base->late_answers, base->answers) >
          standard_deviations) {
    return tuning_flaw::more_loss;
  }
  return tuning_flaw::none;
}

tuning_advice advise(std::span<const tuning_step> steps) {
  if (!steps.empty() && flaw_of(steps.front(), {}) == tuning_flaw::back_pressure) {
    return {tuning_advice::host_failed, 0, 0,
            fmt::format("already with {} {}", steps.front().concurrency,
                        describe(tuning_flaw::back_pressure, steps.front(), {}))};
  }
  if (std::none_of(steps.begin(), steps.end(),
                   [](const tuning_step& step) { return step.answers != 0; })) {
    return {tuning_advice::nothing_answered, 0, 0,

            "no target answered, so nothing tells lost answers from silence: tune with "
            "targets some of which are up"};
  }
  const std::span<const tuning_step> sound = sound_part(steps);
  const tuning_step& chosen = smallest_good_enough(sound);
  tuning_advice advice;
  advice.what = tuning_advice::recommended;
  advice.concurrency = chosen.concurrency;
  if (sound.size() < steps.size() &&
      flaw_of(steps[sound.size()], sound) != tuning_flaw::back_pressure) {
    advice.rate = two_digits(attempts_a_second(chosen));
  }
  advice.reason = why_this_one(chosen, sound) + why_no_more(chosen, steps, sound);
  const tuning_step* const base = unhurried(sound);
  if (base != nullptr && base->late_share() > suspicious_loss) {
    advice.reason += fmt::format(
        "; already with {} {:.1f} % of the answers took a repeated SYN, and if that is not this "
        "network's way, a --rate below {} is what it needs",
        base->concurrency, percent(base->late_share()), two_digits(attempts_a_second(*base)));
  }
  return advice;
}

}  // namespace netscan
