#pragma once

#include <optional>

#include "netscan/probe/record.hpp"

namespace netscan::detail {

/// Whether the scanning host is on the link of `address`, by its source addresses' networks.
/// Nothing when they do not tell: none of that family, or only host prefixes (a DHCPv6 address is a
/// /128 on a link whose prefix only the router advertisement has).
std::optional<bool> on_link(const scan_header& header, const ip_address& address);

}  // namespace netscan::detail
