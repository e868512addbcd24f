#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include <boost/circular_buffer.hpp>

#include "netscan/target/address_set.hpp"

namespace netscan::detail {

struct admission_limits {
  /// Attempts in flight to one address, and to one /24 (IPv6: /64); 0 for no limit.
  std::uint32_t per_address = 0;
  std::uint32_t per_network = 0;
  /// Addresses that this host has to find on a link itself, by ARP or ND, and how many of them it
  /// may look for at once; 0 for no limit.
  address_set on_link = {};
  std::uint32_t unresolved = 0;
};

/// Who may be asked at the moment: no address, network or neighbour table is to be overrun.
///
/// Attempts are counted in fixed tables by a hash of their address, so nothing is allocated after
/// the construction. Two addresses that share a counter share its limit: it is never exceeded, and
/// seldom reached early.
class admission {
 public:
  using instant = std::chrono::nanoseconds;

  enum class verdict : std::uint8_t {
    yes,
    too_many_in_flight,   ///< until an attempt to the same address or network has ended
    too_many_unresolved,  ///< until next_resolution()
  };

  /// `concurrency`: the most attempts that will be in flight.
  admission(admission_limits limits, std::uint32_t concurrency);

  verdict may_ask(const ip_address& address, instant now) noexcept;
  void asked(const ip_address& address, instant now) noexcept;
  void ended(const ip_address& address) noexcept;
  /// The link has answered for the address (`somebody`), or never will.
  void resolved(const ip_address& address, bool somebody, instant now) noexcept;

  /// When the kernel will have given up on the address it has been looking for longest.
  instant next_resolution() const noexcept;

 private:
  /// Since when an address is being looked for. Two that share an entry take it from each other,
  /// and are counted rather twice than not at all.
  struct search {
    std::uint64_t address_hash = 0;
    instant since = instant::min() / 2;
  };

  bool looks_for(const ip_address& address) const noexcept;
  search& search_of(const ip_address& address) noexcept;
  bool is_being_looked_for(const ip_address& address, instant now) noexcept;

  admission_limits limits_;
  std::uint64_t mask_;
  std::vector<std::uint32_t> by_address_;
  std::vector<std::uint32_t> by_network_;
  // For addresses on a link: the searches, and the times at which they began, in order.
  std::vector<search> searches_;
  boost::circular_buffer<instant> started_;
};

}  // namespace netscan::detail
