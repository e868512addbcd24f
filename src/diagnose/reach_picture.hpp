#pragma once

#include <deque>

#include "reach_columns.hpp"

namespace netscan::detail {

/// Columns for the vantages of the views that have scans; there may be none.
reach_columns columns_for(const endpoint_views& views);

/// What the columns, of which there is one at least, come to.
reachability reachability_of(const reach_columns& columns, const std::deque<trace_record>& traces);

}  // namespace netscan::detail
