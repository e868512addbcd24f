#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace netscan::detail {

/// One line of the matrix, a row or a column, as characters: `+` reached, `-` cut, `?` unknown.
using reach_pattern = std::string;

/// The group of each pattern; groups are numbered in the order of their first members. All patterns
/// are of one length.
///
/// Two patterns agree when they are the same wherever both are known. One is ambiguous when it
/// agrees with two that do not agree with each other. Among the others to agree is an equivalence:
/// they are of one group when they agree. An ambiguous one is of a group with its equals only, and
/// so is one of which nothing is known.
///
/// Takes time in proportion to the patterns that are not known in full, times all different ones:
/// beyond `most_steps` the former stay with their equals, which `is_cut_short` tells.
std::vector<std::size_t> group_patterns(const std::vector<reach_pattern>& patterns,
                                        bool& is_cut_short, double most_steps = 2e9);

}  // namespace netscan::detail
