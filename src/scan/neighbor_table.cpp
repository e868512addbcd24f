#include "neighbor_table.hpp"

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "neighbor_search.hpp"
#include "netscan/scan/host.hpp"
#include "socket_address.hpp"

namespace netscan::detail {
namespace {

struct request {
  nlmsghdr header;
  ndmsg neighbor;
  rtattr attribute;
  std::array<std::uint8_t, 16> address;
};

request make_request(const ip_address& address, int interface) noexcept {
  const socket_address to({address, 0});
  const std::size_t length = address.is_v4() ? 4 : 16;
  request r{};
  r.header.nlmsg_len = static_cast<std::uint32_t>(offsetof(request, address) + length);
  r.header.nlmsg_type = RTM_GETNEIGH;
  r.header.nlmsg_flags = NLM_F_REQUEST;
  r.neighbor.ndm_family = static_cast<std::uint8_t>(to.data()->sa_family);
  r.neighbor.ndm_ifindex = interface;
  r.attribute.rta_len = static_cast<std::uint16_t>(RTA_LENGTH(length));
  r.attribute.rta_type = NDA_DST;
  const std::size_t offset =
      address.is_v4() ? offsetof(sockaddr_in, sin_addr) : offsetof(sockaddr_in6, sin6_addr);
  std::memcpy(r.address.data(), reinterpret_cast<const std::uint8_t*>(to.data()) + offset, length);
  return r;
}

}  // namespace

neighbor_table::neighbor_table() {
  const address_set on_link = on_link_addresses();
  for (const source_address& own : interface_addresses()) {
    if (!on_link.contains(own.address)) continue;  // loopback, tunnels: nobody is looked for
    const bool alone = own.prefix >= own.address.bit_length();
    const auto interface = static_cast<int>(::if_nametoindex(own.interface.c_str()));
    if (!alone && interface != 0) {
      networks_.push_back({cidr_block(own.address, own.prefix), interface});
    }
  }
  if (!networks_.empty()) {
    netlink_ = file_descriptor(
        ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  }
}

bool neighbor_table::covers(const ip_address& address) const noexcept {
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const network& n) { return n.addresses.contains(address); });
}

bool neighbor_table::says_nobody(const ip_address& address, instant age) noexcept {
  for (const network& n : networks_) {
    if (!n.addresses.contains(address)) continue;
    const unsigned state = state_of(address, n.interface);
    if ((state & NUD_FAILED) != 0) return true;
    // A repeated SYN starts the requests anew, just when the first ones have failed.
    if ((state & NUD_INCOMPLETE) != 0 && age >= neighbor_search_time) return true;
  }
  return false;
}

unsigned neighbor_table::state_of(const ip_address& address, int interface) noexcept {
  const request asked = make_request(address, interface);
  if (::send(netlink_.get(), &asked, asked.header.nlmsg_len, 0) < 0) return 0;
  alignas(nlmsghdr) std::array<char, 1024> reply;
  const ssize_t size = ::recv(netlink_.get(), reply.data(), reply.size(), 0);
  if (size < static_cast<ssize_t>(NLMSG_LENGTH(sizeof(ndmsg)))) return 0;
  nlmsghdr header;
  std::memcpy(&header, reply.data(), sizeof header);
  if (header.nlmsg_type != RTM_NEWNEIGH) return 0;  // an error: no such entry
  ndmsg neighbor;
  std::memcpy(&neighbor, reply.data() + NLMSG_HDRLEN, sizeof neighbor);
  return neighbor.ndm_state;
}

}  // namespace netscan::detail
