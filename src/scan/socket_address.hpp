#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <bit>
#include <cstdint>
#include <cstring>

#include "netscan/target/plan.hpp"

namespace netscan::detail {

/// An endpoint in the kernel's form.
class socket_address {
 public:
  socket_address() noexcept : storage_{} {}

  explicit socket_address(const endpoint& to) noexcept : storage_{} {
    const ip_address& address = to.address;
    if (address.is_v4()) {
      storage_.v4.sin_family = AF_INET;
      storage_.v4.sin_port = htons(to.port);
      storage_.v4.sin_addr.s_addr = htonl(static_cast<std::uint32_t>(address.low()));
      return;
    }
    storage_.v6.sin6_family = AF_INET6;
    storage_.v6.sin6_port = htons(to.port);
    storage_.v6.sin6_scope_id = address.zone();
    for (unsigned i = 0; i < 8; ++i) {
      storage_.v6.sin6_addr.s6_addr[i] = static_cast<std::uint8_t>(address.high() >> (56 - 8 * i));
      storage_.v6.sin6_addr.s6_addr[8 + i] =
          static_cast<std::uint8_t>(address.low() >> (56 - 8 * i));
    }
  }

  const sockaddr* data() const noexcept { return &storage_.any; }
  sockaddr* data() noexcept { return &storage_.any; }
  socklen_t size() const noexcept {
    return storage_.any.sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  }
  static constexpr socklen_t capacity() noexcept { return sizeof(sockaddr_in6); }

  /// The default endpoint when the kernel's family is neither IPv4 nor IPv6.
  endpoint to_endpoint() const noexcept { return {address_of(storage_.any), port()}; }

  std::uint16_t port() const noexcept {
    return ntohs(storage_.any.sa_family == AF_INET ? storage_.v4.sin_port : storage_.v6.sin6_port);
  }

  /// The address in a sockaddr_in or sockaddr_in6; 0.0.0.0 for any other. A zone is kept only where
  /// it means something: for link-local addresses.
  static ip_address address_of(const sockaddr& from) noexcept {
    if (from.sa_family == AF_INET) {
      sockaddr_in v4;
      std::memcpy(&v4, &from, sizeof v4);
      return ip_address::v4(ntohl(v4.sin_addr.s_addr));
    }
    if (from.sa_family != AF_INET6) return {};
    sockaddr_in6 v6;
    std::memcpy(&v6, &from, sizeof v6);
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    for (unsigned i = 0; i < 8; ++i) {
      high = high << 8 | v6.sin6_addr.s6_addr[i];
      low = low << 8 | v6.sin6_addr.s6_addr[8 + i];
    }
    const bool link_local = high >> 54 == 0xfe80 >> 6;
    return ip_address::v6(high, low, link_local ? v6.sin6_scope_id : 0);
  }

 private:
  union {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
  } storage_;
};

}  // namespace netscan::detail
