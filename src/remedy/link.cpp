#include "link.hpp"

#include "netscan/target/address_set.hpp"

namespace netscan::detail {

std::optional<bool> on_link(const scan_header& header, const ip_address& address) {
  std::optional<bool> result;
  for (const source_address& source : header.sources) {
    const unsigned bits = source.address.bit_length();
    if (source.address.family() != address.family() || source.prefix == 0) continue;
    if (source.prefix >= bits) return std::nullopt;
    if (cidr_block(source.address, source.prefix).contains(address)) return true;
    result = false;
  }
  return result;
}

}  // namespace netscan::detail
