/// What this host allows, looked at before a scan: how the scan sizes itself, and what to warn of.
///
///     const netscan::host_limits limits = netscan::read_host_limits();
///     for (const std::string& warning : netscan::preflight_warnings(plan, options, limits)) ...
///
/// Reads files of /proc only; sends nothing and needs no privileges. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "netscan/probe/record.hpp"
#include "netscan/scan/options.hpp"
#include "netscan/target/plan.hpp"

namespace netscan {

/// Reads the limits of this process and its network namespace. What cannot be read is left out:
/// the connection table when nothing tracks connections here, the rest where /proc is not there.
host_limits read_host_limits();

/// One sentence for each way in which the plan asks for more than this host has: what happens, and
/// what to do about it. Empty when there is room for all.
std::vector<std::string> preflight_warnings(const plan& plan, const scan_options& options,
                                            const host_limits& limits);

}  // namespace netscan
