#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "netscan/diagnose/reachability.hpp"

namespace netscan::detail {

/// Fills in the sentence, and whether its conclusion is inferred. `unknown_beyond`: pairs of the
/// cut's vantages with further endpoints that others reach, of which nothing is known.
void put_into_words(cut& cut, const std::vector<std::string>& vantages,
                    std::uint64_t unknown_beyond);

}  // namespace netscan::detail
