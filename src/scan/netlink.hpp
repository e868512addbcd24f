/// What the kernel says of links, addresses, routes and neighbours, without privileges
/// (rtnetlink(7)).
#pragma once

#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

#include "file_descriptor.hpp"
#include "netscan/target/ip_address.hpp"

namespace netscan::detail {

/// A socket to ask by, non-blocking.
file_descriptor open_netlink() noexcept;

/// A socket that hears of every change in these groups (RTMGRP_...); none when the kernel has none
/// to give. `room`: bytes for messages that wait, 0 for as many as is usual; the kernel gives what
/// it allows.
file_descriptor listen_to_changes(unsigned groups, int room = 0) noexcept;

/// What a message begins with, such as ndmsg.
template <typename Header>
Header header_of(const nlmsghdr& message) noexcept {
  Header header{};
  const std::size_t size = message.nlmsg_len - NLMSG_HDRLEN;
  std::memcpy(&header, NLMSG_DATA(&message), std::min(size, sizeof header));
  return header;
}

/// The bytes of the attribute of this type behind a header of `header_size`; none when it has none.
std::span<const std::uint8_t> attribute_of(const nlmsghdr& message, std::size_t header_size,
                                           unsigned short type) noexcept;

/// The address in an attribute's bytes, of this family (AF_INET, AF_INET6). `interface` is the zone
/// that it has when it is link-local. Nothing when that is not what the bytes are.
std::optional<ip_address> address_in(std::span<const std::uint8_t> bytes, int family,
                                     int interface) noexcept;

/// Calls `take` with each message that has come to this listener, and `lost` where some were lost
/// for want of room.
template <typename Take, typename Lost>
void take_changes(const file_descriptor& listener, Take take, Lost lost) noexcept {
  for (;;) {
    alignas(nlmsghdr) std::array<char, 8192> buffer;
    const ssize_t received = ::recv(listener.get(), buffer.data(), buffer.size(), 0);
    if (received < 0 && errno == EINTR) continue;
    if (received < 0 && errno == ENOBUFS) {
      lost();
      continue;
    }
    if (received <= 0) return;
    auto size = static_cast<unsigned>(received);
    const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data());
    for (; NLMSG_OK(message, size); message = NLMSG_NEXT(message, size)) take(*message);
  }
}

}  // namespace netscan::detail
