// Steps that are really made, on a world that counts, and on loopback with rules that change
// between two steps.
#include "netscan/scan/tuner.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "netscan/scan/host.hpp"
#include "network_namespace.hpp"
#include "scan_support.hpp"
#include "world.hpp"

namespace netscan {
namespace {

using namespace std::chrono_literals;
using testing::make_plan;
using testing::run;
using testing::world;

class tuner_test : public ::testing::Test {
 protected:
  void SetUp() override { testing::enter_network_namespace(); }
};

TEST_F(tuner_test, asks_few_probes_as_often_as_the_concurrency_needs) {
  const world world({.prefix = "10.64.0.0/28", .open = 0.5, .closed = 0.5}, {80, 443});
  tuner tuner(make_plan({"10.64.0.0/28"}, "80,443"), {});
  EXPECT_EQ(tuner.most(), 32 * tuner::most_copies);
  EXPECT_EQ(tuner.probes_at(8), 32u);
  EXPECT_EQ(tuner.probes_at(64), 256u);

  const tuning_step step = tuner.measure(64);

  EXPECT_EQ(step.concurrency, 64u);
  EXPECT_EQ(step.probes, 256u);
  EXPECT_EQ(step.answers, 256u);
  EXPECT_EQ(step.attempts, 256u);
  EXPECT_EQ(step.known, 0u);
  EXPECT_EQ(step.errors, 0u);
  EXPECT_TRUE(step.complete);
  for (std::uint64_t i = 0; i < 16; ++i) {
    EXPECT_GE(world.syns_to(i, 80), 8u);
    EXPECT_GE(world.syns_to(i, 443), 8u);
  }
}

TEST_F(tuner_test, one_probe_is_enough) {
  tuner tuner(make_plan({"127.0.0.1"}, "80"), {});
  EXPECT_EQ(tuner.most(), tuner::most_copies);
  const tuning_step step = tuner.measure(tuner.most());
  EXPECT_EQ(step.probes, 64u);
  EXPECT_EQ(step.answers, 64u);
}

TEST_F(tuner_test, a_target_that_answered_before_and_is_silent_now_is_missed) {
  tuner_options options;
  options.scan.timeout = 100ms;
  options.scan.retries = 0;
  tuner tuner(make_plan({"127.0.0.1"}, "1001-1100"), options);
  EXPECT_EQ(tuner.measure(10).known, 0u);
  run({"nft", "add", "table", "inet", "t"});
  run({"nft", "add", "chain", "inet", "t", "in", "{ type filter hook input priority 0; }"});
  run({"nft", "add", "rule", "inet", "t", "in", "tcp", "dport", "1091-1110", "drop"});

  const tuning_step step = tuner.measure(20);

  EXPECT_EQ(step.probes, 100u);
  EXPECT_EQ(step.answers, 90u);
  EXPECT_EQ(step.known, 100u);
  EXPECT_EQ(step.missed, 10u);
}

TEST_F(tuner_test, silence_that_was_never_anything_else_is_not_missed) {
  const world world({.prefix = "10.64.0.0/26", .open = 0.1, .closed = 0.2}, {80});
  tuner_options options;
  options.scan.timeout = 400ms;
  options.scan.retries = 0;
  tuner tuner(make_plan({"10.64.0.0/26"}, "80"), options);
  const tuning_step first = tuner.measure(16);
  const tuning_step second = tuner.measure(32);
  EXPECT_GT(first.answers, 5u);
  EXPECT_LT(first.answers, 40u);
  EXPECT_EQ(second.known, 2 * first.answers) << "asked twice: 4 x 32 probes";
  EXPECT_EQ(second.missed, 0u);
}

TEST_F(tuner_test, answers_to_repeated_syns_show_the_loss) {
  const world world({.prefix = "10.64.0.0/22", .open = 0, .closed = 1, .loss_in = 0.1}, {80});
  tuner_options options;
  options.step_time = 1min;
  tuner tuner(make_plan({"10.64.0.0/22"}, "80"), options);
  // With enough sockets the kernel's second SYN brings the answer, with few another attempt.
  for (const std::uint32_t concurrency : {1024u, 128u}) {
    const tuning_step step = tuner.measure(concurrency);
    EXPECT_GT(step.late_share(), 0.06) << concurrency;
    EXPECT_LT(step.late_share(), 0.14) << concurrency;
  }
}

TEST_F(tuner_test, a_step_is_cut_short_when_its_time_is_up) {
  const world world({.prefix = "10.64.0.0/20", .open = 0, .closed = 0}, {80});
  tuner_options options;
  options.step_time = 300ms;
  tuner tuner(make_plan({"10.64.0.0/20"}, "80"), options);
  const tuning_step step = tuner.measure(16);
  EXPECT_FALSE(step.complete);
  EXPECT_EQ(step.probes, 0u) << "none had waited in full";
  EXPECT_EQ(step.attempts, 0u) << "and none was over";
  EXPECT_EQ(step.errors, 0u);
}

TEST_F(tuner_test, stops_when_asked_to) {
  const world world({.prefix = "10.64.0.0/20", .open = 0, .closed = 0}, {80});
  tuner_options options;
  options.step_time = 10min;
  options.scan.timeout = 1min;
  tuner tuner(make_plan({"10.64.0.0/20"}, "80"), options);
  std::stop_source source;
  std::jthread stopper([&] {
    while (world.counters().syns < 16) std::this_thread::sleep_for(1ms);
    source.request_stop();
  });
  EXPECT_FALSE(tuner.measure(16, source.get_token()).complete);
  EXPECT_LT(world.counters().syns, 100u);
}

TEST_F(tuner_test, keeps_the_rate_whatever_is_in_flight) {
  const world world({.prefix = "10.64.0.0/28", .open = 0, .closed = 1}, {80});
  tuner_options options;
  options.scan.rate = 400;
  tuner tuner(make_plan({"10.64.0.0/28"}, "80"), options);
  const tuning_step step = tuner.measure(64);
  EXPECT_EQ(step.probes, 256u);
  EXPECT_LT(step.speed(), 500);
}

}  // namespace
}  // namespace netscan
