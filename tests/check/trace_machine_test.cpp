// The trace's decisions, in virtual time: a way of routers that answer or do not, and its end.
#include "trace_machine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <map>
#include <set>

namespace netscan::detail {
namespace {

using namespace std::chrono_literals;

ip_address router(unsigned hop) {
  return ip_address::v4(0x0a000000 + hop);
}

answer time_exceeded(const ip_address& from) {
  return {probe_reason::time_exceeded, icmp_evidence{11, 0, from}};
}

const answer open{probe_reason::syn_ack, std::nullopt};
const answer closed{probe_reason::conn_refused, std::nullopt};
const answer silence{probe_reason::no_response, std::nullopt};

constexpr unsigned no_limit = 255;

struct reply {
  answer what;
  instant after{1ms};
};
/// What answers a SYN that may go `ttl` hops (no_limit for one without a limit); nothing for
/// silence. `count` is the number of SYNs of the same kind before it.
using network = std::function<std::optional<reply>(unsigned ttl, unsigned count)>;

/// A way of `length` routers with an end behind them.
network way(unsigned length, answer end, std::set<unsigned> silent_routers = {}) {
  return [=](unsigned ttl, unsigned) -> std::optional<reply> {
    if (silent_routers.contains(ttl)) return std::nullopt;
    if (ttl <= length) return reply{time_exceeded(router(ttl))};
    if (end.reason == probe_reason::no_response) return std::nullopt;
    return reply{end};
  };
}

struct traced {
  trace_record record;
  std::vector<unsigned> sent;  // the TTL of each SYN, in order
  instant took{};
};

traced run(const trace_options& options, const network& net) {
  trace_machine machine(options);
  traced result;
  std::multimap<instant, std::pair<slot_index, answer>> coming;
  std::map<unsigned, unsigned> counts;
  instant now{};
  for (int step = 0; step < 100'000; ++step) {
    while (!coming.empty() && coming.begin()->first <= now) {
      const auto [slot, what] = coming.begin()->second;
      coming.erase(coming.begin());
      if (machine.in_flight(slot)) machine.answered(slot, what, now);
    }
    const order order = machine.next(now);
    switch (order.what) {
      case order::aim: {
        const unsigned ttl = machine.hops(order.slot) == 0 ? no_limit : machine.hops(order.slot);
        result.sent.push_back(ttl);
        machine.aimed(order.slot, now);
        if (const auto reply = net(ttl, counts[ttl]++)) {
          coming.insert({now + reply->after, {order.slot, reply->what}});
        }
        break;
      }
      case order::abandon:
        machine.silent(order.slot);
        break;
      case order::flush:
        break;
      case order::wait:
        EXPECT_GT(order.until, now) << "a wait for nothing";
        now = coming.empty() ? order.until : std::min(order.until, coming.begin()->first);
        break;
      case order::finished:
        machine.report(result.record);
        result.took = now;
        return result;
    }
  }
  ADD_FAILURE() << "the trace does not end";
  return result;
}

std::vector<ip_address> routers(const trace_record& record) {
  std::vector<ip_address> list;
  for (const trace_hop& hop : record.hops) {
    for (const ip_address& address : routers_of(hop)) list.push_back(address);
  }
  return list;
}

TEST(trace_machine, names_every_router_and_the_end) {
  const traced t = run({}, way(3, open));
  EXPECT_EQ(t.record.stop, trace_stop::end);
  EXPECT_EQ(t.record.end->reason, probe_reason::syn_ack);
  EXPECT_EQ(t.record.end->rtt_us, 1000);
  EXPECT_EQ(routers(t.record), (std::vector{router(1), router(2), router(3)}));
  ASSERT_EQ(t.record.hops.size(), 4);
  EXPECT_EQ(end_hop(t.record)->ttl, 4);
  for (const trace_hop& hop : t.record.hops) {
    EXPECT_EQ(hop.queries, 3);
    EXPECT_EQ(hop.answered(), 3);
  }
}

TEST(trace_machine, asks_each_hop_once_before_any_twice_and_first_without_a_limit) {
  const traced t = run({.queries = 2, .gaps = 3}, way(0, silence));
  EXPECT_EQ(t.sent, (std::vector<unsigned>{no_limit, 1, 2, 3, no_limit, 1, 2, 3}));
}

TEST(trace_machine, asks_no_hop_beyond_the_end_once_it_is_known) {
  // The end at hop 2 answers at once, so the hops asked ahead are all there is beyond it.
  const traced t = run({.queries = 3, .gaps = 4}, way(1, open));
  EXPECT_EQ(t.record.hops.size(), 2);
  EXPECT_TRUE(std::all_of(t.sent.begin(), t.sent.end(),
                          [](unsigned ttl) { return ttl <= 4 || ttl == no_limit; }));
  EXPECT_EQ(std::count(t.sent.begin(), t.sent.end(), 2U), 3);
}

TEST(trace_machine, does_not_wait_for_hops_beyond_the_end) {
  const network net = [](unsigned ttl, unsigned) -> std::optional<reply> {
    if (ttl == 1) return reply{open, 5ms};
    if (ttl == no_limit) return reply{open, 1ms};
    return std::nullopt;
  };
  const traced t = run({}, net);
  EXPECT_EQ(t.took, 5ms);
  EXPECT_EQ(t.record.hops.size(), 1);
}

TEST(trace_machine, gives_up_after_so_many_silent_hops) {
  const traced t = run({.gaps = 5}, way(2, silence));
  EXPECT_EQ(t.record.stop, trace_stop::gaps);
  EXPECT_EQ(t.record.hops.size(), 7);
  EXPECT_EQ(last_alive(t.record)->ttl, 2);
  EXPECT_EQ(t.record.end->reason, probe_reason::no_response);
  EXPECT_EQ(t.record.end->attempts, 3);
  EXPECT_FALSE(t.record.end->rtt_us.has_value());
  // All that is silent is asked while the first of it is waited for.
  EXPECT_LE(t.took, 4010ms);
}

TEST(trace_machine, a_gap_does_not_end_the_way_to_a_host_that_has_spoken) {
  const traced t = run({.gaps = 2}, way(9, closed, {3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(t.record.stop, trace_stop::end);
  EXPECT_EQ(end_hop(t.record)->ttl, 10);
  EXPECT_EQ(t.record.hops.size(), 10);
  EXPECT_TRUE(t.record.hops[4].answers.empty());
  EXPECT_EQ(t.record.hops[4].queries, 3);
}

TEST(trace_machine, waits_long_only_while_the_end_is_not_known) {
  // Two waves of silent hops, each with time for two SYNs.
  const traced t = run({.gaps = 3}, way(6, open, {1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(end_hop(t.record)->ttl, 7);
  EXPECT_GE(t.took, 2200ms);
  EXPECT_LE(t.took, 2300ms);
}

TEST(trace_machine, waits_longer_where_answers_are_slow) {
  const network slow = [](unsigned ttl, unsigned) -> std::optional<reply> {
    if (ttl == 1) return std::nullopt;
    if (ttl == 2) return reply{time_exceeded(router(2)), 1500ms};
    return reply{open, 500ms};
  };
  // Four times the first answer, within which a slower one comes; four times that is too long.
  const traced t = run({}, slow);
  EXPECT_EQ(routers(t.record), std::vector{router(2)});
  EXPECT_EQ(t.took, 4000ms);
}

TEST(trace_machine, stops_at_max_hops) {
  const traced t = run({.max_hops = 4, .gaps = 9}, way(8, closed));
  EXPECT_EQ(t.record.stop, trace_stop::max_hops);
  EXPECT_EQ(t.record.hops.size(), 4);
  EXPECT_EQ(t.record.end->reason, probe_reason::conn_refused);
  EXPECT_EQ(end_hop(t.record), nullptr);
}

TEST(trace_machine, begins_where_it_is_told) {
  const traced t = run({.first_hop = 3}, way(4, open));
  EXPECT_EQ(t.record.hops.front().ttl, 3);
  EXPECT_EQ(routers(t.record), (std::vector{router(3), router(4)}));
  EXPECT_EQ(std::count(t.sent.begin(), t.sent.end(), 1U), 0);
}

TEST(trace_machine, tells_the_routers_of_several_ways_apart) {
  const network two_ways = [](unsigned ttl, unsigned count) -> std::optional<reply> {
    if (ttl == 1) return reply{time_exceeded(router(100 + count % 2))};
    return reply{open};
  };
  const traced t = run({}, two_ways);
  ASSERT_EQ(t.record.hops[0].answers.size(), 2);
  EXPECT_EQ(t.record.hops[0].answers[0].rtts_us.size(), 2);
  EXPECT_EQ(t.record.hops[0].answers[1].rtts_us.size(), 1);
  EXPECT_EQ(routers(t.record), (std::vector{router(100), router(101)}));
}

TEST(trace_machine, counts_what_was_lost_at_a_hop) {
  const network lossy = [](unsigned ttl, unsigned count) -> std::optional<reply> {
    if (ttl == 1 && count != 0) return std::nullopt;
    if (ttl == 1) return reply{time_exceeded(router(1))};
    return reply{open};
  };
  const traced t = run({}, lossy);
  EXPECT_EQ(t.record.hops[0].queries, 3);
  EXPECT_EQ(t.record.hops[0].answered(), 1);
}

TEST(trace_machine, a_rejecting_router_is_the_end) {
  const answer rejected{probe_reason::admin_prohibited, icmp_evidence{3, 13, router(2)}};
  const traced t = run({}, way(2, rejected));
  EXPECT_EQ(t.record.stop, trace_stop::end);
  EXPECT_EQ(t.record.end->reason, probe_reason::admin_prohibited);
  EXPECT_EQ(t.record.end->icmp->from, router(2));
  EXPECT_EQ(end_hop(t.record)->ttl, 3);
  EXPECT_EQ(hop_of(t.record, router(2)), 2);
}

TEST(trace_machine, the_ends_own_word_counts_more_than_a_routers) {
  const network mixed = [](unsigned ttl, unsigned count) -> std::optional<reply> {
    if (ttl == 1) return reply{time_exceeded(router(1))};
    if (count == 0) return reply{{probe_reason::host_unreach, icmp_evidence{3, 1, router(1)}}};
    return reply{open};
  };
  EXPECT_EQ(run({}, mixed).record.end->reason, probe_reason::syn_ack);
}

TEST(trace_machine, a_way_in_a_circle_uses_up_the_hops_of_a_syn_without_a_limit) {
  const network circle = [](unsigned ttl, unsigned) -> std::optional<reply> {
    return reply{time_exceeded(router(1 + ttl % 2))};
  };
  const traced t = run({.max_hops = 10}, circle);
  EXPECT_EQ(t.record.stop, trace_stop::max_hops);
  EXPECT_EQ(t.record.end->reason, probe_reason::time_exceeded);
  EXPECT_NE(summary_of(t.record).find("inferred: the way goes in a circle"), std::string::npos);
}

/// Takes its next order and lets it fail.
void fail_next(trace_machine& machine, int error, instant now) {
  const order order = machine.next(now);
  ASSERT_EQ(order.what, order::aim);
  machine.failed_locally(order.slot, error, now);
}

TEST(trace_machine, what_this_host_is_short_of_is_tried_again) {
  trace_machine machine({.queries = 1, .gaps = 1});
  fail_next(machine, EMFILE, 0ms);
  const order pause = machine.next(0ms);
  ASSERT_EQ(pause.what, order::wait);
  const order again = machine.next(pause.until);
  ASSERT_EQ(again.what, order::aim);
  EXPECT_EQ(machine.hops(again.slot), 0);
}

TEST(trace_machine, what_this_host_stays_short_of_is_its_own_failure) {
  trace_machine machine({.queries = 1, .gaps = 1});
  instant now{};
  for (int i = 0; i < 1000; ++i) {
    const order order = machine.next(now);
    if (order.what == order::finished) break;
    if (order.what == order::wait) now = order.until;
    if (order.what == order::aim) machine.failed_locally(order.slot, EMFILE, now);
  }
  trace_record record;
  machine.report(record);
  EXPECT_EQ(record.end->reason, probe_reason::local_error);
  EXPECT_EQ(record.end->local_errno, EMFILE);
  EXPECT_EQ(record.end->attempts, 0);
  EXPECT_TRUE(record.hops.empty());
}

TEST(trace_machine, a_host_without_a_route_never_blames_the_network) {
  trace_machine machine({.queries = 2, .gaps = 2});
  for (int i = 0; i < 6; ++i) fail_next(machine, ENETUNREACH, 0ms);
  EXPECT_EQ(machine.next(0ms).what, order::finished);
  trace_record record;
  machine.report(record);
  EXPECT_EQ(record.end->reason, probe_reason::local_error);
  EXPECT_EQ(record.end->local_errno, ENETUNREACH);
}

TEST(trace_machine, a_syn_that_met_itself_is_sent_again) {
  trace_machine machine({.queries = 1, .gaps = 1});
  const order first = machine.next(0ms);
  machine.aimed(first.slot, 0ms);
  machine.self_connected(first.slot, 0ms);
  const order pause = machine.next(0ms);
  const order again = machine.next(pause.until);
  EXPECT_EQ(again.what, order::aim);
  EXPECT_EQ(again.slot, first.slot);
}

TEST(trace_machine, a_stopped_trace_says_what_it_knows_and_no_more) {
  trace_machine machine({.queries = 1, .gaps = 2});
  for (int i = 0; i < 3; ++i) machine.aimed(machine.next(0ms).slot, 0ms);
  machine.answered(1, time_exceeded(router(1)), 1ms);
  trace_record record;
  machine.report(record);
  EXPECT_EQ(record.stop, trace_stop::stopped);
  EXPECT_FALSE(record.end.has_value());
  ASSERT_EQ(record.hops.size(), 1);
  EXPECT_EQ(routers(record), std::vector{router(1)});
}

/// What a trace of such a way must show, found by walking it hop by hop.
struct expectation {
  unsigned hops = 0;
  trace_stop stop = trace_stop::end;
};

expectation walk(unsigned length, bool host_speaks, bool end_answers, unsigned silent_mask,
                 unsigned gaps) {
  if (host_speaks) return {length + 1, trace_stop::end};
  unsigned reached = 0;
  for (unsigned hop = 1; hop <= reached + gaps; ++hop) {
    if (hop > length && end_answers) return {length + 1, trace_stop::end};
    if (hop <= length && (silent_mask >> hop & 1) == 0) reached = hop;
  }
  return {reached + gaps, trace_stop::gaps};
}

TEST(trace_machine, every_short_way_comes_out_as_a_walk_along_it_does) {
  const answer rejected{probe_reason::port_unreach, icmp_evidence{3, 3, router(77)}};
  int ways = 0;
  for (const answer& end : {open, closed, silence, rejected}) {
    for (unsigned length = 0; length <= 6; ++length) {
      for (unsigned mask = 0; mask < 1U << (length + 1); mask += 2) {
        for (unsigned gaps = 1; gaps <= 4; ++gaps) {
          std::set<unsigned> silent;
          for (unsigned hop = 1; hop <= length; ++hop) {
            if ((mask >> hop & 1) != 0) silent.insert(hop);
          }
          SCOPED_TRACE(::testing::Message()
                       << to_string(end.reason) << " after " << length << " routers, silent mask "
                       << mask << ", gaps " << gaps);
          const traced t = run({.queries = 2, .gaps = gaps}, way(length, end, silent));
          const bool speaks = end.reason == open.reason || end.reason == closed.reason;
          const expectation wanted = walk(length, speaks, end.reason != silence.reason, mask, gaps);
          ASSERT_EQ(t.record.hops.size(), wanted.hops);
          ASSERT_EQ(t.record.stop, wanted.stop);
          ASSERT_EQ(t.record.end->reason, end.reason);
          for (const trace_hop& hop : t.record.hops) {
            const bool is_router = hop.ttl <= length && !silent.contains(hop.ttl);
            ASSERT_EQ(hop.is_router(), is_router) << "hop " << +hop.ttl;
            ASSERT_EQ(hop.queries, 2);
            ASSERT_LE(std::count(t.sent.begin(), t.sent.end(), hop.ttl), 2);
          }
          ++ways;
        }
      }
    }
  }
  EXPECT_EQ(ways, 4 * 4 * 127);
}

}  // namespace
}  // namespace netscan::detail
