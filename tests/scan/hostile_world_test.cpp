// Scans of worlds whose hosts and strangers do what no honest one does. What is not believed here,
// the kernel refuses before the engine sees it, or the engine does; the counters show that it came.
#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "network_namespace.hpp"
#include "world_support.hpp"

namespace netscan {
namespace {

using namespace std::chrono_literals;
using testing::all_of;
using testing::collected_scan;
using testing::expect_true_verdicts;
using testing::make_plan;
using testing::run;
using testing::run_scan;
using testing::web;
using testing::world;
using testing::world_forgery;
using testing::world_kind;
using testing::world_options;
using testing::world_reply_from;

class a_hostile_world : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { testing::enter_network_namespace(); }

  /// The world of this family, of all kinds of endpoints.
  static world_options with(world_options hostile) {
    hostile.prefix = GetParam();
    hostile.open = 0.2;
    hostile.closed = 0.2;
    return hostile;
  }
  static plan everything() { return make_plan({GetParam()}, "80,443"); }
  static bool v6() { return std::string_view(GetParam()).find(':') != std::string_view::npos; }
};

/// Every answer was found, and nothing else.
void expect_found_as_it_is(const world& world, const collected_scan& scan) {
  expect_true_verdicts(world, scan);
  EXPECT_EQ(scan.in_state(probe_state::open), all_of(world.truth(), world_kind::open));
  EXPECT_EQ(scan.in_state(probe_state::closed), all_of(world.truth(), world_kind::closed));
}

void expect_only_silence(const collected_scan& scan) {
  for (const probe_record& record : scan.records) {
    EXPECT_EQ(record.reason, probe_reason::no_response) << to_string(record.ip);
  }
}

// --- hosts that say no more

// A world's hosts do no more than that: they take no notice of ACK, RST and data.
TEST_P(a_hostile_world, that_falls_silent_after_the_handshake_leaves_no_connection) {
  const world world(with({}), web);
  const collected_scan scan = run_scan(everything());
  expect_found_as_it_is(world, scan);
  EXPECT_GT(scan.result.summary.open, 0u);
  EXPECT_EQ(run({"ss", "-Htan"}), "");
}

/// The world may still have to say something when the scan has ended.
bool comes_true(const std::function<bool()>& holds) {
  for (int i = 0; i < 1000 && !holds(); ++i) std::this_thread::sleep_for(5ms);
  return holds();
}

// --- resets

TEST_P(a_hostile_world, that_storms_with_resets_is_found_as_it_is) {
  const world world(with({.duplicates = 4, .stray_resets = 3}), web);
  // A slow machine takes its time for so many packets, and the answers come between them.
  const collected_scan scan = run_scan(everything(), {.timeout = 4s});
  expect_found_as_it_is(world, scan);
  EXPECT_TRUE(
      comes_true([&] { return world.counters().stray_resets >= 15 * world.counters().syns; }));
  // For a RST that acknowledges what was never sent the kernel repeats the SYN at once.
  EXPECT_LE(scan.result.summary.syns, world.counters().syns);
  EXPECT_EQ(run({"ss", "-Htan"}), "");
}

TEST_P(a_hostile_world, whose_resets_are_all_false_is_silent) {
  world_options options = with({.stray_resets = 5});
  options.open = options.closed = 0;
  const world world(options, web);
  const collected_scan scan = run_scan(everything());
  expect_true_verdicts(world, scan);
  expect_only_silence(scan);
  EXPECT_TRUE(
      comes_true([&] { return world.counters().stray_resets == 25 * world.counters().syns; }));
}

// --- copies, and answers that come too late

TEST_P(a_hostile_world, that_says_everything_five_times_is_found_as_it_is) {
  const world world(with({.duplicates = 4}), web);
  const collected_scan scan = run_scan(everything());
  expect_found_as_it_is(world, scan);
  EXPECT_GT(world.counters().copies, 2 * (scan.result.summary.open + scan.result.summary.closed));
}

// Few sockets, so that an answer finds its socket aimed at another endpoint.
TEST_P(a_hostile_world, whose_answers_come_too_late_is_silent) {
  const world world(with({.delay_min_us = 300'000, .delay_max_us = 400'000, .duplicates = 2}), web);
  const collected_scan scan = run_scan(
      everything(), {.timeout = 100ms, .timing = timing::fast, .concurrency = 256, .threads = 1});
  expect_true_verdicts(world, scan);
  EXPECT_GT(world.counters().answers, 0u);
  EXPECT_GT(world.counters().resets, 0u) << "nothing came to a socket that had given it up";
  EXPECT_EQ(run({"ss", "-Htan"}), "");
}

// The deadline lies in the middle of the answers.
TEST_P(a_hostile_world, whose_answers_come_about_the_deadline_has_no_false_one) {
  const world world(with({.delay_min_us = 100'000, .delay_max_us = 300'000, .duplicates = 3}), web);
  const collected_scan scan = run_scan(everything(), {.timeout = 200ms, .concurrency = 128});
  expect_true_verdicts(world, scan);
  EXPECT_GT(scan.result.summary.open, 0u);
  EXPECT_LT(scan.result.summary.open, all_of(world.truth(), world_kind::open).size());
}

// --- answers from elsewhere

TEST_P(a_hostile_world, that_answers_from_another_address_is_silent) {
  const world world(with({.reply_from = world_reply_from::other_address}), web);
  const collected_scan scan = run_scan(everything());
  expect_only_silence(scan);
  EXPECT_GT(world.counters().answers, 0u);
}

TEST_P(a_hostile_world, that_answers_from_another_port_is_silent) {
  const world world(with({.reply_from = world_reply_from::other_port}), web);
  const collected_scan scan = run_scan(everything());
  expect_only_silence(scan);
  EXPECT_GT(world.counters().answers, 0u);
}

// --- ICMP errors

// The kernel looks for the socket by all four of addresses and ports, then for the sequence number
// of the SYN (tcp_v4_err() in net/ipv4/tcp_ipv4.c): 48 bits that only who sees the SYN knows.
TEST_P(a_hostile_world, that_forges_icmp_errors_is_found_as_it_is) {
  for (const world_forgery forgery :
       {world_forgery::other_destination, world_forgery::other_source_port,
        world_forgery::other_protocol, world_forgery::other_sequence, world_forgery::cut_short}) {
    SCOPED_TRACE(to_string(forgery));
    testing::enter_network_namespace();
    const world world(with({.forgery = forgery}), web);
    const collected_scan scan = run_scan(everything());
    expect_true_verdicts(world, scan);
    EXPECT_GT(scan.result.summary.open, 0u);
    EXPECT_EQ(world.counters().forged, world.counters().syns);
  }
}

// Who sees the SYN can say anything. That it was believed is shown with the name it gave.
TEST_P(a_hostile_world, that_sees_the_syns_is_believed_and_named) {
  for (const world_forgery forgery :
       {world_forgery::faithful, world_forgery::cut_to_ports_and_sequence}) {
    SCOPED_TRACE(to_string(forgery));
    testing::enter_network_namespace();
    const world world(with({.forgery = forgery}), web);
    const collected_scan scan = run_scan(everything());
    for (const probe_record& record : scan.records) {
      ASSERT_EQ(record.reason, probe_reason::admin_prohibited) << to_string(record.ip);
      EXPECT_EQ(to_string(record.icmp->from), world::forger(v6()));
    }
  }
}

// The kernel itself sends such a message when nobody answers ND, and it comes from the interface
// that it was looked for on, as this one does. But here it was not looking for anybody.
TEST_P(a_hostile_world, whose_router_takes_this_hosts_name_is_no_missing_neighbour) {
  const world world(with({.host_unreachable = 0.3, .icmp_from = world::scanner(v6())}), web);
  const collected_scan scan = run_scan(everything());
  const std::set<endpoint> lied_about = all_of(world.truth(), world_kind::host_unreachable);
  EXPECT_FALSE(lied_about.empty());
  for (const auto& [address, port] : lied_about) {
    const probe_record record = scan.of(to_string(address), port);
    if (!v6()) {
      EXPECT_EQ(record.reason, probe_reason::no_response) << "the kernel has let it in";
      continue;
    }
    EXPECT_EQ(record.reason, probe_reason::host_unreach) << to_string(address);
    ASSERT_TRUE(record.icmp);
    EXPECT_EQ(to_string(record.icmp->from), world::scanner(true));
  }
}

INSTANTIATE_TEST_SUITE_P(of_either_family, a_hostile_world,
                         ::testing::Values("10.64.0.0/23", "fd00:64::/119"));

}  // namespace
}  // namespace netscan
