#pragma once

#include <optional>

#include "netscan/probe/record.hpp"
#include "netscan/target/plan.hpp"

namespace netscan::detail {

/// Empties the socket's error queue (IP_RECVERR, IPV6_RECVERR: ip(7), ipv6(7)) and returns the last
/// ICMP error in it that is about `destination`.
///
/// Messages about anything else are thrown away: a socket that is aimed again and again may hold
/// one that came late for where it was aimed before.
std::optional<icmp_evidence> drain_error_queue(int fd, const endpoint& destination) noexcept;

}  // namespace netscan::detail
