#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "netscan/report/results.hpp"
#include "netscan/target/address_set.hpp"

namespace netscan::detail {

/// The addresses that are never given to MetalLB, whatever the scans saw there.
class reserved_addresses {
 public:
  reserved_addresses(address_set exclude, address_set nodes)
      : exclude_(std::move(exclude)), nodes_(std::move(nodes)) {}

  /// Adds what the scans tell: hosts, gateways, ICMP senders, the ends of blocks.
  void add(std::span<const scan_results> scans);

  /// Why `address` is reserved, as a clause; nothing when it is not.
  std::optional<std::string> why(const ip_address& address) const;

 private:
  void add_scan(const scan_results& scan);
  void add_block(const address_range& block);
  void add(const ip_address& address, const std::string& why);

  address_set exclude_;
  address_set nodes_;
  std::map<ip_address, std::string> why_;
};

}  // namespace netscan::detail
