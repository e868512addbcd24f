#pragma once

#include <string>

#include "netscan/probe/record.hpp"
#include "netscan/scan/options.hpp"
#include "netscan/target/plan.hpp"

namespace netscan::cli {

/// Everything that is needed to start a sweep, made from its arguments.
struct prepared_sweep {
  netscan::plan plan;
  scan_options options;
  scan_header header;
};

/// What it is going to do, and what this host allows: for --dry-run and --verbose.
std::string plan_text(const prepared_sweep& sweep);

}  // namespace netscan::cli
