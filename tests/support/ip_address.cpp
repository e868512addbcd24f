#include "ip_address.hpp"

#include <arpa/inet.h>

namespace netscan::testing {

std::optional<ip_address> parse_address(std::string_view text) {
  const std::string terminated{text};
  ip_address address;
  if (::inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) return address;
  address.v6 = true;
  if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::string to_string(const ip_address& address) {
  char text[INET6_ADDRSTRLEN];
  return ::inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), text, sizeof text);
}

}  // namespace netscan::testing
