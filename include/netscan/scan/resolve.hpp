/// Host names to addresses.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "netscan/target/ip_address.hpp"

namespace netscan {

/// All addresses of a name, IPv4 and IPv6, as this system resolves names (getaddrinfo(3): hosts
/// file, DNS, ...), each once, in its order of preference. Only of families that this host has an
/// address of (AI_ADDRCONFIG). Blocks as long as the system's resolver does.
/// Errors: NotFound, naming the name and the resolver's own words.
absl::StatusOr<std::vector<ip_address>> resolve(const std::string& name);

}  // namespace netscan
