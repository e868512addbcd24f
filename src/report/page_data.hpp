#pragma once

#include <string>

#include "netscan/report/page.hpp"
#include "page_content.hpp"

namespace netscan::detail {

/// What page.js works on, as JSON.
///
/// An address is a number, counted through all blocks one after the other. The probes of a vantage
/// are columns; each is a list of `value, how often in a row` pairs, so that a silent network takes
/// a few bytes. Addresses are differences to the probe before, times milliseconds after `start`,
/// what is missing -1, and words places in lists.
std::string page_data(const page_content& content, const page_candidates& candidates);

}  // namespace netscan::detail
