// The engine against the real kernel: loopback in a network namespace of the test's own.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <thread>

#include "file_descriptor.hpp"
#include "netscan/scan/host.hpp"
#include "network_namespace.hpp"
#include "scan_support.hpp"
#include "socket_address.hpp"
#include "socket_pool.hpp"

namespace netscan {
namespace {

using namespace std::chrono_literals;
using detail::file_descriptor;
using testing::collected_scan;
using testing::make_plan;
using testing::run;
using testing::run_scan;
using testing::set_sysctl;

/// A listening socket; the kernel completes handshakes by itself, up to the backlog.
file_descriptor listen_on(const std::string& address, std::uint16_t port, int backlog = 4096) {
  const detail::socket_address to({*parse_ip_address(address), port});
  file_descriptor fd(::socket(to.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  EXPECT_EQ(::bind(fd.get(), to.data(), to.size()), 0) << strerror(errno);
  EXPECT_EQ(::listen(fd.get(), backlog), 0);
  return fd;
}

/// The TCP counters of this namespace, from /proc/net/snmp.
std::uint64_t tcp_counter(const std::string& name) {
  const std::string text = run({"nstat", "-asz", "Tcp" + name});
  const std::size_t at = text.find("Tcp" + name);
  return at == text.npos ? 0 : std::stoull(text.substr(at + 3 + name.size()));
}

TEST(loopback, a_listener_is_open_and_nothing_is_closed) {
  const file_descriptor listener = listen_on("127.0.0.1", 8080);
  const collected_scan scan = run_scan(make_plan({"127.0.0.1"}, "8079-8081"));
  EXPECT_EQ(scan.of("127.0.0.1", 8080).reason, probe_reason::syn_ack);
  EXPECT_EQ(scan.of("127.0.0.1", 8079).reason, probe_reason::conn_refused);
  EXPECT_EQ(scan.of("127.0.0.1", 8081).reason, probe_reason::conn_refused);
  EXPECT_TRUE(scan.of("127.0.0.1", 8080).rtt_us.has_value());
  EXPECT_EQ(scan.result.summary.syns, 3);
}

TEST(loopback, ipv6_and_ipv4_in_one_scan) {
  const file_descriptor v4 = listen_on("127.0.0.7", 8080);
  const file_descriptor v6 = listen_on("::1", 8080);
  const collected_scan scan = run_scan(make_plan({"127.0.0.0/28", "::1"}, "8080,8081"));
  EXPECT_EQ(scan.in_state(probe_state::open),
            (std::set<endpoint>{{*parse_ip_address("127.0.0.7"), 8080},
                                {*parse_ip_address("::1"), 8080}}));
  EXPECT_EQ(scan.in_state(probe_state::closed).size() + scan.result.summary.skipped, 32);
}

TEST(loopback, every_port_of_a_host_is_asked_exactly_once) {
  const std::uint64_t before = tcp_counter("ActiveOpens");
  const collected_scan scan = run_scan(make_plan({"127.0.0.1"}, "-"));
  EXPECT_EQ(scan.in_state(probe_state::closed).size(), 65535);
  EXPECT_EQ(scan.result.summary.syns, scan.attempts());
  EXPECT_EQ(tcp_counter("ActiveOpens") - before, scan.attempts());
}

TEST(loopback, a_connection_to_itself_is_not_an_open_port) {
  // With one port to send from, a probe of that port always meets itself.
  set_sysctl("net.ipv4.ip_local_port_range", "20000 20000");
  const collected_scan scan = run_scan(make_plan({"127.0.0.1"}, "20000"), {.timeout = 200ms});
  set_sysctl("net.ipv4.ip_local_port_range", "32768 60999");
  EXPECT_EQ(scan.of("127.0.0.1", 20000).reason, probe_reason::local_error);
}

TEST(loopback, self_connects_are_asked_again_until_the_truth_comes_out) {
  // Ten ports to send from, and the same to ask: before long a probe meets itself.
  set_sysctl("net.ipv4.ip_local_port_range", "20000 20009");
  std::uint64_t attempts = 0;
  std::uint64_t probes = 0;
  for (int round = 0; round < 100 && attempts == probes; ++round) {
    const collected_scan scan =
        run_scan(make_plan({"127.0.0.1"}, "20000-20009"), {.concurrency = 1});
    EXPECT_EQ(scan.in_state(probe_state::closed).size(), 10);
    attempts += scan.attempts();
    probes += 10;
  }
  set_sysctl("net.ipv4.ip_local_port_range", "32768 60999");
  EXPECT_GT(attempts, probes) << "no probe met itself; the test shows nothing";
}

TEST(loopback, a_full_backlog_is_silent) {
  const file_descriptor listener = listen_on("127.0.0.1", 8080, 0);
  std::vector<file_descriptor> queued;
  const detail::socket_address to({*parse_ip_address("127.0.0.1"), 8080});
  for (int i = 0; i < 4; ++i) {
    queued.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    ::connect(queued.back().get(), to.data(), to.size());
  }
  const collected_scan scan = run_scan(make_plan({"127.0.0.1"}, "8080"));
  EXPECT_EQ(scan.of("127.0.0.1", 8080).reason, probe_reason::no_response);
  // 1.1 s is long enough for two SYNs.
  EXPECT_EQ(scan.of("127.0.0.1", 8080).attempts, 1);
  EXPECT_EQ(scan.result.summary.syns, 2);
}

TEST(loopback, below_a_second_an_attempt_is_one_syn) {
  run({"nft",
       "add table inet drop_all; add chain inet drop_all in { type filter hook input priority "
       "0; }; add rule inet drop_all in tcp dport 9000-9099 counter drop"});
  const collected_scan scan =
      run_scan(make_plan({"127.0.0.1"}, "9000-9099"), {.timeout = 900ms, .retries = 2});
  const std::string counter = run({"nft", "list", "table", "inet", "drop_all"});
  run({"nft", "delete", "table", "inet", "drop_all"});
  EXPECT_EQ(scan.result.summary.syns, 100);
  EXPECT_EQ(scan.attempts(), 100);
  EXPECT_NE(counter.find("packets 100 "), counter.npos) << counter;
}

TEST(loopback, the_kernels_second_syn_is_counted) {
  run({"nft",
       "add table inet drop_all; add chain inet drop_all in { type filter hook input priority "
       "0; }; add rule inet drop_all in tcp dport 9000-9099 counter drop"});
  const collected_scan scan =
      run_scan(make_plan({"127.0.0.1"}, "9000-9099"), {.timeout = 1500ms, .retries = 0});
  const std::string counter = run({"nft", "list", "table", "inet", "drop_all"});
  run({"nft", "delete", "table", "inet", "drop_all"});
  EXPECT_EQ(scan.attempts(), 100);
  EXPECT_EQ(scan.result.summary.syns, 200);
  EXPECT_NE(counter.find("packets 200 "), counter.npos) << counter;
}

struct rejection {
  const char* rule;
  const char* address;
  probe_reason reason;
  int type;
  int code;
};

class a_rejecting_firewall : public ::testing::TestWithParam<rejection> {};

TEST_P(a_rejecting_firewall, is_named_with_its_reason) {
  const rejection& expected = GetParam();
  run({"nft", std::string("add table inet reject_all; add chain inet reject_all in { type filter "
                          "hook input priority 0; }; add rule inet reject_all in tcp dport "
                          "9000-9002 reject with ") +
                  expected.rule});
  const collected_scan scan = run_scan(make_plan({expected.address}, "9000-9002"));
  run({"nft", "delete", "table", "inet", "reject_all"});

  const probe_record record = scan.of(expected.address, 9000);
  EXPECT_EQ(record.reason, expected.reason) << to_string(record.reason);
  if (expected.type < 0) {
    EXPECT_FALSE(record.icmp.has_value());
    return;
  }
  ASSERT_TRUE(record.icmp.has_value());
  EXPECT_EQ(record.icmp->type, expected.type);
  EXPECT_EQ(record.icmp->code, expected.code);
  EXPECT_EQ(to_string(record.icmp->from), expected.address);
  EXPECT_TRUE(record.rtt_us.has_value());
}

INSTANTIATE_TEST_SUITE_P(
    rules, a_rejecting_firewall,
    ::testing::Values(
        rejection{"icmp type admin-prohibited", "127.0.0.1", probe_reason::admin_prohibited, 3, 13},
        rejection{"icmp type host-prohibited", "127.0.0.1", probe_reason::host_prohibited, 3, 10},
        rejection{"icmp type net-prohibited", "127.0.0.1", probe_reason::net_prohibited, 3, 9},
        rejection{"icmp type port-unreachable", "127.0.0.1", probe_reason::port_unreach, 3, 3},
        rejection{"icmp type prot-unreachable", "127.0.0.1", probe_reason::proto_unreach, 3, 2},
        rejection{"icmp type net-unreachable", "127.0.0.1", probe_reason::net_unreach, 3, 0},
        // Said by this host itself, which is how an unanswered ARP request looks.
        rejection{"icmp type host-unreachable", "127.0.0.1", probe_reason::no_neighbor, 3, 1},
        rejection{"tcp reset", "127.0.0.1", probe_reason::conn_refused, -1, -1},
        rejection{"icmpv6 type admin-prohibited", "::1", probe_reason::admin_prohibited, 1, 1},
        rejection{"icmpv6 type port-unreachable", "::1", probe_reason::port_unreach, 1, 4},
        rejection{"icmpv6 type no-route", "::1", probe_reason::net_unreach, 1, 0},
        rejection{"icmpv6 type addr-unreachable", "::1", probe_reason::host_unreach, 1, 3},
        rejection{"tcp reset", "::1", probe_reason::conn_refused, -1, -1}));

TEST(loopback, a_reused_socket_does_not_carry_evidence_over) {
  // Half of the ports are rejected, the other half closed; one socket asks them all in turn.
  run({"nft",
       "add table inet mixed; add chain inet mixed in { type filter hook input priority 0; }; "
       "add rule inet mixed in tcp dport 9000-9499 reject with icmp type admin-prohibited"});
  const collected_scan scan =
      run_scan(make_plan({"127.0.0.1"}, "9000-9999", {.seed = 3}), {.concurrency = 1});
  run({"nft", "delete", "table", "inet", "mixed"});
  for (const probe_record& record : scan.records) {
    if (record.port >= 9500) {
      EXPECT_EQ(record.reason, probe_reason::conn_refused);
      EXPECT_FALSE(record.icmp.has_value());
    } else if (record.reason != probe_reason::no_response) {  // ICMP is metered by the kernel
      EXPECT_EQ(record.reason, probe_reason::admin_prohibited);
    }
  }
  EXPECT_EQ(scan.in_state(probe_state::closed).size(), 500);
}

TEST(loopback, a_socket_that_was_reset_reports_nothing_to_its_next_life) {
  run({"nft",
       "add table inet drop_all; add chain inet drop_all in { type filter hook input priority "
       "0; }; add rule inet drop_all in tcp dport 9000 drop"});
  detail::socket_pool pool(1, {});
  const endpoint silent{*parse_ip_address("127.0.0.1"), 9000};
  bool more = false;
  ASSERT_EQ(pool.aim(0, silent).state, detail::attempt_result::pending);
  EXPECT_TRUE(pool.poll(more).empty());
  ASSERT_EQ(pool.abandon(0, detail::instant(0)).state, detail::attempt_result::silent);
  // The kernel has an event to tell, EPOLLHUP of the life that is over.
  pollfd ready{pool.native_handle(), POLLIN, 0};
  EXPECT_EQ(::poll(&ready, 1, 0), 1);
  EXPECT_TRUE(pool.poll(more).empty());
  // And one that comes when the socket is in use again is not its answer.
  ASSERT_EQ(pool.aim(0, silent).state, detail::attempt_result::pending);
  ASSERT_EQ(pool.abandon(0, detail::instant(0)).state, detail::attempt_result::silent);
  ASSERT_EQ(pool.aim(0, silent).state, detail::attempt_result::pending);
  for (const detail::socket_pool::event& event : pool.poll(more)) {
    EXPECT_EQ(pool.resolve(event, detail::instant(0)).state, detail::attempt_result::pending);
  }
  run({"nft", "delete", "table", "inet", "drop_all"});
}

TEST(loopback, a_port_that_resets_at_once_is_open) {
  const file_descriptor listener = listen_on("127.0.0.1", 8080);
  std::jthread dropper([&](std::stop_token stop) {
    const linger hard{1, 0};
    while (!stop.stop_requested()) {
      file_descriptor peer(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK));
      if (peer) ::setsockopt(peer.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }
  });
  const collected_scan scan = run_scan(make_plan({"127.0.0.1-127.0.0.1"}, "8080"));
  dropper.request_stop();
  run_scan(make_plan({"127.0.0.1"}, "8080"));  // lets accept() return
  EXPECT_EQ(scan.of("127.0.0.1", 8080).reason, probe_reason::syn_ack);
}

TEST(loopback, no_connection_is_left_behind) {
  const file_descriptor listener = listen_on("127.0.0.1", 8080);
  run_scan(make_plan({"127.0.0.1"}, "8080"));
  const std::string sockets = run({"ss", "-Htan", "state", "time-wait"});
  EXPECT_EQ(sockets, "");
}

TEST(loopback, what_this_host_has_no_route_to_is_an_error_not_filtered) {
  const collected_scan scan = run_scan(make_plan({"192.0.2.1", "2001:db8::1"}, "80"));
  EXPECT_EQ(scan.result.summary.error, 2);
  EXPECT_EQ(scan.of("192.0.2.1", 80).local_errno, ENETUNREACH);
  EXPECT_EQ(scan.of("192.0.2.1", 80).attempts, 0);
  EXPECT_EQ(scan.result.summary.syns, 0);
}

TEST(loopback, few_descriptors_slow_the_scan_down_and_change_no_verdict) {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const file_descriptor listener = listen_on("127.0.0.1", 8080);
  std::vector<file_descriptor> hoard;  // nearly all that are allowed
  const rlimit small{64, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &small);
  for (int i = 0; i < 40; ++i) hoard.emplace_back(::dup(0));

  boost::asio::io_context context;
  collected_scan scan;
  async_scan(
      context.get_executor(), make_plan({"127.0.0.1"}, "8000-8999"), {.concurrency = 1000},
      [&](std::span<const probe_record> records) {
        scan.records.insert(scan.records.end(), records.begin(), records.end());
        return boost::system::error_code();
      },
      [&](boost::system::error_code error, const scan_summary& summary) {
        scan.result = {error, summary};
      });
  context.run();
  ::setrlimit(RLIMIT_NOFILE, &before);

  testing::expect_sums(scan);
  EXPECT_FALSE(scan.result.error);
  EXPECT_EQ(scan.result.summary.open, 1);
  EXPECT_EQ(scan.result.summary.closed, 999);
}

TEST(loopback, few_ports_to_send_from_change_no_verdict) {
  const file_descriptor listener = listen_on("127.0.0.1", 8080);
  set_sysctl("net.ipv4.ip_local_port_range", "20000 20049");
  const collected_scan scan = run_scan(make_plan({"127.0.0.1"}, "8000-8999"));
  set_sysctl("net.ipv4.ip_local_port_range", "32768 60999");
  EXPECT_EQ(scan.result.summary.open, 1);
  EXPECT_EQ(scan.result.summary.closed, 999);
}

TEST(loopback, threads_share_the_plan_without_a_gap_or_a_double) {
  const file_descriptor listener = listen_on("127.0.0.1", 8080);
  const collected_scan scan =
      run_scan(make_plan({"127.0.0.1"}, "1-20000"), {.rate = 100'000, .threads = 3});
  EXPECT_EQ(scan.result.summary.planned, 20000);
  EXPECT_EQ(scan.in_state(probe_state::open).size(), 1);
  EXPECT_EQ(scan.in_state(probe_state::closed).size(), 19999);
}

TEST(loopback, what_is_left_of_a_plan_is_asked_and_nothing_else) {
  const file_descriptor listener = listen_on("127.0.0.1", 8080);
  const plan whole = make_plan({"127.0.0.1"}, "8000-8999", {.seed = 4});
  index_set done;
  std::set<std::uint16_t> left;
  for (std::uint64_t i = 0; i < whole.size(); ++i) {
    if (i % 3 == 0) {
      left.insert(whole.at(i).port);
    } else {
      done.insert(i);
    }
  }
  for (const unsigned threads : {1U, 3U}) {
    const std::uint64_t before = tcp_counter("ActiveOpens");
    const collected_scan scan = run_scan(whole.without(done), {.threads = threads});
    EXPECT_EQ(tcp_counter("ActiveOpens") - before, left.size());
    std::set<std::uint16_t> asked;
    for (const probe_record& record : scan.records) asked.insert(record.port);
    EXPECT_EQ(asked, left);
    EXPECT_TRUE(scan.result.summary.complete);
  }
}

TEST(loopback, a_plan_with_nothing_left_is_a_scan_that_is_complete) {
  const plan whole = make_plan({"127.0.0.1"}, "8080");
  index_set done;
  done.insert(0);
  const collected_scan scan = run_scan(whole.without(done), {.threads = 2});
  EXPECT_FALSE(scan.result.error);
  EXPECT_EQ(scan.result.summary, (scan_summary{.complete = true}));

  boost::asio::io_context context;
  scan_result result;
  async_scan(
      context.get_executor(), whole.without(done), {},
      [](std::span<const probe_record>) { return boost::system::error_code(); },
      [&](boost::system::error_code error, const scan_summary& summary) {
        result = {error, summary};
      });
  context.run();
  EXPECT_FALSE(result.error);
  EXPECT_TRUE(result.summary.complete);
  EXPECT_EQ(result.summary.planned, 0u);
}

TEST(host, knows_its_addresses_and_that_loopback_has_no_gateway) {
  const std::vector<source_address> sources =
      source_addresses(make_plan({"127.0.0.0/24"}, "80").targets());
  ASSERT_EQ(sources.size(), 1);
  EXPECT_EQ(to_string(sources[0].address), "127.0.0.1");
  EXPECT_EQ(sources[0].interface, "lo");
  EXPECT_EQ(sources[0].prefix, 8);
  EXPECT_TRUE(gateways().empty());
}

TEST(host, knows_gateways_and_broadcast_addresses) {
  run({"ip", "link", "add", "d0", "type", "veth", "peer", "name", "d1"});
  run({"ip", "addr", "add", "10.9.8.7/24", "dev", "d0"});
  run({"ip", "addr", "add", "fd00:9::7/64", "dev", "d0", "nodad"});
  run({"ip", "link", "set", "d0", "up"});
  run({"ip", "route", "add", "default", "via", "10.9.8.1"});
  run({"ip", "route", "add", "default", "via", "fd00:9::1"});
  const std::vector<ip_address> known = gateways();
  const address_set broadcasts = broadcast_addresses();
  run({"ip", "link", "delete", "d0"});
  EXPECT_EQ(known, (std::vector{*parse_ip_address("10.9.8.1"), *parse_ip_address("fd00:9::1")}));
  EXPECT_TRUE(broadcasts.contains(*parse_ip_address("10.9.8.255")));
  EXPECT_FALSE(broadcasts.contains(*parse_ip_address("10.9.8.254")));
}

}  // namespace
}  // namespace netscan
