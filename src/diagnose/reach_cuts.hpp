#pragma once

#include <deque>
#include <vector>

#include "netscan/check/trace_record.hpp"
#include "reach_matrix.hpp"

namespace netscan::detail {

/// What explains the matrix, smallest first; see reachability.hpp. Of traces, those
/// that ended in silence count.
std::vector<cut> cuts_of(const reach_matrix& matrix, const std::deque<trace_record>& traces);

}  // namespace netscan::detail
