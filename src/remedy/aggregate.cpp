#include "aggregate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace netscan::detail {

std::vector<address_range> aggregate(std::span<const ip_address> addresses, pool_aggregate how) {
  std::vector<address_range> single;
  for (const ip_address& address : addresses) single.push_back({address, address});
  if (how == pool_aggregate::none) return single;

  const address_set runs = address_set::of(std::move(single));
  if (how == pool_aggregate::range) return {runs.ranges().begin(), runs.ranges().end()};
  std::vector<address_range> blocks;
  for (const address_range& run : runs.ranges()) {
    const std::vector<address_range> of_run = cidr_blocks(run);
    blocks.insert(blocks.end(), of_run.begin(), of_run.end());
  }
  return blocks;
}

std::vector<address_range> cidr_blocks(const address_range& range) {
  std::vector<address_range> blocks;
  ip_address first = range.first;
  while (true) {
    // The shortest prefix whose block starts here and does not reach beyond the range.
    unsigned prefix = first.bit_length();
    while (prefix > 0) {
      const address_range wider = cidr_block(first, prefix - 1);
      if (wider.first != first || range.last < wider.last) break;
      --prefix;
    }
    blocks.push_back(cidr_block(first, prefix));
    if (blocks.back().last == range.last) return blocks;
    first = advance(blocks.back().last, 1);
  }
}

std::string entry_text(const address_range& range, pool_aggregate how) {
  const int prefix = prefix_length(range);
  const bool single = range.first == range.last;
  if (prefix < 0 || (how == pool_aggregate::range && !single)) {
    return fmt::format("{}-{}", range.first, range.last);
  }
  return fmt::format("{}/{}", range.first, prefix);
}

}  // namespace netscan::detail
