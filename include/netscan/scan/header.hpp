/// The `scan` record: how a scan is about to be made, from where.
#pragma once

#include <string>

#include "netscan/probe/record.hpp"
#include "netscan/scan/options.hpp"
#include "netscan/target/plan.hpp"

namespace netscan {

/// Fills in a header from the plan, the options and this host's addresses and routes, with the
/// current time as its start. `targets` and `exclude` are the plan's ranges and empty; who knows
/// what the user wrote puts that in their place.
scan_header describe_scan(const plan& plan, const scan_options& options, std::string vantage);

/// As much of a header as follows from the plan and the options alone, on any host.
scan_header describe_plan(const plan& plan, const scan_options& options);

/// The attempts in flight that a scan with these options will have at most on this host, with all
/// its threads.
std::uint32_t effective_concurrency(const plan& plan, const scan_options& options);

/// The threads that a blocking scan with these options runs on.
unsigned effective_threads(const plan& plan, const scan_options& options);

}  // namespace netscan
