/// Which addresses are other people's: those of the public internet.
///
///     netscan::address_set set = netscan::address_set::of({*netscan::parse_cidr("10.0.0.0/7")});
///     netscan::public_part(set).size();  // 11.0.0.0/8, 16777216
///
/// Pure function; thread-safe.
#pragma once

#include "netscan/target/address_set.hpp"

namespace netscan {

/// The addresses of a set that anybody on the internet may reach, as far as the address tells: all
/// but the blocks of the IANA special-purpose registries (RFC 6890) that are not globally
/// reachable, such as 10.0.0.0/8 and 100.64.0.0/10, and multicast. Of IPv6 that is
/// 2000::/3 without the blocks for documentation and benchmarks, and what 64:ff9b::/96 makes of
/// public IPv4 addresses, which a translator (NAT64) reaches them by.
address_set public_part(const address_set& addresses);

}  // namespace netscan
