#include "neighbor_table.hpp"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "neighbor_search.hpp"
#include "netlink.hpp"
#include "netscan/scan/host.hpp"
#include "socket_address.hpp"

namespace netscan::detail {
namespace {

// Some more than an address that is looked for has said of it, for as many as are at a time.
constexpr std::size_t notices_kept = 2048;

constexpr int room_for_notices = 1 << 20;  // bytes; a kilobyte a notice

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
    netlink_ = open_netlink();
    // Without a listener, the table itself has to do.
    listener_ = listen_to_changes(RTMGRP_NEIGH, room_for_notices);
    notices_.set_capacity(notices_kept);
  }
}

void neighbor_table::correct(attempt_result& result, const ip_address& address,
                             instant age) noexcept {
  if (result.state == attempt_result::silent && covers(address) && says_nobody(address, age)) {
    result.state = attempt_result::answered;
    result.what = {probe_reason::no_neighbor, std::nullopt};
    return;
  }
  if (result.state != attempt_result::answered || !address.is_v6()) return;
  if (result.what.reason == probe_reason::no_neighbor && !may_have_reported(address)) {
    result.what.reason = probe_reason::host_unreach;
  }
}

bool neighbor_table::may_have_reported(const ip_address& address) noexcept {
  take_notices();
  if (is_missing(address)) return true;
  if (covers(address)) return false;
  if (!gateways_) gateways_ = gateways();
  return std::any_of(gateways_->begin(), gateways_->end(),
                     [this](const ip_address& gateway) { return is_missing(gateway); });
}

// A SYN that is repeated, or one to another port, starts the search anew as soon as it has failed.
bool neighbor_table::is_missing(const ip_address& neighbor) noexcept {
  return std::any_of(networks_.begin(), networks_.end(), [&](const network& n) {
    return has_failed(neighbor, n.interface) ||
           (state_of(neighbor, n.interface) & (NUD_FAILED | NUD_INCOMPLETE)) != 0;
  });
}

bool neighbor_table::covers(const ip_address& address) const noexcept {
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const network& n) { return n.addresses.contains(address); });
}

bool neighbor_table::says_nobody(const ip_address& address, instant age) noexcept {
  take_notices();
  for (const network& n : networks_) {
    if (!n.addresses.contains(address)) continue;
    if (has_failed(address, n.interface)) return true;
    const unsigned state = state_of(address, n.interface);
    if ((state & NUD_FAILED) != 0) return true;
    // A repeated SYN starts the requests anew, just when the first ones have failed.
    if ((state & NUD_INCOMPLETE) != 0 && age >= neighbor_search_time) return true;
  }
  return false;
}

void neighbor_table::take_notices() noexcept {
  if (!listener_) return;
  take_changes(
      listener_,
      [&](const nlmsghdr& message) {
        // That an entry was dropped (RTM_DELNEIGH) says nothing new of who is there.
        if (message.nlmsg_type != RTM_NEWNEIGH) return;
        const auto neighbor = header_of<ndmsg>(message);
        const std::optional<ip_address> address =
            address_in(attribute_of(message, sizeof neighbor, NDA_DST), neighbor.ndm_family,
                       neighbor.ndm_ifindex);
        if (!address) return;
        notices_.push_back(
            {*address, neighbor.ndm_ifindex, (neighbor.ndm_state & NUD_FAILED) != 0});
      },
      [&] { notices_.clear(); });  // those before what was lost may be outdated
}

bool neighbor_table::has_failed(const ip_address& address, int interface) const noexcept {
  const auto latest = std::find_if(notices_.rbegin(), notices_.rend(), [&](const notice& n) {
    return n.address == address && n.interface == interface;
  });
  return latest != notices_.rend() && latest->failed;
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
