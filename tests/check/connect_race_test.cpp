// Happy Eyeballs as a list of calls and orders, and over seeds in virtual time.
#include "connect_race.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <random>
#include <set>

namespace netscan::detail {
namespace {

using namespace std::chrono_literals;

std::vector<endpoint> endpoints(std::uint32_t count) {
  std::vector<endpoint> list;
  for (std::uint32_t i = 0; i < count; ++i) list.push_back({ip_address::v4(0x0a000001 + i), 443});
  return list;
}

race_options options() {
  race_options result;
  result.timeout = 5s;
  result.deadline = 10s;
  return result;
}

void expect_order(const order& got, order::kind what, slot_index slot = 0) {
  EXPECT_EQ(got.what, what);
  EXPECT_EQ(got.slot, slot);
}

void expect_wait(const order& got, instant until) {
  EXPECT_EQ(got.what, order::wait);
  EXPECT_EQ(got.until, until);
}

const answer open{probe_reason::syn_ack, std::nullopt};
const answer refused{probe_reason::conn_refused, std::nullopt};

TEST(connect_race, takes_the_first_that_connects) {
  connect_race race(endpoints(3), options());
  expect_order(race.next(0s), order::aim, 0);
  race.aimed(0, 0s);
  expect_wait(race.next(1ms), 250ms);
  race.answered(0, open, 2ms);
  expect_order(race.next(2ms), order::finished);
  EXPECT_EQ(race.winner(), 0U);
  ASSERT_EQ(race.records().size(), 1U);
  EXPECT_EQ(race.records()[0].rtt_us, 2000U);
  EXPECT_TRUE(race.overtaken().empty());
}

TEST(connect_race, starts_the_next_after_a_while_and_lets_both_run) {
  connect_race race(endpoints(3), options());
  race.next(0s);
  race.aimed(0, 0s);
  expect_order(race.next(250ms), order::aim, 1);
  race.aimed(1, 250ms);
  expect_wait(race.next(250ms), 500ms);
  race.answered(1, open, 260ms);
  EXPECT_EQ(race.winner(), 1U);
  EXPECT_EQ(race.overtaken(), std::vector{endpoints(1)[0].address});
  ASSERT_EQ(race.records().size(), 1U);
  EXPECT_EQ(race.records()[0].ip, endpoints(2)[1].address);
}

TEST(connect_race, starts_the_next_at_once_after_a_no) {
  connect_race race(endpoints(2), options());
  race.next(0s);
  race.aimed(0, 0s);
  race.answered(0, refused, 1ms);
  expect_order(race.next(1ms), order::aim, 1);
  race.aimed(1, 1ms);
  race.answered(1, refused, 2ms);
  expect_order(race.next(2ms), order::finished);
  EXPECT_FALSE(race.winner());
  EXPECT_EQ(race.records().size(), 2U);
}

TEST(connect_race, gives_up_each_attempt_after_its_timeout) {
  connect_race race(endpoints(2), options());
  race.next(0s);
  race.aimed(0, 0s);
  race.next(250ms);
  race.aimed(1, 250ms);
  expect_wait(race.next(1s), 5s);
  expect_order(race.next(5s), order::abandon, 0);
  race.silent(0, 5s);
  expect_wait(race.next(5s), 5250ms);
  expect_order(race.next(5250ms), order::abandon, 1);
  race.answered(1, open, 5250ms);  // it was there after all
  EXPECT_EQ(race.winner(), 1U);
  EXPECT_EQ(race.records()[0].reason, probe_reason::no_response);
}

TEST(connect_race, ends_at_the_deadline_and_leaves_the_rest_untried) {
  race_options short_one = options();
  short_one.deadline = 300ms;
  connect_race race(endpoints(5), short_one);
  race.next(0s);
  race.aimed(0, 0s);
  race.next(250ms);
  race.aimed(1, 250ms);
  expect_wait(race.next(260ms), 300ms);
  expect_order(race.next(300ms), order::abandon, 0);
  race.silent(0, 300ms);
  expect_order(race.next(300ms), order::abandon, 1);
  race.silent(1, 300ms);
  expect_order(race.next(300ms), order::finished);
  EXPECT_EQ(race.records().size(), 2U);
}

TEST(connect_race, tries_again_what_this_host_was_short_of) {
  connect_race race(endpoints(1), options());
  race.next(0s);
  race.failed_locally(0, EADDRNOTAVAIL, 0s);
  expect_wait(race.next(0s), 50ms);
  expect_order(race.next(50ms), order::aim, 0);
  race.aimed(0, 50ms);
  race.answered(0, open, 51ms);
  ASSERT_EQ(race.records().size(), 1U);
  EXPECT_EQ(race.records()[0].attempts, 1);
  EXPECT_EQ(race.records()[0].local_errno, 0);
  EXPECT_EQ(race.records()[0].rtt_us, 1000U);
}

TEST(connect_race, says_what_this_host_stayed_short_of) {
  connect_race race(endpoints(1), options());
  instant now{};
  for (;; now += 50ms) {
    if (race.next(now).what == order::finished) break;
    race.failed_locally(0, EMFILE, now);
  }
  EXPECT_EQ(now, 5s);
  ASSERT_EQ(race.records().size(), 1U);
  EXPECT_EQ(race.records()[0].reason, probe_reason::local_error);
  EXPECT_EQ(race.records()[0].local_errno, EMFILE);
  EXPECT_EQ(race.records()[0].attempts, 0);
}

TEST(connect_race, does_not_take_itself_for_an_answer) {
  connect_race race(endpoints(1), options());
  race.next(0s);
  race.aimed(0, 0s);
  race.self_connected(0, 0s);
  expect_wait(race.next(0s), 1ms);
  expect_order(race.next(1ms), order::aim, 0);
  race.aimed(0, 1ms);
  race.answered(0, refused, 2ms);
  EXPECT_EQ(race.records()[0].reason, probe_reason::conn_refused);
  EXPECT_EQ(race.records()[0].attempts, 2);
}

TEST(connect_race, without_an_address_is_over) {
  connect_race race({}, options());
  expect_order(race.next(0s), order::finished);
}

/// What an address does when it is asked: answers after `delay`, or never.
struct behaviour {
  std::optional<probe_reason> reason;
  instant delay{};
};

class any_race : public ::testing::TestWithParam<unsigned> {};

TEST_P(any_race, ends_in_time_with_one_verdict_for_each_address_at_most) {
  std::mt19937 random(GetParam());
  const std::uint32_t count = 1 + random() % 8;
  std::vector<behaviour> world(count);
  for (behaviour& one : world) {
    if (random() % 3 != 0) {
      one.reason = random() % 3 == 0 ? probe_reason::syn_ack : probe_reason::conn_refused;
    }
    one.delay = std::chrono::milliseconds(random() % 7000);
  }
  connect_race race(endpoints(count), options());
  std::vector<std::optional<instant>> due(count);  // when the answer comes
  std::vector<instant> starts;
  instant now{};
  for (;;) {
    const order order = race.next(now);
    if (order.what == order::finished) break;
    if (order.what == order::aim) {
      ASSERT_EQ(order.slot, starts.size()) << "not in the order of the addresses";
      starts.push_back(now);
      race.aimed(order.slot, now);
      if (world[order.slot].reason) due[order.slot] = now + world[order.slot].delay;
    } else if (order.what == order::abandon) {
      ASSERT_TRUE(now - race.aimed_at(order.slot) == 5s || now == 10s);
      due[order.slot].reset();
      race.silent(order.slot, now);
    } else {
      ASSERT_GT(order.until, now) << "waits for the past";
      instant next = order.until;
      std::optional<slot_index> who;
      for (slot_index slot = 0; slot < count; ++slot) {
        if (due[slot] && *due[slot] <= next) {
          next = *due[slot];
          who = slot;
        }
      }
      now = std::max(now, next);
      if (who) {
        due[*who].reset();
        race.answered(*who, {*world[*who].reason, std::nullopt}, now);
      }
    }
    ASSERT_LE(now, 10s);
  }
  std::set<ip_address> seen;
  for (const probe_record& record : race.records()) EXPECT_TRUE(seen.insert(record.ip).second);
  for (const ip_address& address : race.overtaken()) EXPECT_TRUE(seen.insert(address).second);
  EXPECT_EQ(seen.size(), starts.size());
  // An address that would have connected in time was not missed.
  for (slot_index slot = 0; slot < starts.size(); ++slot) {
    const bool connects = world[slot].reason == probe_reason::syn_ack && world[slot].delay < 5s &&
                          starts[slot] + world[slot].delay < 10s;
    EXPECT_TRUE(!connects || race.winner().has_value());
  }
  EXPECT_TRUE(!race.winner() || world[*race.winner()].reason == probe_reason::syn_ack);
}

INSTANTIATE_TEST_SUITE_P(seeds, any_race, ::testing::Range(0U, 500U));

}  // namespace
}  // namespace netscan::detail
