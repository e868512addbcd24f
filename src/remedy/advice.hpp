#pragma once

#include <span>
#include <string>

#include "judge.hpp"

namespace netscan::detail {

/// What is missing when `verdicts`, of `clients`, has nothing accepted, and the next thing to do.
std::string advise(std::span<const verdict> verdicts, std::span<const scan_results> clients,
                   const candidate_options& options);

}  // namespace netscan::detail
