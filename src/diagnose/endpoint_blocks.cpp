#include "endpoint_blocks.hpp"

#include <algorithm>

namespace netscan::detail {
namespace {

bool follows(const ip_address& next, const ip_address& last) {
  return next.family() == last.family() && next.zone() == last.zone() && last < next &&
         advance(last, 1) == next;
}

}  // namespace

std::vector<endpoint_block> blocks_of(std::span<const endpoint> endpoints) {
  std::vector<endpoint_block> blocks;
  for (auto at = endpoints.begin(); at != endpoints.end();) {
    const ip_address address = at->address;
    std::vector<port_range> ports;
    for (; at != endpoints.end() && at->address == address; ++at) {
      ports.push_back({at->port, at->port});
    }
    port_set set = port_set::of(std::move(ports));
    const bool continues = !blocks.empty() && follows(address, blocks.back().addresses.last) &&
                           blocks.back().ports == set;
    if (continues) {
      blocks.back().addresses.last = address;
    } else {
      blocks.push_back({{address, address}, std::move(set)});
    }
  }
  return blocks;
}

}  // namespace netscan::detail
