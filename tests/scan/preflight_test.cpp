// What is said before a scan: on a host of any limits, and on this one.
#include "netscan/scan/preflight.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "netscan/scan/header.hpp"
#include "netscan/scan/host.hpp"
#include "network_namespace.hpp"
#include "scan_support.hpp"

namespace netscan {
namespace {

using testing::make_plan;

class preflight : public ::testing::Test {
 protected:
  void SetUp() override { testing::enter_network_namespace(); }
};

TEST_F(preflight, has_nothing_to_say_about_a_small_scan) {
  const host_limits limits = read_host_limits();
  EXPECT_GT(limits.descriptors, 0u);
  EXPECT_GT(limits.memory_kib.value_or(0), 1024u);
  EXPECT_EQ(preflight_warnings(make_plan({"127.0.0.1"}, "80"), {}, limits),
            std::vector<std::string>());
}

TEST_F(preflight, reads_the_ports_of_its_own_network_namespace) {
  testing::set_sysctl("net.ipv4.ip_local_port_range", "20000 20049");
  EXPECT_EQ(read_host_limits().local_ports, 50u);
}

TEST_F(preflight, warns_of_a_connection_table_that_would_overflow_and_names_a_rate_that_does_not) {
  host_limits limits;
  limits.conntrack_max = 4000;
  limits.conntrack_used = 400;
  const plan plan = make_plan({"127.0.0.0/20"}, "80");
  const std::vector<std::string> warnings = preflight_warnings(plan, {}, limits);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("room for 3600 more"), std::string::npos) << warnings[0];
  EXPECT_NE(warnings[0].find("--rate 30 does not"), std::string::npos) << warnings[0];
  EXPECT_TRUE(preflight_warnings(plan, {.rate = 30}, limits).empty());
}

TEST_F(preflight, warns_of_more_neighbours_than_the_kernel_can_look_for) {
  testing::run({"ip", "link", "add", "here", "type", "veth", "peer", "name", "there"});
  testing::run({"ip", "addr", "add", "10.9.0.1/20", "dev", "here"});
  testing::run({"ip", "link", "set", "here", "up"});
  testing::run({"ip", "link", "set", "there", "up"});
  const std::vector<std::string> warnings =
      preflight_warnings(make_plan({"10.9.0.0/20"}, "80"), {}, read_host_limits());
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("4096 addresses"), std::string::npos) << warnings[0];
  EXPECT_TRUE(preflight_warnings(make_plan({"10.9.0.0/24"}, "80"), {}, read_host_limits()).empty());
}

TEST_F(preflight, warns_when_there_are_fewer_descriptors_than_wanted) {
  rlimit usual{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &usual), 0);
  const rlimit few{256, usual.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  const plan plan = make_plan({"127.0.0.0/22"}, "80");
  const std::vector<std::string> warnings = preflight_warnings(plan, {}, read_host_limits());
  const std::uint32_t possible = effective_concurrency(plan, {});
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &usual), 0);

  EXPECT_LT(possible, 256u);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find(std::to_string(possible) + " of 1024 probes"), std::string::npos);
  EXPECT_NE(warnings[0].find("ulimit -n"), std::string::npos);
}

TEST_F(preflight, gives_a_thread_to_every_few_thousand_probes) {
  EXPECT_EQ(effective_threads(make_plan({"127.0.0.0/24"}, "80"), {}), 1u);
  EXPECT_EQ(effective_threads(make_plan({"127.0.0.0/24"}, "80"), {.threads = 3}), 3u);
  EXPECT_EQ(effective_threads(make_plan({"127.0.0.1"}, "80"), {.threads = 3}), 1u);
  const unsigned most = effective_threads(make_plan({"127.0.0.0/8"}, "80"), {});
  EXPECT_GE(most, 1u);
  EXPECT_LE(most, 4u);
}

}  // namespace
}  // namespace netscan
