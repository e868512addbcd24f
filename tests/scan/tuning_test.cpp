// What is tried next and what is recommended, on tables of steps.
#include "netscan/scan/tuning.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace netscan {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t probes = 10'000;

/// A step at which all was well.
tuning_step step(std::uint32_t concurrency, double speed) {
  tuning_step s;
  s.concurrency = concurrency;
  s.probes = s.attempts = probes;
  s.answers = 2'000;
  s.known = 2'000;
  s.duration = std::chrono::nanoseconds(std::llround(1e9 * probes / speed));
  return s;
}

std::vector<tuning_step> growing() {
  return {step(64, 5'000), step(128, 10'000), step(256, 19'000), step(512, 30'000)};
}

bool mentions(const tuning_advice& advice, std::string_view text) {
  return advice.reason.find(text) != std::string::npos;
}

TEST(next_concurrency_test, starts_at_the_first_and_doubles_up_to_the_last) {
  std::vector<tuning_step> steps;
  std::vector<std::uint32_t> tried;
  while (const auto next = next_concurrency(steps, {50, 700})) {
    tried.push_back(*next);
    steps.push_back(step(*next, *next * 100.0));
  }
  EXPECT_EQ(tried, (std::vector<std::uint32_t>{50, 100, 200, 400, 700}));
}

TEST(next_concurrency_test, begins_at_the_last_when_that_is_below_the_first) {
  EXPECT_EQ(next_concurrency({}, {64, 16}), 16u);
}

TEST(next_concurrency_test, ends_at_a_flawed_step) {
  std::vector<tuning_step> steps = growing();
  EXPECT_EQ(next_concurrency(steps, {}), 1024u);
  steps.back().back_pressure = 100;
  EXPECT_EQ(next_concurrency(steps, {}), std::nullopt);
}

TEST(next_concurrency_test, ends_when_two_steps_in_a_row_gained_less_than_a_tenth) {
  std::vector<tuning_step> steps = growing();
  steps.push_back(step(1024, 31'000));
  EXPECT_EQ(next_concurrency(steps, {}), 2048u) << "one may be chance";
  steps.push_back(step(2048, 32'900));
  EXPECT_EQ(next_concurrency(steps, {}), std::nullopt);
  steps.back() = step(2048, 33'100);
  EXPECT_EQ(next_concurrency(steps, {}), 4096u);
}

TEST(flaw_test, back_pressure_is_one_in_a_thousand_or_a_probe_not_asked) {
  tuning_step s = step(64, 1'000);
  s.back_pressure = 10;
  EXPECT_EQ(flaw_of(s, {}), tuning_flaw::none);
  s.back_pressure = 11;
  EXPECT_EQ(flaw_of(s, {}), tuning_flaw::back_pressure);
  s.back_pressure = 0;
  s.errors = 1;
  EXPECT_EQ(flaw_of(s, {}), tuning_flaw::back_pressure);
}

TEST(flaw_test, missed_answers_are_three_and_more_than_a_hundredth) {
  const std::vector<tuning_step> before = {step(64, 1'000)};
  tuning_step s = step(128, 2'000);
  s.missed = 20;
  EXPECT_EQ(flaw_of(s, before), tuning_flaw::none);
  s.missed = 21;
  EXPECT_EQ(flaw_of(s, before), tuning_flaw::missed_answers);
  s.known = 4;
  s.missed = 2;
  EXPECT_EQ(flaw_of(s, before), tuning_flaw::none);
  s.missed = 3;
  EXPECT_EQ(flaw_of(s, before), tuning_flaw::missed_answers);
}

TEST(flaw_test, a_network_that_always_loses_packets_is_no_flaw) {
  std::vector<tuning_step> before = {step(64, 1'000)};
  before.front().late_answers = 80;  // 4 %
  tuning_step s = step(128, 2'000);
  s.late_answers = 90;
  s.missed = 60;
  EXPECT_EQ(flaw_of(s, before), tuning_flaw::none);
}

TEST(flaw_test, more_loss_than_at_the_first_step_counts_when_it_is_not_chance) {
  std::vector<tuning_step> before = {step(64, 1'000)};
  tuning_step s = step(128, 2'000);
  s.late_answers = 30;
  EXPECT_EQ(flaw_of(s, before), tuning_flaw::more_loss);
  // The same share of few answers is one that anyone can meet with.
  before.front().answers = s.answers = 60;
  s.late_answers = 2;
  EXPECT_EQ(flaw_of(s, before), tuning_flaw::none);
  // And a difference below a hundredth is none, however sure.
  before.front().answers = s.answers = 1'000'000;
  s.late_answers = 9'000;
  EXPECT_EQ(flaw_of(s, before), tuning_flaw::none);
}

TEST(flaw_test, loss_is_compared_with_a_step_that_was_not_cut_short) {
  // What a step that was cut short has seen are the answers that come at once.
  std::vector<tuning_step> before = {step(64, 1'000)};
  before.front().complete = false;
  tuning_step s = step(128, 2'000);
  s.late_answers = 80;
  EXPECT_EQ(flaw_of(s, before), tuning_flaw::none);
  before.push_back(step(96, 1'500));
  before.back().late_answers = 70;
  EXPECT_EQ(flaw_of(s, before), tuning_flaw::none);
  s.late_answers = 160;
  EXPECT_EQ(flaw_of(s, before), tuning_flaw::more_loss);
  EXPECT_TRUE(mentions(advise(std::vector{before[0], before[1], s}),
                       "8.0 % of the answers took a repeated SYN, against 3.5 % with 96"));
}

TEST(advise_test, takes_the_smallest_step_with_nine_tenths_of_the_best_speed) {
  std::vector<tuning_step> steps = growing();
  steps.push_back(step(1024, 33'000));
  steps.push_back(step(2048, 32'000));
  const tuning_advice advice = advise(steps);
  EXPECT_EQ(advice.what, tuning_advice::recommended);
  EXPECT_EQ(advice.concurrency, 512u);
  EXPECT_EQ(advice.rate, 0u);
  EXPECT_TRUE(mentions(advice, "30000 probes/s, 91 % of the most, which 1024 reached"))
      << advice.reason;
  EXPECT_FALSE(mentions(advice, "not tried"));
}

TEST(advise_test, says_that_more_may_be_faster_when_the_last_step_still_gained) {
  const tuning_advice advice = advise(growing());
  EXPECT_EQ(advice.concurrency, 512u);
  EXPECT_TRUE(mentions(advice, "more may be faster still")) << advice.reason;
}

TEST(advise_test, stays_below_the_step_that_missed_answers_and_limits_the_rate) {
  std::vector<tuning_step> steps = growing();
  steps.push_back(step(1024, 90'000));
  steps.back().missed = 62;
  const tuning_advice advice = advise(steps);
  EXPECT_EQ(advice.concurrency, 512u);
  EXPECT_EQ(advice.rate, 30'000u);
  EXPECT_TRUE(mentions(advice, "with 1024 3.1 % of the targets known to answer were silent"))
      << advice.reason;
}

TEST(advise_test, the_rate_counts_attempts_and_is_rounded_down) {
  std::vector<tuning_step> steps = {step(64, 5'000), step(128, 5'000)};
  steps[0].attempts = probes * 2 - 1;  // many were asked twice
  steps[1].late_answers = 400;
  const tuning_advice advice = advise(steps);
  EXPECT_EQ(advice.concurrency, 64u);
  EXPECT_EQ(advice.rate, 9'900u);
  EXPECT_TRUE(mentions(advice, "20.0 % of the answers took a repeated SYN, against 0.0 % with 64"))
      << advice.reason;
}

TEST(advise_test, back_pressure_ends_it_without_a_limit_of_the_rate) {
  std::vector<tuning_step> steps = growing();
  steps.push_back(step(1024, 31'000));
  steps.back().back_pressure = 240;
  const tuning_advice advice = advise(steps);
  EXPECT_EQ(advice.concurrency, 512u);
  EXPECT_EQ(advice.rate, 0u);
  EXPECT_TRUE(mentions(advice, "had to put off 240 attempts")) << advice.reason;
}

TEST(advise_test, recommends_nothing_when_the_first_step_is_too_much_for_this_host) {
  std::vector<tuning_step> steps = {step(64, 5'000)};
  steps.front().errors = 7;
  const tuning_advice advice = advise(steps);
  EXPECT_EQ(advice.what, tuning_advice::host_failed);
  EXPECT_TRUE(mentions(advice, "already with 64 this host could not ask 7 probes"))
      << advice.reason;
}

TEST(advise_test, recommends_nothing_when_nothing_answered) {
  std::vector<tuning_step> steps = growing();
  for (tuning_step& s : steps) s.answers = s.known = 0;
  EXPECT_EQ(advise(steps).what, tuning_advice::nothing_answered);
  EXPECT_EQ(advise({}).what, tuning_advice::nothing_answered);
}

TEST(advise_test, points_at_the_rate_when_already_the_first_step_loses_a_lot) {
  std::vector<tuning_step> steps = growing();
  for (tuning_step& s : steps) s.late_answers = s.answers / 4;
  const tuning_advice advice = advise(steps);
  EXPECT_TRUE(mentions(advice, "25.0 % of the answers")) << advice.reason;
  EXPECT_TRUE(mentions(advice, "a --rate below 5000")) << advice.reason;
}

TEST(advise_test, a_step_that_was_cut_short_counts_its_attempts) {
  tuning_step s = step(64, 1'000);
  s.probes = 2'000;
  EXPECT_EQ(s.speed(), 200);
  s.complete = false;
  EXPECT_EQ(s.speed(), 1'000);
}

/// A network that holds `capacity` probes at a time and loses the rest, with a round trip of 10 ms,
/// in front of a host that manages `most` probes a second.
std::vector<tuning_step> tune_on(double capacity, double most, std::mt19937& random) {
  std::uniform_real_distribution<double> noise(0.97, 1.03);
  std::vector<tuning_step> steps;
  while (const auto next = next_concurrency(steps, {64, 16384})) {
    const double lost = std::max(0.0, 1 - capacity / *next);
    tuning_step s = step(*next, std::min(*next / 0.01, most) * noise(random));
    s.late_answers = static_cast<std::uint64_t>(2'000 * lost);
    s.missed = static_cast<std::uint64_t>(2'000 * lost * lost);
    steps.push_back(s);
  }
  return steps;
}

TEST(advise_test, never_recommends_what_the_network_cannot_hold_nor_much_less_than_it_can) {
  for (unsigned seed = 0; seed < 2'000; ++seed) {
    std::mt19937 random(seed);
    const double capacity = std::uniform_real_distribution<double>(64, 20'000)(random);
    const double most = std::uniform_real_distribution<double>(5'000, 500'000)(random);
    const std::vector<tuning_step> steps = tune_on(capacity, most, random);
    const tuning_advice advice = advise(steps);
    SCOPED_TRACE(fmt::format("seed {}: holds {:.0f}, {:.0f} probes/s: {} because {}", seed,
                             capacity, most, advice.concurrency, advice.reason));
    ASSERT_EQ(advice.what, tuning_advice::recommended);
    // A hundredth more loss is tolerated.
    EXPECT_LE(advice.concurrency, capacity * 1.03);
    const double best = std::min(std::min(capacity, 16384.0) / 0.01, most);
    EXPECT_GE(std::min(advice.concurrency / 0.01, most), best / 2 * 0.85);
  }
}

}  // namespace
}  // namespace netscan
