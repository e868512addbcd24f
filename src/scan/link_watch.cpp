#include "link_watch.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "netscan/scan/host.hpp"

namespace netscan::detail {
namespace {

constexpr instant between_looks = std::chrono::milliseconds(1);

file_descriptor listen_to_changes() noexcept {
  file_descriptor fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  sockaddr_nl groups{};
  groups.nl_family = AF_NETLINK;
  groups.nl_groups =
      RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&groups), sizeof groups) != 0) return {};
  return fd;
}

template <typename Header>
Header header_of(const nlmsghdr& message) noexcept {
  Header header{};
  const std::size_t size = message.nlmsg_len - NLMSG_HDRLEN;
  std::memcpy(&header, NLMSG_DATA(&message), std::min(size, sizeof header));
  return header;
}

/// The interface that a route sends by; 0 for none.
int interface_of_route(const nlmsghdr& message) noexcept {
  auto size = static_cast<int>(RTM_PAYLOAD(&message));
  const auto* attribute = reinterpret_cast<const rtattr*>(reinterpret_cast<const char*>(&message) +
                                                          NLMSG_LENGTH(sizeof(rtmsg)));
  for (; RTA_OK(attribute, size); attribute = RTA_NEXT(attribute, size)) {
    if (attribute->rta_type != RTA_OIF || RTA_PAYLOAD(attribute) != sizeof(int)) continue;
    int interface = 0;
    std::memcpy(&interface, RTA_DATA(attribute), sizeof interface);
    return interface;
  }
  return 0;
}

/// The interface that a message takes something away from; 0 when it takes nothing.
int interface_that_lost(const nlmsghdr& message) noexcept {
  switch (message.nlmsg_type) {
    case RTM_NEWLINK: {
      const auto link = header_of<ifinfomsg>(message);
      return (link.ifi_flags & IFF_RUNNING) == 0 ? link.ifi_index : 0;
    }
    case RTM_DELLINK:
      return header_of<ifinfomsg>(message).ifi_index;
    case RTM_DELADDR:
      return static_cast<int>(header_of<ifaddrmsg>(message).ifa_index);
    case RTM_DELROUTE:
      return interface_of_route(message);
    default:
      return 0;
  }
}

}  // namespace

link_watch::link_watch(const address_set& targets) {
  for (const source_address& source : source_addresses(targets)) {
    const auto interface = static_cast<int>(::if_nametoindex(source.interface.c_str()));
    if (interface != 0) interfaces_.push_back(interface);
  }
  if (!interfaces_.empty()) listener_ = listen_to_changes();
}

bool link_watch::broke_after(instant since, instant now) noexcept {
  if (!listener_) return false;
  if (looked_at_ == instant::min() || now - looked_at_ >= between_looks) take_notices(now);
  return broke_at_ >= since;
}

void link_watch::take_notices(instant now) noexcept {
  looked_at_ = now;
  for (;;) {
    alignas(nlmsghdr) std::array<char, 8192> buffer;
    const ssize_t received = ::recv(listener_.get(), buffer.data(), buffer.size(), 0);
    if (received < 0 && errno == EINTR) continue;
    if (received < 0 && errno == ENOBUFS) {  // some were lost; they may have been about ours
      broke_at_ = now;
      continue;
    }
    if (received <= 0) return;
    auto size = static_cast<unsigned>(received);
    const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data());
    for (; NLMSG_OK(message, size); message = NLMSG_NEXT(message, size)) {
      const int interface = interface_that_lost(*message);
      if (interface == 0) continue;
      const bool is_ours =
          std::find(interfaces_.begin(), interfaces_.end(), interface) != interfaces_.end();
      if (is_ours) broke_at_ = now;
    }
  }
}

}  // namespace netscan::detail
