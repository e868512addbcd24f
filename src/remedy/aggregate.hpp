#pragma once

#include <span>
#include <string>
#include <vector>

#include "netscan/remedy/metallb.hpp"
#include "netscan/target/address_set.hpp"

namespace netscan::detail {

/// The entries' ranges for these addresses, each of which comes once: disjoint, and together
/// exactly the addresses.
std::vector<address_range> aggregate(std::span<const ip_address> addresses, pool_aggregate how);

/// The fewest CIDR blocks that make up `range`, ascending.
std::vector<address_range> cidr_blocks(const address_range& range);

/// `10.0.0.232/32`, `10.0.0.240/31`, and `10.0.0.240-10.0.0.242` for what is not a block. With
/// `range` only a single address is written as a block.
std::string entry_text(const address_range& range, pool_aggregate how);

}  // namespace netscan::detail
