#pragma once

#include <span>
#include <string>

#include "judge.hpp"

namespace netscan::detail {

/// What is missing when `verdicts` has nothing accepted, and the next thing to do.
std::string advise(std::span<const verdict> verdicts, const candidate_options& options);

}  // namespace netscan::detail
