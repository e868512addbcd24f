/// What the tests of real scans share.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "netscan/scan/scan.hpp"

namespace netscan::testing {

struct collected_scan {
  std::vector<probe_record> records;
  scan_result result;

  std::set<endpoint> in_state(probe_state state) const;
  /// The record of this endpoint; fails the test when there is none.
  probe_record of(const std::string& address, std::uint16_t port) const;
  std::uint64_t attempts() const;
};

/// Targets and ports as the command line takes them.
plan make_plan(const std::vector<std::string>& targets, const std::string& ports,
               const plan_options& options = {});

/// Scans to the end, checks the sums, and returns everything.
collected_scan run_scan(const plan& plan, const scan_options& options = {});

/// Sums that hold for every scan that has ended, however it did.
void expect_sums(const collected_scan& scan);

}  // namespace netscan::testing
