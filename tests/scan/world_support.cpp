#include "world_support.hpp"

#include <gtest/gtest.h>

namespace netscan::testing {

std::set<endpoint> all_of(const world_truth& truth, world_kind kind) {
  std::set<endpoint> found;
  for (std::uint64_t i = 0; i < truth.size(); ++i) {
    for (const std::uint16_t port : web) {
      if (truth.kind(i, port) == kind) {
        found.insert({*parse_ip_address(to_string(truth.address(i))), port});
      }
    }
  }
  return found;
}

void expect_true_verdicts(const world& world, const collected_scan& scan) {
  world.catch_up();
  EXPECT_EQ(world.dropped(), 0u) << "the device lost SYNs; nothing here can be relied on";
  EXPECT_EQ(scan.result.summary.error, 0u);
  std::set<endpoint> seen;
  for (const probe_record& record : scan.records) {
    const auto index = world.truth().index_of(*parse_address(netscan::to_string(record.ip)));
    const world_kind kind = world.truth().kind(index, record.port);
    const auto context = [&] {
      return netscan::to_string(record.ip) + " is " + std::string(to_string(kind));
    };
    EXPECT_TRUE(seen.insert({record.ip, record.port}).second) << context() << ", ended twice";
    EXPECT_GE(world.syns_to(index, record.port), record.attempts) << context();
    switch (record.reason) {
      case probe_reason::syn_ack:
        EXPECT_EQ(kind, world_kind::open) << context();
        break;
      case probe_reason::conn_refused:
        EXPECT_EQ(kind, world_kind::closed) << context();
        break;
      case probe_reason::admin_prohibited:
        EXPECT_EQ(kind, world_kind::prohibited) << context();
        break;
      case probe_reason::port_unreach:
        EXPECT_EQ(kind, world_kind::port_unreachable) << context();
        break;
      case probe_reason::host_unreach:
        EXPECT_EQ(kind, world_kind::host_unreachable) << context();
        break;
      default:
        EXPECT_EQ(record.reason, probe_reason::no_response) << context();
    }
    if (record.icmp) {
      EXPECT_EQ(netscan::to_string(record.icmp->from), world::router(record.ip.is_v6()));
    }
  }
}

void expect_counted_syns(const world& world, const collected_scan& scan) {
  world.catch_up();
  EXPECT_EQ(scan.result.summary.syns, world.counters().syns);
}

}  // namespace netscan::testing
