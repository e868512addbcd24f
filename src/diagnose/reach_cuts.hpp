#pragma once

#include <span>
#include <vector>

#include "netscan/check/trace_record.hpp"
#include "reach_matrix.hpp"

namespace netscan::detail {

/// What explains the matrix, smallest first; see reachability.hpp. Of traces, those of the matrix'
/// vantages that ended in silence.
std::vector<cut> cuts_of(const reach_matrix& matrix, std::span<const trace_record> traces);

/// Endpoints of the table in blocks.
std::vector<endpoint_block> blocks_of_columns(const reach_matrix& matrix,
                                              std::span<const std::size_t> columns);

}  // namespace netscan::detail
