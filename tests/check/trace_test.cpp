// Traces against the real kernel: ways of routers behind a TUN device, loopback, links without
// anybody. Each test has a network of its own.
#include "netscan/check/trace.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <thread>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include "netscan/scan/host.hpp"
#include "netscan/target/status.hpp"
#include "network_namespace.hpp"
#include "scan/file_descriptor.hpp"
#include "scan/socket_address.hpp"
#include "way.hpp"

namespace netscan {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using boost::system::error_code;
using testing::run;
using testing::straight_way;
using testing::tcp_packet;
using testing::time_exceeded;
using testing::way;
using testing::way_reply;
using testing::way_rule;

class a_trace : public ::testing::Test {
 protected:
  void SetUp() override { testing::enter_network_namespace(); }
};

/// Of both families: the same tests, other packets.
class a_trace_of : public a_trace, public ::testing::WithParamInterface<bool> {
 protected:
  static bool v6() { return GetParam(); }
  static endpoint target() { return {*parse_ip_address(way::target(v6())), 443}; }
  static std::string router(unsigned hop) { return way::router(hop, v6()); }
};
INSTANTIATE_TEST_SUITE_P(family, a_trace_of, ::testing::Bool(),
                         [](const auto& family) { return family.param ? "ipv6" : "ipv4"; });

trace_record trace_to(const endpoint& to, const trace_options& options = {}) {
  const trace_result result = trace(to, options);
  EXPECT_FALSE(result.error) << result.error.message();
  EXPECT_TRUE(result.record.end.has_value());
  return result.record;
}

/// The routers of each hop in text, "-" for silence and "end" for the end.
std::vector<std::string> hops_of(const trace_record& record) {
  std::vector<std::string> list;
  for (const trace_hop& hop : record.hops) {
    std::string text;
    for (const ip_address& router : routers_of(hop)) {
      text += (text.empty() ? "" : " ") + to_string(router);
    }
    if (hop.is_end()) text += text.empty() ? "end" : " end";
    list.push_back(text.empty() ? "-" : text);
  }
  return list;
}

TEST_P(a_trace_of, an_open_port_names_every_hop) {
  const way way(v6(), straight_way(4, way_reply{way_reply::syn_ack}, v6()));
  const trace_record record = trace_to(target());
  EXPECT_EQ(hops_of(record),
            (std::vector{router(1), router(2), router(3), router(4), std::string("end")}));
  EXPECT_EQ(record.end->reason, probe_reason::syn_ack);
  EXPECT_EQ(record.stop, trace_stop::end);
  EXPECT_EQ(to_string(record.source->address), way::scanner(v6()));
  EXPECT_EQ(summary_of(record), "open: syn-ack; answered at hop 5");
  for (const trace_hop& hop : record.hops) {
    EXPECT_EQ(hop.queries, 3);
    EXPECT_EQ(hop.answered(), 3);
    EXPECT_EQ(way.syns(hop.ttl), 3);
  }
}

TEST_P(a_trace_of, a_closed_port_is_an_end_too) {
  const way way(v6(), straight_way(1, way_reply{way_reply::reset}, v6()));
  const trace_record record = trace_to(target());
  EXPECT_EQ(hops_of(record), (std::vector{router(1), std::string("end")}));
  EXPECT_EQ(summary_of(record), "closed: conn-refused; answered at hop 2");
}

TEST_P(a_trace_of, silence_ends_where_the_syn_was_last_seen_alive) {
  const way way(v6(), straight_way(2, std::nullopt, v6()));
  const trace_record record = trace_to(target(), {.gaps = 3, .timeout = 300ms});
  EXPECT_EQ(hops_of(record), (std::vector<std::string>{router(1), router(2), "-", "-", "-"}));
  EXPECT_EQ(record.stop, trace_stop::gaps);
  EXPECT_EQ(summary_of(record), "filtered: no-response; last seen alive at hop 2, " + router(2) +
                                    ", then 3 hops without an answer");
  EXPECT_EQ(way.syns(6), 0);
}

TEST_P(a_trace_of, a_silent_router_is_passed_over) {
  const bool family = v6();
  const way way(family, [=](const tcp_packet& syn, unsigned) -> std::vector<way_reply> {
    if (syn.ttl == 2) return {};
    return straight_way(3, way_reply{way_reply::syn_ack}, family)(syn, 0);
  });
  const trace_record record = trace_to(target());
  EXPECT_EQ(hops_of(record), (std::vector<std::string>{router(1), "-", router(3), "end"}));
  EXPECT_EQ(record.hops[1].queries, 3);
}

TEST_P(a_trace_of, a_rejecting_router_is_named_with_its_hop) {
  const way_reply prohibited{way_reply::icmp, router(2), static_cast<std::uint8_t>(v6() ? 1 : 3),
                             static_cast<std::uint8_t>(v6() ? 1 : 13)};
  const way way(v6(), straight_way(2, prohibited, v6()));
  const trace_record record = trace_to(target());
  EXPECT_EQ(record.end->reason, probe_reason::admin_prohibited);
  EXPECT_EQ(record.stop, trace_stop::end);
  EXPECT_EQ(summary_of(record), "filtered: admin-prohibited; rejected by " + router(2) +
                                    ", hop 2 (" + (v6() ? "ICMPv6 1/1)" : "ICMP 3/13)"));
}

TEST_P(a_trace_of, equal_ways_show_as_several_routers_at_one_hop) {
  const bool family = v6();
  const way way(family, [=](const tcp_packet& syn, unsigned count) -> std::vector<way_reply> {
    if (syn.ttl == 2) return {time_exceeded(20 + count % 2, family)};
    return straight_way(2, way_reply{way_reply::syn_ack}, family)(syn, 0);
  });
  const trace_record record = trace_to(target());
  EXPECT_EQ(hops_of(record),
            (std::vector<std::string>{router(1), router(20) + " " + router(21), "end"}));
}

TEST_P(a_trace_of, a_circle_is_told) {
  const bool family = v6();
  const way way(family, [=](const tcp_packet& syn, unsigned) -> std::vector<way_reply> {
    return {time_exceeded(1 + syn.ttl % 2, family)};
  });
  const trace_record record = trace_to(target(), {.max_hops = 6});
  EXPECT_EQ(record.stop, trace_stop::max_hops);
  EXPECT_EQ(record.end->reason, probe_reason::time_exceeded);
}

TEST_P(a_trace_of, answers_that_come_twice_count_once) {
  const bool family = v6();
  const way way(family, [=](const tcp_packet& syn, unsigned) -> std::vector<way_reply> {
    if (syn.ttl == 1) return {time_exceeded(1, family), time_exceeded(9, family)};
    return {{way_reply::syn_ack}, {way_reply::syn_ack}};
  });
  const trace_record record = trace_to(target());
  ASSERT_EQ(record.hops.size(), 2);
  EXPECT_EQ(record.hops[0].answered(), 3);
  EXPECT_EQ(record.hops[1].answered(), 3);
}

TEST_F(a_trace, an_unknown_icmp_error_keeps_its_numbers) {
  const way_reply odd{way_reply::icmp, way::router(2, true), 1, 7};  // RFC 4443 ends at 1/6
  const way way(true, straight_way(1, odd, true));
  const trace_record record = trace_to({*parse_ip_address(way::target(true)), 80});
  EXPECT_EQ(record.end->reason, probe_reason::other_icmp);
  EXPECT_EQ(record.end->icmp->code, 7);
}

detail::file_descriptor listen_on(const std::string& address, std::uint16_t port) {
  const detail::socket_address to({*parse_ip_address(address), port});
  detail::file_descriptor fd(::socket(to.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(::bind(fd.get(), to.data(), to.size()), 0) << strerror(errno);
  EXPECT_EQ(::listen(fd.get(), 64), 0);
  return fd;
}

TEST_F(a_trace, loopback_is_one_hop_away) {
  for (const std::string address : {"127.0.0.1", "::1"}) {
    const detail::file_descriptor listener = listen_on(address, 8080);
    const trace_record open = trace_to({*parse_ip_address(address), 8080});
    EXPECT_EQ(summary_of(open), "open: syn-ack; answered at hop 1");
    EXPECT_EQ(hops_of(open), std::vector<std::string>{"end"});
    const trace_record closed = trace_to({*parse_ip_address(address), 8081});
    EXPECT_EQ(summary_of(closed), "closed: conn-refused; answered at hop 1");
  }
}

TEST_F(a_trace, a_local_firewall_is_this_host) {
  run({"nft",
       "add table inet t; add chain inet t out { type filter hook output priority 0; }; add rule "
       "inet t out tcp dport 9000 reject with icmp type admin-prohibited"});
  const trace_record record = trace_to({*parse_ip_address("127.0.0.1"), 9000});
  EXPECT_EQ(record.end->reason, probe_reason::admin_prohibited);
  EXPECT_EQ(summary_of(record),
            "filtered: admin-prohibited; rejected by 127.0.0.1, this host (ICMP 3/13)");
}

TEST_F(a_trace, without_a_route_this_host_could_not_ask) {
  const trace_record record = trace_to({*parse_ip_address("192.0.2.1"), 80});
  EXPECT_EQ(record.end->reason, probe_reason::local_error);
  EXPECT_EQ(record.end->local_errno, ENETUNREACH);
  EXPECT_TRUE(record.hops.empty());
  EXPECT_FALSE(record.source.has_value());
  EXPECT_EQ(summary_of(record),
            "error: local-error; this host could not ask: Network is unreachable");
}

TEST_F(a_trace, nobody_on_this_hosts_own_link_is_told_from_silence) {
  run({"ip", "link", "add", "near", "type", "veth", "peer", "name", "far"});
  run({"ip", "addr", "add", "10.9.9.1/24", "dev", "near"});
  run({"ip", "link", "set", "near", "up"});
  run({"ip", "link", "set", "far", "up"});
  const trace_record on_link = trace_to({*parse_ip_address("10.9.9.2"), 80});
  EXPECT_EQ(on_link.end->reason, probe_reason::no_neighbor);
  EXPECT_EQ(summary_of(on_link), "filtered: no-neighbor; nobody answers ARP for 10.9.9.2");
  run({"ip", "route", "add", "default", "via", "10.9.9.3"});
  const trace_record beyond = trace_to({*parse_ip_address("192.0.2.1"), 80});
  EXPECT_EQ(beyond.end->reason, probe_reason::no_neighbor);
  EXPECT_EQ(summary_of(beyond),
            "filtered: no-neighbor; the router that this host sends to does not answer ARP");
}

TEST_F(a_trace, a_connection_to_itself_is_no_answer) {
  testing::set_sysctl("net.ipv4.ip_local_port_range", "20000 20000");
  const trace_record record =
      trace_to({*parse_ip_address("127.0.0.1"), 20000}, {.queries = 1, .gaps = 1});
  EXPECT_EQ(record.end->reason, probe_reason::local_error);
}

TEST_F(a_trace, goes_through_with_few_descriptors) {
  const way way(false, straight_way(4, way_reply{way_reply::syn_ack}, false));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const detail::file_descriptor next(::dup(0));
  const rlimit tight{static_cast<rlim_t>(next.get()) + 9, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  const trace_result result = trace({*parse_ip_address(way::target(false)), 443});
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_TRUE(result.record.end.has_value());
  EXPECT_EQ(summary_of(result.record), "open: syn-ack; answered at hop 5");
  EXPECT_EQ(last_alive(result.record)->ttl, 4);
}

TEST_F(a_trace, without_any_descriptor_does_not_start_and_says_why) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  asio::io_context context;
  const asio::steady_timer timer(context);  // so that the context has what it needs
  const rlimit none{3, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  trace_result result;
  async_trace(context.get_executor(), {*parse_ip_address("127.0.0.1"), 80}, {},
              [&](error_code error, trace_record record) {
                result = {error, std::move(record)};
              });
  context.run();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(result.error, error_code(EMFILE, boost::system::system_category()));
  EXPECT_FALSE(result.record.end.has_value());
  EXPECT_EQ(result.record.stop, trace_stop::stopped);
  EXPECT_EQ(summary_of(result.record), "stopped before the end was known; no hop was asked");
}

TEST_F(a_trace, leaves_no_connection_and_no_descriptor_behind) {
  const detail::file_descriptor listener = listen_on("127.0.0.1", 8080);
  const std::uint32_t budget = descriptor_budget();
  trace_to({*parse_ip_address("127.0.0.1"), 8080});
  EXPECT_EQ(descriptor_budget(), budget);
  EXPECT_EQ(run({"ss", "-Htan", "dst", "127.0.0.1:8080"}), "");
}

TEST_F(a_trace, is_cancelled_by_its_slot_and_keeps_what_it_has_seen) {
  for (const asio::cancellation_type type :
       {asio::cancellation_type::total, asio::cancellation_type::partial,
        asio::cancellation_type::terminal}) {
    testing::enter_network_namespace();
    asio::io_context context;
    asio::cancellation_signal signal;
    // The first SYN after the router's answer shows that the answer was taken.
    const way way(false, [&](const tcp_packet& syn, unsigned) -> std::vector<way_reply> {
      if (syn.ttl == 1) return {time_exceeded(1, false)};
      if (syn.ttl == 3) asio::post(context, [&] { signal.emit(type); });
      return {};
    });
    trace_result result;
    async_trace(
        context.get_executor(), {*parse_ip_address(way::target(false)), 443},
        {.gaps = 2, .timeout = 60s},
        asio::bind_cancellation_slot(signal.slot(), [&](error_code error, trace_record record) {
          result = {error, std::move(record)};
        }));
    context.run();  // returns long before the timeout, or the test times out
    EXPECT_EQ(result.error, asio::error::operation_aborted);
    EXPECT_EQ(result.record.stop, trace_stop::stopped);
    EXPECT_FALSE(result.record.end.has_value());
    EXPECT_EQ(last_alive(result.record)->ttl, 1);
    EXPECT_EQ(summary_of(result.record),
              "stopped before the end was known; last seen alive at hop 1, 198.51.100.101");
  }
}

TEST_F(a_trace, may_be_cancelled_before_it_has_begun) {
  asio::io_context context;
  asio::cancellation_signal signal;
  error_code result;
  async_trace(context.get_executor(), {*parse_ip_address("127.0.0.1"), 80}, {},
              asio::bind_cancellation_slot(
                  signal.slot(), [&](error_code error, const trace_record&) { result = error; }));
  signal.emit(asio::cancellation_type::total);
  context.run();
  EXPECT_EQ(result, asio::error::operation_aborted);
}

TEST_F(a_trace, may_be_destroyed_with_its_io_context) {
  const way way(false, straight_way(1, std::nullopt, false));
  asio::io_context context;
  async_trace(context.get_executor(), {*parse_ip_address(way::target(false)), 80}, {.timeout = 60s},
              [](error_code, const trace_record&) { FAIL(); });
  context.run_for(50ms);
  EXPECT_FALSE(context.stopped()) << "it waits for silent hops";
}

TEST_F(a_trace, is_stopped_by_its_token) {
  const way way(false, straight_way(1, std::nullopt, false));
  std::stop_source source;
  std::jthread stopper([&] {
    while (way.syns(1) == 0) std::this_thread::sleep_for(1ms);
    source.request_stop();
  });
  const trace_result result =
      trace({*parse_ip_address(way::target(false)), 80}, {.timeout = 60s}, source.get_token());
  EXPECT_EQ(result.error, asio::error::operation_aborted);
  EXPECT_EQ(result.record.stop, trace_stop::stopped);
}

TEST_F(a_trace, works_with_coroutines_and_futures_side_by_side) {
  asio::io_context context;
  trace_record first;
  asio::co_spawn(
      context,
      [&]() -> asio::awaitable<void> {
        const asio::any_io_executor executor = co_await asio::this_coro::executor;
        first = co_await async_trace(executor, {*parse_ip_address("127.0.0.1"), 80}, {},
                                     asio::use_awaitable);
      },
      [](const std::exception_ptr& failure) { EXPECT_FALSE(failure); });
  std::future<trace_record> second = async_trace(
      context.get_executor(), {*parse_ip_address("127.0.0.2"), 81}, {}, asio::use_future);
  context.run();
  EXPECT_EQ(first.end->reason, probe_reason::conn_refused);
  EXPECT_EQ(second.get().ip, *parse_ip_address("127.0.0.2"));
}

TEST(trace_options, are_checked) {
  EXPECT_TRUE(validate(trace_options{}).ok());
  EXPECT_TRUE(validate({.first_hop = 255, .max_hops = 255, .queries = 10, .gaps = 255}).ok());
  const auto refused = [](const trace_options& options) {
    return std::string(message_of(validate(options)));
  };
  EXPECT_EQ(refused({.first_hop = 0}), "first hop 0 is out of range: 1 to 255");
  EXPECT_EQ(refused({.first_hop = 5, .max_hops = 4}),
            "4 hops at most are out of range: 5 (the first hop) to 255");
  EXPECT_EQ(refused({.max_hops = 256}),
            "256 hops at most are out of range: 1 (the first hop) to 255");
  EXPECT_EQ(refused({.queries = 11}), "11 queries a hop are out of range: 1 to 10");
  EXPECT_EQ(refused({.gaps = 0}), "0 gaps are out of range: 1 to 255");
  EXPECT_EQ(refused({.timeout = 0ms}), "timeout 0 ms is out of range: 1 ms to 10 minutes");
}

TEST(trace_stop, words_are_read_back) {
  for (const trace_stop stop :
       {trace_stop::end, trace_stop::gaps, trace_stop::max_hops, trace_stop::stopped}) {
    EXPECT_EQ(parse_trace_stop(to_string(stop)), stop);
  }
  EXPECT_FALSE(parse_trace_stop("End").has_value());
}

}  // namespace
}  // namespace netscan
