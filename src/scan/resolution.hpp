#pragma once

#include <string>
#include <vector>

#include "netscan/target/ip_address.hpp"

namespace netscan::detail {

/// What this system's resolver says of a name.
struct resolution {
  /// An EAI_... code of getaddrinfo(3), 0 for none, and its words for people.
  int error = 0;
  std::string words;
  std::vector<ip_address> addresses;
};

/// What resolve() does. Any thread may call it, and need not end before the program does.
resolution look_up_now(const std::string& name);

}  // namespace netscan::detail
