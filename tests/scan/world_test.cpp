// Scans of worlds: the verdicts against the world's own truth, the SYNs against its own count.
#include <gtest/gtest.h>

#include "network_namespace.hpp"
#include "world_support.hpp"

namespace netscan {
namespace {

using namespace std::chrono_literals;
using testing::all_of;
using testing::collected_scan;
using testing::expect_counted_syns;
using testing::expect_true_verdicts;
using testing::make_plan;
using testing::run_scan;
using testing::web;
using testing::world;
using testing::world_kind;

class a_world : public ::testing::Test {
 protected:
  // Each test has a network without the one before.
  void SetUp() override { testing::enter_network_namespace(); }
};

TEST_F(a_world, without_loss_is_found_as_it_is) {
  const world world({.prefix = "10.64.0.0/20"}, web);
  const collected_scan scan = run_scan(make_plan({"10.64.0.0/20"}, "80,443"));
  expect_true_verdicts(world, scan);
  expect_counted_syns(world, scan);
  EXPECT_EQ(scan.in_state(probe_state::open), all_of(world.truth(), world_kind::open));
  EXPECT_EQ(scan.in_state(probe_state::closed), all_of(world.truth(), world_kind::closed));
}

TEST_F(a_world, with_two_percent_loss_each_way_is_found_as_it_is) {
  const world world({.prefix = "10.64.0.0/20", .loss_in = 0.02, .loss_out = 0.02}, web);
  const collected_scan scan = run_scan(make_plan({"10.64.0.0/20"}, "80,443"));
  expect_true_verdicts(world, scan);
  expect_counted_syns(world, scan);
  EXPECT_EQ(scan.in_state(probe_state::open), all_of(world.truth(), world_kind::open));
  EXPECT_EQ(scan.in_state(probe_state::closed), all_of(world.truth(), world_kind::closed));
  EXPECT_GT(world.counters().lost_in, 0u);
  EXPECT_GT(world.counters().lost_out, 0u);
  EXPECT_NEAR(scan.result.summary.loss_estimate, 0.04, 0.015);
}

TEST_F(a_world, with_slow_hosts_is_found_as_it_is) {
  const world world({.prefix = "10.64.0.0/22", .slow_share = 0.05}, web);
  const collected_scan scan = run_scan(make_plan({"10.64.0.0/22"}, "80,443"));
  expect_true_verdicts(world, scan);
  expect_counted_syns(world, scan);
  EXPECT_EQ(scan.in_state(probe_state::open), all_of(world.truth(), world_kind::open));
}

TEST_F(a_world, that_rejects_is_told_apart_by_reason) {
  const world world({.prefix = "10.64.0.0/24",
                     .prohibited = 0.2,
                     .port_unreachable = 0.2,
                     .host_unreachable = 0.2},
                    web);
  const collected_scan scan = run_scan(make_plan({"10.64.0.0/24"}, "80,443"));
  expect_true_verdicts(world, scan);
  expect_counted_syns(world, scan);
  std::size_t explicit_answers = 0;
  for (const probe_record& record : scan.records) explicit_answers += record.icmp.has_value();
  EXPECT_EQ(explicit_answers, all_of(world.truth(), world_kind::prohibited).size() +
                                  all_of(world.truth(), world_kind::port_unreachable).size() +
                                  all_of(world.truth(), world_kind::host_unreachable).size());
}

TEST_F(a_world, of_ipv6_is_found_as_it_is) {
  const world world({.prefix = "fd00:64::/118", .prohibited = 0.2, .host_unreachable = 0.1}, web);
  const collected_scan scan = run_scan(make_plan({"fd00:64::/118"}, "80,443"));
  expect_true_verdicts(world, scan);
  expect_counted_syns(world, scan);
  EXPECT_EQ(scan.in_state(probe_state::open), all_of(world.truth(), world_kind::open));
}

TEST_F(a_world, is_found_with_few_sockets_too) {
  const world world({.prefix = "10.64.0.0/22"}, web);
  const collected_scan scan = run_scan(make_plan({"10.64.0.0/22"}, "80,443"), {.concurrency = 64});
  expect_true_verdicts(world, scan);
  expect_counted_syns(world, scan);
  EXPECT_EQ(scan.in_state(probe_state::open), all_of(world.truth(), world_kind::open));
}

TEST_F(a_world, is_found_by_two_threads_too) {
  const world world({.prefix = "10.64.0.0/22"}, web);
  const collected_scan scan = run_scan(make_plan({"10.64.0.0/22"}, "80,443"), {.threads = 2});
  expect_true_verdicts(world, scan);
  expect_counted_syns(world, scan);
  EXPECT_EQ(scan.in_state(probe_state::open), all_of(world.truth(), world_kind::open));
}

// How much of it is a question of time, which a busy machine does not have; see machine_test.cpp.
TEST_F(a_world, is_seen_or_silent_when_asked_fast) {
  const world world({.prefix = "10.64.0.0/20"}, web);
  const collected_scan scan =
      run_scan(make_plan({"10.64.0.0/20"}, "80,443"), {.timing = timing::fast});
  expect_true_verdicts(world, scan);
  expect_counted_syns(world, scan);
  EXPECT_TRUE(scan.result.summary.complete);
  for (const probe_record& record : scan.records) {
    EXPECT_TRUE(record.reason != probe_reason::no_response || record.attempts >= 2)
        << to_string(record.ip) << " was given up after one attempt";
  }
}

TEST_F(a_world, gets_one_syn_an_attempt_below_a_second) {
  const world world({.prefix = "10.64.0.0/24"}, web);
  const collected_scan scan = run_scan(make_plan({"10.64.0.0/24"}, "80,443"),
                                       {.timeout = 900ms, .timing = timing::thorough});
  expect_true_verdicts(world, scan);
  expect_counted_syns(world, scan);
  EXPECT_EQ(scan.attempts(), world.counters().syns);
}

TEST_F(a_world, gets_a_reset_for_every_connection) {
  const world world({.prefix = "10.64.0.0/24"}, web);
  const collected_scan scan = run_scan(make_plan({"10.64.0.0/24"}, "80,443"));
  world.catch_up();
  EXPECT_EQ(world.counters().resets, scan.result.summary.open);
}

TEST_F(a_world, is_asked_at_the_rate_that_was_given) {
  const world world({.prefix = "10.64.0.0/24"}, web);
  const auto start = std::chrono::steady_clock::now();
  const collected_scan scan =
      run_scan(make_plan({"10.64.0.0/24"}, "80,443"), {.timeout = 500ms, .rate = 512});
  // 512 probes at 512 a second; how fast the rest goes is not looked at here.
  EXPECT_GE(std::chrono::steady_clock::now() - start, 950ms);
  expect_true_verdicts(world, scan);
  expect_counted_syns(world, scan);
}

}  // namespace
}  // namespace netscan
