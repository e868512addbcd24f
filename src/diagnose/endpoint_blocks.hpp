#pragma once

#include <span>
#include <vector>

#include "netscan/diagnose/compare.hpp"
#include "netscan/target/index_set.hpp"
#include "netscan/target/plan.hpp"

namespace netscan::detail {

/// The endpoints, ascending and each once, as few blocks: addresses that follow one another and
/// have the same ports are one.
std::vector<endpoint_block> blocks_of(std::span<const endpoint> endpoints);

/// The same for ranges of a sequential plan's indices, ascending and disjoint. Takes no longer for
/// a large range than for a small one.
std::vector<endpoint_block> blocks_of(const plan& plan, std::span<const index_range> ranges);

}  // namespace netscan::detail
