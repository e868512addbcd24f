/// Many endpoints in few words.
///
///     netscan::endpoint_block block;  // ten addresses, two ports: twenty endpoints
///     to_string(block);               // 10.0.0.60-10.0.0.69:80,443
#pragma once

#include <string>

#include "netscan/target/address_set.hpp"
#include "netscan/target/port_set.hpp"

namespace netscan {

/// Ports of addresses in a row, all with the same ports.
struct endpoint_block {
  address_range addresses;
  port_set ports;

  friend bool operator==(const endpoint_block&, const endpoint_block&) = default;
};

/// `10.0.0.60-10.0.0.69:80,443`, `[fd00:10::216]:443`.
std::string to_string(const endpoint_block& block);

}  // namespace netscan
