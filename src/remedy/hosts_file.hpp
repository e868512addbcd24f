#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/target/ip_address.hpp"

namespace netscan::detail {

/// A line of a hosts file (hosts(5)): an address and the names that stand for it, in lower case.
struct hosts_line {
  std::size_t number = 0;  ///< from 1
  ip_address address;
  std::vector<std::string> names;
};

/// Lines that cannot be read are left out, as the resolver does.
std::vector<hosts_line> parse_hosts_file(std::string_view text);

/// The lines of the file; none when it cannot be read.
std::vector<hosts_line> read_hosts_file(const std::string& path);

}  // namespace netscan::detail
