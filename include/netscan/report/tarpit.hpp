/// Addresses that answer whatever is asked: a tarpit (LaBrea), or something on the way that
/// completes every handshake in other hosts' names (a SYN proxy, a transparent proxy, one load
/// balancer for a whole network). Each verdict there is `open` and true, a SYN-ACK came; but it is
/// no evidence of so many hosts. What is here is an inference from how many there are.
///
///     netscan::tarpit_watch watch;
///     watch.add(records);  // any number of times, in any order, each endpoint once
///     for (const auto& found : watch.found()) fmt::print("{}\n", to_string(found));
///
/// The rule, for a network (/24, IPv6: /64): of the addresses that were asked there, 16 at least,
/// 90 % are open on every port they were asked, and of all probes there 90 % too. For one host: of
/// its ports that were asked, 100 at least, 90 % are open. Probes that this host could not ask do
/// not count. So a lab with a handful of hosts is none, nor is a host that is asked the ports it
/// has; a list of 16 hosts that were chosen because they answer is called one, and that is why it
/// is said with what it rests on, and never changes a verdict.
///
/// Only what was asked to the end may be judged: answers come sooner than silence, so a scan that
/// was cut off shows more open than there is; and some tools write down only what answered. See
/// tells_what_was_silent().
///
/// Memory is bounded: 16384 networks and as many hosts are watched, the first to come, with some
/// hundred bytes each. One thread at a time uses a watch.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "netscan/report/results.hpp"
#include "netscan/target/address_set.hpp"

namespace netscan {

struct tarpit {
  /// From the first to the last address that was asked in the network, or in several side by side;
  /// or one host.
  address_range where;
  /// How many were asked; of an IPv6 network at least so many.
  std::uint64_t addresses = 0;
  std::uint64_t probes = 0;
  /// Of the probes.
  std::uint64_t open = 0;

  friend bool operator==(const tarpit&, const tarpit&) = default;
};

/// `10.64.0.0/20 looks like a tarpit or a SYN proxy, not 4096 hosts (inferred): 8190 of 8192 probes
/// there are open`
std::string to_string(const tarpit& found);

/// The one that the address lies in, or null. `all` as tarpit_watch::found() has it.
const tarpit* find(std::span<const tarpit> all, const ip_address& address) noexcept;

/// Whether the records of a scan show what did not answer as well as what did.
bool tells_what_was_silent(const scan_results& scan) noexcept;

class tarpit_watch {
 public:
  static constexpr std::size_t least_addresses = 16;
  static constexpr std::size_t least_ports = 100;

  void add(std::span<const probe_record> records);

  /// Ascending and disjoint. A host in a network that is listed is not listed itself.
  std::vector<tarpit> found() const;

 private:
  // Addresses of a network are told apart by 8 bits: exact for a /24 and for any IPv6 /120. Of an
  // IPv6 network with more, several share a place, and it counts as open when all of them are.
  using places = std::array<std::uint64_t, 4>;

  struct network {
    places asked{};
    places not_open{};
    ip_address first;
    ip_address last;
    std::uint64_t probes = 0;
    std::uint64_t open = 0;
  };
  struct host {
    std::uint32_t ports = 0;
    std::uint32_t open = 0;
  };
  struct hash {
    std::size_t operator()(const ip_address& address) const noexcept;
  };

  void add_to_network(const probe_record& record);
  void add_to_host(const probe_record& record);
  static bool is_tarpit(const network& seen) noexcept;

  std::unordered_map<ip_address, network, hash> networks_;  // by their first address
  std::unordered_map<ip_address, host, hash> hosts_;
};

}  // namespace netscan
