#include "netscan/scan/resolve.hpp"

#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "netscan/target/status.hpp"
#include "resolution.hpp"
#include "socket_address.hpp"

namespace netscan {

detail::resolution detail::look_up_now(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  resolution found;
  found.error = ::getaddrinfo(name.c_str(), nullptr, &hints, &list);
  if (found.error != 0) {
    found.words = found.error == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(found.error);
    return found;
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, &::freeaddrinfo);
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    const ip_address address = socket_address::address_of(*entry->ai_addr);
    if (std::find(found.addresses.begin(), found.addresses.end(), address) ==
        found.addresses.end()) {
      found.addresses.push_back(address);
    }
  }
  return found;
}

absl::StatusOr<std::vector<ip_address>> resolve(const std::string& name) {
  detail::resolution found = detail::look_up_now(name);
  if (found.error == 0) return std::move(found.addresses);
  return absl::NotFoundError(fmt::format("cannot resolve '{}': {}", name, found.words));
}

}  // namespace netscan
