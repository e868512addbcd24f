#include "netlink.hpp"

#include <linux/rtnetlink.h>
#include <netinet/in.h>

#include "socket_address.hpp"

namespace netscan::detail {

file_descriptor open_netlink() noexcept {
  return file_descriptor(
      ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
}

file_descriptor listen_to_changes(unsigned groups, int room) noexcept {
  file_descriptor fd = open_netlink();
  if (room != 0) ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = groups;
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
  return fd;
}

std::span<const std::uint8_t> attribute_of(const nlmsghdr& message, std::size_t header_size,
                                           unsigned short type) noexcept {
  if (message.nlmsg_len < NLMSG_SPACE(header_size)) return {};
  auto size = static_cast<int>(message.nlmsg_len - NLMSG_SPACE(header_size));
  const auto* attribute = reinterpret_cast<const rtattr*>(reinterpret_cast<const char*>(&message) +
                                                          NLMSG_SPACE(header_size));
  for (; RTA_OK(attribute, size); attribute = RTA_NEXT(attribute, size)) {
    if (attribute->rta_type != type) continue;
    return {static_cast<const std::uint8_t*>(RTA_DATA(attribute)), RTA_PAYLOAD(attribute)};
  }
  return {};
}

std::optional<ip_address> address_in(std::span<const std::uint8_t> bytes, int family,
                                     int interface) noexcept {
  sockaddr_in v4{};
  if (family == AF_INET && bytes.size() == sizeof v4.sin_addr) {
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, bytes.data(), sizeof v4.sin_addr);
    return socket_address::address_of(reinterpret_cast<const sockaddr&>(v4));
  }
  sockaddr_in6 v6{};
  if (family == AF_INET6 && bytes.size() == sizeof v6.sin6_addr) {
    v6.sin6_family = AF_INET6;
    v6.sin6_scope_id = static_cast<std::uint32_t>(interface);
    std::memcpy(&v6.sin6_addr, bytes.data(), sizeof v6.sin6_addr);
    return socket_address::address_of(reinterpret_cast<const sockaddr&>(v6));
  }
  return std::nullopt;
}

}  // namespace netscan::detail
