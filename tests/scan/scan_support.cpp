#include "scan_support.hpp"

#include <gtest/gtest.h>

#include "netscan/target/status.hpp"
#include "netscan/target/target_list.hpp"

namespace netscan::testing {

std::set<endpoint> collected_scan::in_state(probe_state state) const {
  std::set<endpoint> found;
  for (const probe_record& record : records) {
    if (record.state() == state) found.insert({record.ip, record.port});
  }
  return found;
}

probe_record collected_scan::of(const std::string& address, std::uint16_t port) const {
  const ip_address wanted = parse_ip_address(address).value();
  for (const probe_record& record : records) {
    if (record.ip == wanted && record.port == port) return record;
  }
  ADD_FAILURE() << "no record of " << address << " port " << port;
  return {};
}

std::uint64_t collected_scan::attempts() const {
  std::uint64_t sum = 0;
  for (const probe_record& record : records) sum += record.attempts;
  return sum;
}

plan make_plan(const std::vector<std::string>& targets, const std::string& ports,
               const plan_options& options) {
  const auto list = parse_targets(targets);
  EXPECT_TRUE(list.ok()) << message_of(list.status());
  return plan::make(list->addresses, parse_ports(ports).value(), options).value();
}

collected_scan run_scan(const plan& plan, const scan_options& options) {
  collected_scan scan;
  scan.result = netscan::scan(plan, options, [&](std::span<const probe_record> records) {
    scan.records.insert(scan.records.end(), records.begin(), records.end());
    return boost::system::error_code();
  });
  expect_sums(scan);
  return scan;
}

void expect_sums(const collected_scan& scan) {
  const scan_summary& s = scan.result.summary;
  EXPECT_EQ(s.planned, s.open + s.closed + s.filtered + s.error + s.skipped + s.not_started);
  EXPECT_EQ(s.ended(), scan.records.size());
  EXPECT_EQ(s.open, scan.in_state(probe_state::open).size());
  EXPECT_EQ(s.closed, scan.in_state(probe_state::closed).size());
  EXPECT_EQ(s.filtered, scan.in_state(probe_state::filtered).size());
  EXPECT_EQ(s.error, scan.in_state(probe_state::error).size());
  EXPECT_EQ(s.complete, s.not_started == 0);
}

}  // namespace netscan::testing
