#include "link_watch.hpp"

#include <linux/rtnetlink.h>
#include <net/if.h>

#include <algorithm>
#include <cstring>

#include "netlink.hpp"
#include "netscan/scan/host.hpp"

namespace netscan::detail {
namespace {

constexpr instant between_looks = std::chrono::milliseconds(1);
constexpr std::size_t most_losses = 64;

constexpr unsigned changes_of_ways =
    RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;

bool is_unspecified(const ip_address& address) noexcept {
  return address.high() == 0 && address.low() == 0;
}

/// The addresses that a route is for.
address_range destination_of(const nlmsghdr& message, const rtmsg& route, int interface) noexcept {
  const ip_address any = route.rtm_family == AF_INET ? ip_address::v4(0) : ip_address::v6(0, 0);
  const auto prefix =
      address_in(attribute_of(message, sizeof route, RTA_DST), route.rtm_family, interface);
  return cidr_block(prefix.value_or(any), prefix ? route.rtm_dst_len : 0);
}

}  // namespace

link_watch::link_watch(const address_set& targets) : targets_(targets) {
  for (const source_address& source : source_addresses(targets)) {
    const auto interface = static_cast<int>(::if_nametoindex(source.interface.c_str()));
    if (interface != 0) interfaces_.push_back(interface);
  }
  if (!interfaces_.empty()) listener_ = listen_to_changes(changes_of_ways);
  lost_.reserve(most_losses);
}

void link_watch::look(instant now) noexcept {
  if (!listener_ || (looked_at_ != instant::min() && now - looked_at_ < between_looks)) return;
  looked_at_ = now;
  take_changes(
      listener_, [&](const nlmsghdr& message) { take(message, now); },
      [&] { broke_at_ = now; });  // what was lost may have been about ours
}

bool link_watch::lost_after(const ip_address& source, instant since) const noexcept {
  if (is_unspecified(source)) return has_lost_any();
  return std::any_of(lost_.begin(), lost_.end(),
                     [&](const loss& one) { return one.address == source && one.at >= since; });
}

void link_watch::take(const nlmsghdr& message, instant now) noexcept {
  switch (message.nlmsg_type) {
    case RTM_NEWLINK: {
      const auto link = header_of<ifinfomsg>(message);
      if ((link.ifi_flags & IFF_RUNNING) == 0 && is_ours(link.ifi_index)) broke_at_ = now;
      return;
    }
    case RTM_DELLINK:
      if (is_ours(header_of<ifinfomsg>(message).ifi_index)) broke_at_ = now;
      return;
    case RTM_DELADDR: {
      const auto header = header_of<ifaddrmsg>(message);
      const auto interface = static_cast<int>(header.ifa_index);
      // Of a point-to-point link IFA_ADDRESS is the peer's.
      const auto local = attribute_of(message, sizeof header, IFA_LOCAL);
      const auto address =
          address_in(!local.empty() ? local : attribute_of(message, sizeof header, IFA_ADDRESS),
                     header.ifa_family, interface);
      if (address && is_ours(interface)) take_loss(*address, now);
      return;
    }
    case RTM_DELROUTE:
      if (is_way_to_targets(message)) broke_at_ = now;
      return;
    default:
      return;
  }
}

void link_watch::take_loss(const ip_address& address, instant now) noexcept {
  const auto found = std::find_if(lost_.begin(), lost_.end(),
                                  [&](const loss& one) { return one.address == address; });
  if (found != lost_.end()) {
    found->at = now;
  } else if (lost_.size() < most_losses) {
    lost_.push_back({address, now});
  } else {
    broke_at_ = now;  // as if it had been anybody's
  }
}

bool link_watch::is_ours(int interface) const noexcept {
  return std::find(interfaces_.begin(), interfaces_.end(), interface) != interfaces_.end();
}

bool link_watch::is_way_to_targets(const nlmsghdr& message) const noexcept {
  const auto route = header_of<rtmsg>(message);
  // Those of addresses of this host's own and of broadcasts go with the address.
  if (route.rtm_type != RTN_UNICAST) return false;
  const auto out = attribute_of(message, sizeof route, RTA_OIF);
  int interface = 0;
  if (out.size() != sizeof interface) return false;
  std::memcpy(&interface, out.data(), sizeof interface);
  if (!is_ours(interface)) return false;
  const address_range lost = destination_of(message, route, interface);
  const auto ranges = targets_.ranges();
  const auto next =
      std::partition_point(ranges.begin(), ranges.end(),
                           [&](const address_range& range) { return range.last < lost.first; });
  return next != ranges.end() && next->first <= lost.last;
}

}  // namespace netscan::detail
