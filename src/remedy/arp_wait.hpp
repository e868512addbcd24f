#pragma once

#include <cstdint>

#include "observation.hpp"

namespace netscan::detail {

/// How long a Linux router (or host) asks for a neighbour before it says host-unreach: three
/// requests a second apart (arp(7): mcast_solicit 3, retrans_time_ms 1000), and some slack.
inline constexpr std::uint32_t arp_wait_ms = 3100;

/// A host-unreach that came faster than this cannot be the end of such a wait. It is far below
/// three seconds because a probe may join a wait that another one started.
inline constexpr std::uint32_t arp_wait_at_least_us = 1'000'000;

/// True for silence that may only mean that the scan did not wait for ARP to fail. A timeout of 0
/// is one that is not known.
inline bool was_too_hasty(const observation& seen) {
  if (seen.means != meaning::silent) return false;
  const std::uint32_t timeout_ms = seen.seen->header->timeout_ms;
  return timeout_ms != 0 && timeout_ms < arp_wait_ms;
}

}  // namespace netscan::detail
