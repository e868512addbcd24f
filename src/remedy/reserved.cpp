#include "reserved.hpp"

#include <fmt/format.h>

namespace netscan::detail {

void reserved_addresses::add(std::span<const scan_results> scans) {
  // The first reason found is kept, and a gateway sends ICMP errors too: that it is the gateway
  // tells more.
  for (const scan_results& scan : scans) add_scan(scan);
  for (const scan_results& scan : scans) {
    for (const probe_record& record : scan.probes) {
      if (record.icmp) add(record.icmp->from, "somebody has it: an ICMP error came from it");
    }
  }
}

void reserved_addresses::add_scan(const scan_results& scan) {
  const scan_header& header = scan.header;
  for (const source_address& source : header.sources) {
    add(source.address, fmt::format("it is an address of the scanning host {}", header.vantage));
  }
  for (const ip_address& gateway : header.gateways) {
    add(gateway, fmt::format("it is a gateway of the scanning host {}", header.vantage));
  }
  for (const source_address& source : header.sources) {
    if (source.prefix > 0 && source.prefix <= source.address.bit_length()) {
      add_block(cidr_block(source.address, source.prefix));
    }
  }
  for (const std::string& target : header.targets) {
    // Names, ranges and single addresses have no network address. A zone would be looked up among
    // this host's interfaces, and zoned addresses are never taken anyway.
    if (target.find('%') != target.npos) continue;
    if (const auto block = parse_cidr(target); block.ok()) add_block(*block);
  }
}

void reserved_addresses::add_block(const address_range& block) {
  const int prefix = prefix_length(block);
  const std::string text = to_string(block);
  if (block.first.is_v6()) {
    if (prefix <= 126) add(block.first, "it is the subnet-router anycast address of " + text);
    return;
  }
  if (prefix > 30) return;
  add(block.first, "it is the network address of " + text);
  add(block.last, "it is the broadcast address of " + text);
}

void reserved_addresses::add(const ip_address& address, const std::string& why) {
  why_.try_emplace(address, why);
}

std::optional<std::string> reserved_addresses::why(const ip_address& address) const {
  if (exclude_.contains(address)) return "it is excluded";
  if (nodes_.contains(address)) return "it is a node's address";
  if (const auto found = why_.find(address); found != why_.end()) return found->second;
  if (address.zone() != 0) return "it belongs to one link only (it has a zone)";
  if (const auto why_not = why_not_probeable(address)) return std::string(*why_not);
  return std::nullopt;
}

}  // namespace netscan::detail
