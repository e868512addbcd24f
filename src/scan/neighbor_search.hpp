#pragma once

#include <chrono>

namespace netscan::detail {

/// How long the kernel looks for an address on a link: three requests a second apart, the wait
/// after the last, and some more (net/core/neighbour.c: mcast_solicit, retrans_time). Until then
/// the entry says nothing, and cannot be dropped from the table.
inline constexpr std::chrono::milliseconds neighbor_search_time{3100};

}  // namespace netscan::detail
