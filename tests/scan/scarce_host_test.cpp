// A host that is short of something gives the same verdicts as one that is not, only later.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "network_namespace.hpp"
#include "scan_support.hpp"
#include "world.hpp"

namespace netscan {
namespace {

using namespace std::chrono_literals;
using testing::collected_scan;
using testing::make_plan;
using testing::run_scan;
using testing::world;

const std::vector<std::uint16_t> web = {80, 443};

std::map<endpoint, probe_reason> reasons(const collected_scan& scan) {
  std::map<endpoint, probe_reason> all;
  for (const probe_record& record : scan.records) all[{record.ip, record.port}] = record.reason;
  return all;
}

class a_scarce_host : public ::testing::Test {
 protected:
  void SetUp() override { testing::enter_network_namespace(); }

  static collected_scan scan_the_world() {
    const world world({.prefix = "10.64.0.0/23", .prohibited = 0.1}, web);
    collected_scan scan = run_scan(make_plan({"10.64.0.0/23"}, "80,443"), {.timeout = 600ms});
    world.catch_up();
    EXPECT_EQ(scan.result.summary.syns, world.counters().syns);
    EXPECT_EQ(scan.result.summary.error, 0u);
    return scan;
  }
};

TEST_F(a_scarce_host, of_64_descriptors_sees_what_any_other_sees) {
  const auto all = reasons(scan_the_world());
  const auto failure = testing::failure_in_child([&] {
    const rlimit few{64, 64};
    if (::setrlimit(RLIMIT_NOFILE, &few) != 0) throw std::runtime_error("setrlimit");
    testing::enter_network_namespace();
    if (reasons(scan_the_world()) != all) throw std::runtime_error("other verdicts");
    if (::testing::Test::HasFailure()) throw std::runtime_error("an expectation failed");
  });
  EXPECT_EQ(failure, std::nullopt) << *failure;
}

TEST_F(a_scarce_host, of_50_local_ports_sees_what_any_other_sees) {
  const auto all = reasons(scan_the_world());
  testing::enter_network_namespace();
  testing::set_sysctl("net.ipv4.ip_local_port_range", "20000 20049");
  EXPECT_EQ(reasons(scan_the_world()), all);
}

TEST_F(a_scarce_host, of_50_local_ports_asks_every_port_of_one_address) {
  testing::set_sysctl("net.ipv4.ip_local_port_range", "20000 20049");
  const collected_scan scan = run_scan(make_plan({"127.0.0.1"}, "1-10000"));
  EXPECT_EQ(scan.result.summary.closed, 10'000u);
}

TEST_F(a_scarce_host, asks_every_port_of_a_closed_one_with_one_syn_each) {
  testing::run({"nft", "add", "table", "inet", "count"});
  testing::run(
      {"nft", "add", "chain", "inet", "count", "out", "{ type filter hook output priority 0; }"});
  testing::run({"nft", "add", "rule", "inet", "count", "out", "ip", "daddr", "127.0.0.2", "tcp",
                "flags", "&", "(syn|ack|rst)", "==", "syn", "counter"});
  const collected_scan scan = run_scan(make_plan({"127.0.0.2"}, "-"));
  EXPECT_EQ(scan.result.summary.closed, 65535u);
  EXPECT_EQ(scan.result.summary.syns, 65535u);
  const std::string rules = testing::run({"nft", "list", "table", "inet", "count"});
  EXPECT_NE(rules.find("counter packets 65535 "), std::string::npos) << rules;
}

}  // namespace
}  // namespace netscan
