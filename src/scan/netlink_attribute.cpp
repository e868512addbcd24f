#include "netlink_attribute.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstring>

#include "socket_address.hpp"

namespace netscan::detail {

const rtattr* attribute_of(const nlmsghdr& message, std::size_t header_size,
                           unsigned short type) noexcept {
  const std::size_t before = NLMSG_LENGTH(NLMSG_ALIGN(header_size));
  if (message.nlmsg_len < before) return nullptr;
  auto size = static_cast<int>(message.nlmsg_len - before);
  const auto* attribute =
      reinterpret_cast<const rtattr*>(reinterpret_cast<const char*>(&message) + before);
  for (; RTA_OK(attribute, size); attribute = RTA_NEXT(attribute, size)) {
    if (attribute->rta_type == type) return attribute;
  }
  return nullptr;
}

std::optional<ip_address> address_in(const rtattr* attribute, int family, int interface) noexcept {
  if (attribute == nullptr) return std::nullopt;
  sockaddr_in v4{};
  if (family == AF_INET && RTA_PAYLOAD(attribute) == sizeof v4.sin_addr) {
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, RTA_DATA(attribute), sizeof v4.sin_addr);
    return socket_address::address_of(reinterpret_cast<const sockaddr&>(v4));
  }
  sockaddr_in6 v6{};
  if (family == AF_INET6 && RTA_PAYLOAD(attribute) == sizeof v6.sin6_addr) {
    v6.sin6_family = AF_INET6;
    v6.sin6_scope_id = static_cast<std::uint32_t>(interface);
    std::memcpy(&v6.sin6_addr, RTA_DATA(attribute), sizeof v6.sin6_addr);
    return socket_address::address_of(reinterpret_cast<const sockaddr&>(v6));
  }
  return std::nullopt;
}

}  // namespace netscan::detail
