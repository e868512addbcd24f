#pragma once

#include <cstddef>
#include <string_view>

namespace netscan::detail {

/// The least number of bytes to insert, remove, replace, or swap with their neighbour, that makes
/// `a` of `b` (optimal string alignment: nothing is changed twice).
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace netscan::detail
