#pragma once

#include <span>
#include <vector>

#include "netscan/diagnose/compare.hpp"
#include "netscan/target/plan.hpp"

namespace netscan::detail {

/// The endpoints, ascending and each once, as few blocks: addresses that follow one another and
/// have the same ports are one.
std::vector<endpoint_block> blocks_of(std::span<const endpoint> endpoints);

}  // namespace netscan::detail
