// Who is nobody on a link of this host's own: by the kernel's ICMP messages to itself and, with
// these held back, by what its table of neighbours has said.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "network_namespace.hpp"
#include "scan_support.hpp"

namespace netscan {
namespace {

using namespace std::chrono_literals;
using testing::collected_scan;
using testing::make_plan;
using testing::run;
using testing::run_scan;

class a_link : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    testing::enter_network_namespace();
    run({"ip", "link", "add", "here", "type", "veth", "peer", "name", "there"});
    run({"ip", "addr", "add", "10.9.0.1/24", "dev", "here"});
    run({"ip", "addr", "add", "fd00:9::1/64", "dev", "here", "nodad"});
    run({"ip", "link", "set", "here", "up"});
    run({"ip", "link", "set", "there", "up"});
  }

  static void hold_back_messages() {
    run({"nft", "add", "table", "inet", "quiet"});
    run({"nft", "add", "chain", "inet", "quiet", "out", "{ type filter hook output priority 0; }"});
    run({"nft", "add", "rule", "inet", "quiet", "out", "icmp", "type", "destination-unreachable",
         "drop"});
    run({"nft", "add", "rule", "inet", "quiet", "out", "icmpv6", "type", "destination-unreachable",
         "drop"});
  }

  static void expect_nobody(const collected_scan& scan) {
    for (const probe_record& record : scan.records) {
      EXPECT_EQ(record.reason, probe_reason::no_neighbor) << to_string(record.ip);
      EXPECT_EQ(record.icmp, std::nullopt);
    }
  }

  static std::size_t failed_entries() {
    const std::string entries = run({"ip", "neigh", "show", "dev", "here", "nud", "failed"});
    return static_cast<std::size_t>(std::count(entries.begin(), entries.end(), '\n'));
  }
};

TEST_P(a_link, where_nobody_is_says_so_for_every_address) {
  hold_back_messages();
  expect_nobody(run_scan(make_plan({GetParam()}, "80"), {.timeout = 3800ms}));
}

TEST_P(a_link, where_nobody_is_says_so_though_the_table_has_forgotten) {
  hold_back_messages();
  const plan plan = make_plan({GetParam()}, "80");
  // No SYN is repeated between the end of the search, after 3 s, and this deadline.
  auto scan = std::async(std::launch::async, [&] { return run_scan(plan, {.timeout = 3800ms}); });
  while (failed_entries() < plan.size() && scan.wait_for(10ms) != std::future_status::ready) {
  }
  run({"ip", "neigh", "flush", "dev", "here", "nud", "failed"});
  const bool was_in_time = scan.wait_for(0ms) != std::future_status::ready;
  const collected_scan result = scan.get();
  EXPECT_TRUE(was_in_time) << "the scan ended before the table was emptied: nothing is shown";
  expect_nobody(result);
}

// Two addresses, for the kernel meters its messages.
TEST_P(a_link, where_nobody_is_says_so_by_the_kernels_own_message) {
  const bool v6 = std::string_view(GetParam()).find(':') != std::string_view::npos;
  run({"ip", "-6", "route", "add", "fd00:64::/64", "via", "fd00:9::99"});
  run({"ip", "route", "add", "10.64.0.0/24", "via", "10.9.0.99"});
  const std::string direct = v6 ? "fd00:9::77" : "10.9.0.77";
  const std::string by_gateway = v6 ? "fd00:64::1" : "10.64.0.1";
  const collected_scan scan = run_scan(make_plan({direct, by_gateway}, "80"), {.timeout = 5000ms});
  for (const probe_record& record : scan.records) {
    EXPECT_EQ(record.reason, probe_reason::no_neighbor) << to_string(record.ip);
    ASSERT_TRUE(record.icmp) << to_string(record.ip);
    EXPECT_EQ(to_string(record.icmp->from), v6 ? "fd00:9::1" : "10.9.0.1");
  }
}

INSTANTIATE_TEST_SUITE_P(of_either_family, a_link,
                         ::testing::Values("10.9.0.10-10.9.0.59", "fd00:9::10-fd00:9::2f"));

}  // namespace
}  // namespace netscan
