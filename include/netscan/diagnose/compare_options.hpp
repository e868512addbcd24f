/// What to compare, and how much memory to take for it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "netscan/target/address_set.hpp"

namespace netscan {

struct compare_options {
  /// Only these addresses, and checks of these hosts or that connected to one of the addresses.
  /// Nothing in either: all.
  address_set only_addresses = {};
  std::vector<std::string> only_hosts = {};
  /// Records in memory at a time, about 100 bytes each; at least 1.
  std::size_t records_in_memory = std::size_t{1} << 16;
};

}  // namespace netscan
