// The views of an endpoint: which count, and how many there are.
#include "endpoint_views.hpp"

#include <gtest/gtest.h>

#include "observations.hpp"

namespace netscan {
namespace {

using detail::endpoint_view;
using detail::endpoint_views;

/// A scan that asked about one endpoint over and over, and met now silence, now a router.
results_file repeated(const std::string& vantage, int times) {
  results_file file;
  scan_results& scan = file.scans.emplace_back();
  scan.header.vantage = vantage;
  for (int i = 0; i < times; ++i) {
    probe_record& record = scan.probes.emplace_back();
    record.ip = testing::address("10.0.0.216");
    record.port = 443;
    record.reason = i % 2 == 0 ? probe_reason::no_response : probe_reason::net_unreach;
    if (i % 6 == 1) record.reason = probe_reason::host_unreach;
    record.time = timestamp(std::chrono::milliseconds(i));
  }
  return file;
}

TEST(endpoint_views, of_each_scan_are_two_at_most) {
  constexpr int times = 3000;
  for (const std::size_t in_memory : {1U, 100U, 100'000U}) {
    endpoint_views views({.records_in_memory = in_memory});
    for (const char* const vantage : {"node", "pc", "node"}) {
      ASSERT_TRUE(views.add(repeated(vantage, times)).ok());
    }
    int endpoints = 0;
    const absl::Status handed_out =
        views.hand_out([&](const endpoint& at, std::span<const endpoint_view> seen) {
          ++endpoints;
          EXPECT_EQ(at.port, 443);
          ASSERT_EQ(seen.size(), 6U) << in_memory;
          // Of the node's two scans, and of the other's one: the last answer counts.
          for (const std::size_t first : {0U, 4U}) {
            EXPECT_EQ(seen[first].vantage, first == 0 ? 0U : 1U);
            EXPECT_EQ(seen[first].record->time, timestamp(std::chrono::milliseconds(times - 1)));
            EXPECT_EQ(seen[first].record->reason, probe_reason::net_unreach);
          }
          EXPECT_NE(seen[5].record->reason, probe_reason::net_unreach);
        });
    EXPECT_TRUE(handed_out.ok()) << handed_out;
    EXPECT_EQ(endpoints, 1);
  }
}

}  // namespace
}  // namespace netscan
