#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "rounds.hpp"
#include "simulated_network.hpp"

namespace netscan {
namespace {

using namespace std::chrono_literals;
using detail::instant;
using detail::machine_options;
using testing::endpoint_kind;
using testing::kind_of;
using testing::network_options;
using testing::simulate;
using testing::simulation_result;

plan plan_of(const char* block, const char* ports, std::uint64_t seed = 1) {
  return *plan::make(address_set::of({*parse_cidr(block)}), *parse_ports(ports), {.seed = seed});
}

std::set<endpoint> endpoints_in(const simulation_result& result, probe_state state) {
  std::set<endpoint> found;
  for (const probe_record& record : result.records) {
    if (record.state() == state) found.insert({record.ip, record.port});
  }
  return found;
}

std::set<endpoint> truth(const plan& plan, const network_options& network, endpoint_kind kind) {
  std::set<endpoint> found;
  for (std::uint64_t i = 0; i < plan.size(); ++i) {
    if (kind_of(network, plan.at(i)) == kind) found.insert(plan.at(i));
  }
  return found;
}

std::uint64_t attempts_in(const simulation_result& result) {
  std::uint64_t attempts = 0;
  for (const probe_record& record : result.records) attempts += record.attempts;
  return attempts;
}

/// What must hold whatever the network, the host and the options are.
void expect_the_rules(const plan& plan, const network_options& network,
                      const machine_options& options, const simulation_result& result) {
  EXPECT_EQ(result.broken, "");
  const scan_summary& s = result.summary;
  EXPECT_EQ(s.planned, plan.size());
  EXPECT_EQ(s.planned, s.open + s.closed + s.filtered + s.error + s.skipped + s.not_started);
  EXPECT_EQ(s.syns, result.syns_sent);
  EXPECT_EQ(attempts_in(result), result.sent_at.size());
  EXPECT_TRUE(s.complete);
  EXPECT_LE(result.most_in_flight, options.concurrency);
  if (options.limits.per_address != 0) {
    EXPECT_LE(result.most_to_an_address, options.limits.per_address);
  }
  if (options.limits.per_network != 0) {
    EXPECT_LE(result.most_to_a_network, options.limits.per_network);
  }
  if (options.limits.unresolved != 0 && !options.limits.on_link.empty()) {
    EXPECT_LE(result.most_looked_for, options.limits.unresolved);
  }

  std::set<endpoint> ended;
  for (const probe_record& record : result.records) {
    const endpoint probe{record.ip, record.port};
    EXPECT_TRUE(ended.insert(probe).second) << to_string(record.ip) << " ended twice";
    EXPECT_LE(record.attempts, options.retries + 1);
    const endpoint_kind kind = kind_of(network, probe);
    switch (record.state()) {
      case probe_state::open:
        EXPECT_EQ(kind, endpoint_kind::open);
        break;
      case probe_state::closed:
        EXPECT_EQ(kind, endpoint_kind::closed);
        break;
      case probe_state::filtered:
        EXPECT_NE(kind, endpoint_kind::no_route) << "silence blamed on the network";
        EXPECT_GE(record.attempts, 1);
        if (record.reason == probe_reason::no_response) {
          EXPECT_FALSE(result.answered.contains(probe)) << "an answer was thrown away";
        }
        break;
      case probe_state::error:
        EXPECT_NE(record.local_errno, 0);
        EXPECT_FALSE(result.answered.contains(probe));
        break;
    }
  }
  EXPECT_EQ(ended.size() + s.skipped, plan.size());
}

TEST(scan_machine, finds_everything_that_answers_on_a_network_without_loss) {
  const plan plan = plan_of("10.0.0.0/24", "80,443");
  const network_options network{.slow = 0.1};
  const machine_options options{.hard_timeout = 1100ms, .concurrency = 1024};

  const simulation_result result = simulate(plan, network, options);

  expect_the_rules(plan, network, options, result);
  EXPECT_EQ(endpoints_in(result, probe_state::open), truth(plan, network, endpoint_kind::open));
  EXPECT_EQ(endpoints_in(result, probe_state::closed), truth(plan, network, endpoint_kind::closed));
  EXPECT_EQ(result.summary.error, 0);
}

TEST(scan_machine, asks_silent_probes_once_when_nothing_was_lost) {
  const plan plan = plan_of("10.0.0.0/24", "80,443");
  const network_options network{};
  const simulation_result result = simulate(plan, network, {.concurrency = 1024});
  EXPECT_EQ(result.sent_at.size(), plan.size());
  EXPECT_EQ(result.took, 1100ms);
  EXPECT_EQ(result.summary.loss_estimate, 0);
}

TEST(scan_machine, asks_silent_probes_again_when_answers_took_a_second_syn) {
  const plan plan = plan_of("10.0.0.0/20", "80");
  const network_options network{.loss = 0.02};
  const machine_options options{.retries = 1, .concurrency = 8192};
  const simulation_result result = simulate(plan, network, options);
  expect_the_rules(plan, network, options, result);
  EXPECT_EQ(endpoints_in(result, probe_state::open), truth(plan, network, endpoint_kind::open));
  EXPECT_EQ(result.took, 2200ms);
  // Each SYN and its answer get through with 0.98^2.
  EXPECT_NEAR(result.summary.loss_estimate, 1 - 0.98 * 0.98, 0.015);
}

TEST(scan_machine, makes_all_passes_when_thorough) {
  const plan plan = plan_of("10.0.0.0/26", "80");
  const network_options network{.open = 0, .closed = 0, .rejected = 0};
  const machine_options options{.timing = timing::thorough, .retries = 2, .concurrency = 16};
  const simulation_result result = simulate(plan, network, options);
  expect_the_rules(plan, network, options, result);
  EXPECT_EQ(result.sent_at.size(), 3 * plan.size());
}

TEST(scan_machine, asks_twice_and_gives_up_early_when_fast) {
  const plan plan = plan_of("10.0.0.0/24", "80");
  const network_options network{};
  const machine_options options{.timing = timing::fast, .retries = 2, .concurrency = 1024};
  const simulation_result result = simulate(plan, network, options);
  expect_the_rules(plan, network, options, result);
  EXPECT_LE(result.took, 300ms);
  for (const probe_record& record : result.records) {
    if (record.reason == probe_reason::no_response) {
      EXPECT_EQ(record.attempts, 2);
    }
  }
}

TEST(scan_machine, takes_the_slots_of_silent_probes_when_there_are_too_few) {
  const plan plan = plan_of("10.0.0.0/22", "80");
  const network_options network{};
  const machine_options options{.retries = 1, .concurrency = 64};
  const simulation_result result = simulate(plan, network, options);
  expect_the_rules(plan, network, options, result);
  EXPECT_EQ(endpoints_in(result, probe_state::open), truth(plan, network, endpoint_kind::open));
  // Waiting in full would take 1.1 s for each 64 of more than 600 silent probes.
  EXPECT_LT(result.took, 4s);
}

TEST(scan_machine, never_sends_faster_than_the_rate) {
  const plan plan = plan_of("10.0.0.0/24", "80");
  const machine_options options{.rate = 500, .concurrency = 1024};
  const network_options network{};
  const simulation_result result = simulate(plan, network, options);
  expect_the_rules(plan, network, options, result);
  // In any second at most 500, and what a burst of 10 ms is worth.
  for (std::size_t i = 0, j = 0; i < result.sent_at.size(); ++i) {
    while (j < result.sent_at.size() && result.sent_at[j] < result.sent_at[i] + 1s) ++j;
    ASSERT_LE(j - i, 500u + 5u + 1u);
  }
  EXPECT_GE(result.took, 500ms);
}

TEST(scan_machine, asks_one_address_only_so_much_at_once) {
  const plan plan = plan_of("10.0.0.0/30", "1-500");
  const network_options network{};
  machine_options options{.concurrency = 1024};
  options.limits.per_address = 20;
  const simulation_result result = simulate(plan, network, options);
  expect_the_rules(plan, network, options, result);
  EXPECT_EQ(result.most_to_an_address, 20);
  EXPECT_EQ(endpoints_in(result, probe_state::open), truth(plan, network, endpoint_kind::open));
}

TEST(scan_machine, asks_one_network_only_so_much_at_once_and_the_others_meanwhile) {
  const plan plan = plan_of("10.0.0.0/22", "80");
  const network_options network{};
  machine_options options{.concurrency = 1024};
  options.limits.per_network = 50;
  const simulation_result result = simulate(plan, network, options);
  expect_the_rules(plan, network, options, result);
  EXPECT_EQ(result.most_to_a_network, 50);
  EXPECT_GE(result.most_in_flight, 190);  // four networks side by side
}

TEST(scan_machine, looks_for_only_so_many_addresses_of_its_own_links_at_once) {
  const plan plan = plan_of("10.0.0.0/21", "80,443");
  const network_options network{.open = 0.02, .closed = 0.02, .rejected = 0};
  machine_options options{.retries = 0, .concurrency = 4096};
  options.limits.on_link = address_set::of({*parse_cidr("10.0.0.0/22")});
  options.limits.unresolved = 100;
  const simulation_result result = simulate(plan, network, options);
  EXPECT_EQ(result.broken, "");
  EXPECT_TRUE(result.summary.complete);
  // The other half is behind a router, and is not held up.
  EXPECT_GT(result.most_in_flight, 2048);
  // 1024 addresses, 100 at a time, 3.1 s each.
  EXPECT_GT(result.took, 25s);
  EXPECT_LT(result.took, 40s);
}

TEST(scan_machine, skips_what_cannot_be_asked_from_this_host) {
  const plan plan = plan_of("10.0.0.0/24", "80,443");
  const network_options network{};
  machine_options options{.concurrency = 1024};
  options.unaskable = address_set::of({*parse_cidr("10.0.0.255/32")});
  const simulation_result result = simulate(plan, network, options);
  expect_the_rules(plan, network, options, result);
  EXPECT_EQ(result.summary.skipped, 2);
}

TEST(scan_machine, ends_as_error_what_this_host_has_no_route_to) {
  const plan plan = plan_of("10.0.0.0/24", "80");
  const network_options network{.unaskable_here = 0.5};
  const machine_options options{.concurrency = 32};
  const simulation_result result = simulate(plan, network, options);
  expect_the_rules(plan, network, options, result);
  EXPECT_EQ(endpoints_in(result, probe_state::error),
            truth(plan, network, endpoint_kind::no_route));
  for (const probe_record& record : result.records) {
    if (record.state() == probe_state::error) {
      EXPECT_EQ(record.attempts, 0);
    }
  }
}

TEST(scan_machine, slows_down_and_loses_nothing_when_the_host_runs_short) {
  const plan plan = plan_of("10.0.0.0/24", "80,443");
  const network_options network{.host_sockets = 20, .host_shortage = 0.2};
  const machine_options options{.concurrency = 1024};
  const simulation_result result = simulate(plan, network, options);
  expect_the_rules(plan, network, options, result);
  EXPECT_EQ(result.summary.error, 0);
  EXPECT_LE(result.most_in_flight, 20);
  EXPECT_EQ(endpoints_in(result, probe_state::open), truth(plan, network, endpoint_kind::open));
}

TEST(scan_machine, gives_up_on_a_shortage_that_does_not_pass_and_calls_it_error) {
  const plan plan = plan_of("10.0.0.0/24", "80,443");
  const network_options network{.host_shortage = 1};
  const machine_options options{.concurrency = 64};
  const simulation_result result = simulate(plan, network, options);
  expect_the_rules(plan, network, options, result);
  EXPECT_EQ(result.summary.error, plan.size());
  EXPECT_LT(result.took, 10s);
}

TEST(scan_machine, gives_up_on_a_probe_that_is_sent_and_fails_here_every_time) {
  const plan plan = plan_of("10.0.0.1/32", "80");
  detail::scan_machine machine(plan, {}, {.concurrency = 1});
  detail::instant now{0};
  unsigned sent = 0;
  for (bool finished = false; !finished && sent < 1000;) {
    const detail::order order = machine.next(now);
    switch (order.what) {
      case detail::order::aim:
        machine.aimed(order.slot, now);
        machine.failed_locally(order.slot, ENOBUFS, 1, now += 1ms);
        ++sent;
        break;
      case detail::order::wait:
        now = std::max(now, order.until);
        break;
      case detail::order::flush:
        EXPECT_EQ(machine.records().front().reason, probe_reason::local_error);
        EXPECT_EQ(machine.records().front().local_errno, ENOBUFS);
        machine.flushed();
        break;
      default:
        finished = true;
    }
  }
  EXPECT_EQ(machine.summary().error, 1u);
  EXPECT_LT(sent, 100u);
  EXPECT_GT(sent, 3u) << "a short shortage is waited for";
}

TEST(scan_machine, keeps_only_so_many_silent_probes_at_a_time) {
  const plan plan = plan_of("10.0.0.0/20", "80");
  const network_options network{.loss = 0.05};
  const machine_options options{.retries = 2, .concurrency = 100, .retry_capacity = 300};
  const simulation_result result = simulate(plan, network, options);
  expect_the_rules(plan, network, options, result);
  const std::uint64_t missing = truth(plan, network, endpoint_kind::open).size() -
                                endpoints_in(result, probe_state::open).size();
  EXPECT_LE(missing, 3u);
}

TEST(scan_machine, counts_as_not_started_what_has_no_verdict_when_stopped) {
  const plan plan = plan_of("10.0.0.0/16", "80");
  const network_options network{};
  const simulation_result result = simulate(plan, network, {.concurrency = 256}, 300ms);
  const scan_summary& s = result.summary;
  EXPECT_FALSE(s.complete);
  EXPECT_GT(s.not_started, 0);
  EXPECT_EQ(s.planned, s.open + s.closed + s.filtered + s.error + s.skipped + s.not_started);
  EXPECT_EQ(s.ended(), result.records.size());
}

TEST(scan_machine, keeps_its_rules_for_every_seed) {
  for (std::uint64_t seed = 1; seed <= testing::rounds(3000); ++seed) {
    std::mt19937_64 random(seed);
    const auto pick = [&](auto... choices) {
      const double values[] = {static_cast<double>(choices)...};
      return values[random() % sizeof...(choices)];
    };
    const network_options network{
        .seed = seed,
        .open = pick(0, 0.05, 0.5),
        .closed = pick(0, 0.1, 0.5),
        .rejected = pick(0, 0.1),
        .unaskable_here = pick(0, 0, 0.2),
        .rtt_max = std::chrono::milliseconds(static_cast<int>(pick(2, 30, 400))),
        .slow = pick(0, 0.1),
        .loss = pick(0, 0.02, 0.3),
        .duplicates = pick(0, 0.2),
        .host_sockets = static_cast<std::uint32_t>(pick(3, 50, 100'000)),
        .host_shortage = pick(0, 0, 0.3),
    };
    machine_options options{
        .hard_timeout = std::chrono::milliseconds(static_cast<int>(pick(200, 1100, 3500))),
        .timing = static_cast<timing>(random() % 3),
        .retries = static_cast<unsigned>(pick(0, 1, 3)),
        .rate = static_cast<std::uint64_t>(pick(0, 0, 100, 5000)),
        .concurrency = static_cast<std::uint32_t>(pick(1, 7, 64, 1000)),
        .retry_capacity = static_cast<std::size_t>(pick(1, 40, 1000)),
    };
    options.limits.per_address = static_cast<std::uint32_t>(pick(0, 1, 2));
    options.limits.per_network = static_cast<std::uint32_t>(pick(0, 1, 30));
    options.limits.unresolved = static_cast<std::uint32_t>(pick(1, 20));
    if (pick(0, 0, 1) != 0) options.limits.on_link = address_set::of({*parse_cidr("10.1.2.0/24")});
    const plan plan = plan_of("10.1.2.0/26", "80,443,8080", seed);
    const simulation_result result = simulate(plan, network, options);
    expect_the_rules(plan, network, options, result);
    if (::testing::Test::HasFailure()) {
      ADD_FAILURE() << "replay with seed " << seed;
      return;
    }
  }
}

}  // namespace
}  // namespace netscan
