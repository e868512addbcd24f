#pragma once

#include <optional>
#include <vector>

#include <boost/circular_buffer.hpp>

#include "file_descriptor.hpp"
#include "machine.hpp"
#include "netscan/target/address_set.hpp"
#include "socket_pool.hpp"

namespace netscan::detail {

/// The kernel's table of who is at which address of the networks this host is on (ARP, ND).
///
/// When nobody answers for an address, the kernel tells the socket so with an ICMP message to
/// itself. It meters those like any other (icmp_msgs_per_sec), so of a sweep of a whole link most
/// are lost; the table still knows. Asked over netlink, which needs no privileges (rtnetlink(7)).
///
/// The table forgets, too: with more than gc_thresh1 entries the kernel now and then drops all that
/// have failed (arp(7)). So its notices are listened to besides, from the construction on.
class neighbor_table {
 public:
  neighbor_table();

  /// Corrects how an attempt to the address ended after `age`, where the table knows better: what
  /// was silent is no-neighbor when nobody answered on the link. And a message over IPv6 that names
  /// this host as its sender is no-neighbor only when the search for the address, or for a gateway,
  /// has failed; else somebody else has sent it, or a tunnel has, and it is host-unreach, as it
  /// says. (Over IPv4 the kernel drops what comes from outside with a sender of its own:
  /// fib_validate_source() in net/ipv4/fib_frontend.c.)
  void correct(attempt_result& result, const ip_address& address, instant age) noexcept;

 private:
  struct network {
    address_range addresses;
    int interface;
  };

  /// What the kernel has said of an address while nobody asked.
  struct notice {
    ip_address address;
    int interface = 0;
    bool failed = false;
  };

  /// True for addresses that this host would ask for on a link.
  bool covers(const ip_address& address) const noexcept;
  /// True when the kernel has asked for the address and nobody has answered. `age`: since when the
  /// scan has been waiting for it.
  bool says_nobody(const ip_address& address, instant age) noexcept;
  /// True when the kernel may have sent a host-unreach about the address to itself.
  bool may_have_reported(const ip_address& address) noexcept;
  /// True when nobody has answered for this neighbour on any link, be it that it is asked for anew.
  bool is_missing(const ip_address& neighbor) noexcept;
  void take_notices() noexcept;
  bool has_failed(const ip_address& address, int interface) const noexcept;
  /// The entry's NUD_ state, 0 for none.
  unsigned state_of(const ip_address& address, int interface) noexcept;

  std::vector<network> networks_;
  std::optional<std::vector<ip_address>> gateways_;  // read when first needed
  file_descriptor netlink_;
  file_descriptor listener_;
  boost::circular_buffer<notice> notices_;  // the latest last
};

}  // namespace netscan::detail
