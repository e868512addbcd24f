#pragma once

#include <string>
#include <vector>

#include "netscan/diagnose/reachability.hpp"

namespace netscan::detail {

/// Fills in the sentence, and whether its conclusion is inferred.
void put_into_words(cut& cut, const std::vector<std::string>& vantages);

}  // namespace netscan::detail
