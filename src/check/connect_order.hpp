#pragma once

#include <vector>

#include "netscan/target/ip_address.hpp"

namespace netscan::detail {

/// The order in which to try the addresses of a host: the families take turns, so that one that
/// does not work holds the connection up by one attempt only (RFC 8305 4). The family of the first
/// address begins; within a family the order stays.
std::vector<ip_address> connect_order(const std::vector<ip_address>& addresses);

}  // namespace netscan::detail
