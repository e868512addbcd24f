#pragma once

#include <string>

#include "view.hpp"

namespace netscan::detail {

/// What was seen, from where, and who said so: `answers at node, silent from pc`.
std::string facts(const view& view);

/// What traces from where no connection was made add: `trace from pc ends after 192.168.77.1`.
/// Empty when there is none.
std::string trace_facts(const view& view);

}  // namespace netscan::detail
