#pragma once

#include <span>
#include <vector>

#include "netscan/diagnose/endpoint_block.hpp"
#include "netscan/target/index_set.hpp"
#include "netscan/target/plan.hpp"

namespace netscan::detail {

/// Puts endpoints together as few blocks, as they come: addresses that follow one another and have
/// the same ports are one.
class block_list {
 public:
  /// Behind all that there are, by address and port.
  void add(const endpoint& at);

  std::vector<endpoint_block> blocks() const;

 private:
  static void put(std::vector<endpoint_block>& blocks, const ip_address& address,
                  std::vector<port_range> ports);

  std::vector<endpoint_block> blocks_;
  ip_address last_;
  std::vector<port_range> ports_;  // of the last address, which may have more
};

/// Blocks that have no endpoint in common, in any order, as few ones, ascending.
std::vector<endpoint_block> united(std::vector<endpoint_block> blocks);

/// Whether one of the blocks, ascending, has the endpoint.
bool contains(std::span<const endpoint_block> blocks, const endpoint& at);

/// As few blocks as there are for ranges of a sequential plan's indices, ascending and disjoint.
/// Takes no longer for a large range than for a small one.
std::vector<endpoint_block> blocks_of(const plan& plan, std::span<const index_range> ranges);

}  // namespace netscan::detail
