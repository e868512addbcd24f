#pragma once

#include <vector>

#include <boost/circular_buffer.hpp>

#include "file_descriptor.hpp"
#include "machine.hpp"
#include "netscan/target/address_set.hpp"

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

  /// True for addresses that this host would ask for on a link.
  bool covers(const ip_address& address) const noexcept;

  /// True when the kernel has asked for the address and nobody has answered. `age`: since when the
  /// scan has been waiting for it.
  bool says_nobody(const ip_address& address, instant age) noexcept;

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

  void take_notices() noexcept;
  bool has_failed(const ip_address& address, int interface) const noexcept;
  /// The entry's NUD_ state, 0 for none.
  unsigned state_of(const ip_address& address, int interface) noexcept;

  std::vector<network> networks_;
  file_descriptor netlink_;
  file_descriptor listener_;
  boost::circular_buffer<notice> notices_;  // the latest last
};

}  // namespace netscan::detail
