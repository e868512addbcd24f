#include "netscan/probe/record.hpp"

#include "netscan/target/address_set.hpp"

namespace netscan {

std::optional<bool> on_link(std::span<const source_address> sources, const ip_address& address) {
  std::optional<bool> result;
  for (const source_address& source : sources) {
    const unsigned bits = source.address.bit_length();
    if (source.address.family() != address.family() || source.prefix == 0) continue;
    if (source.prefix >= bits) return std::nullopt;
    if (cidr_block(source.address, source.prefix).contains(address)) return true;
    result = false;
  }
  return result;
}

void count(scan_summary& summary, const probe_record& record) noexcept {
  switch (record.state()) {
    case probe_state::open:
      ++summary.open;
      return;
    case probe_state::closed:
      ++summary.closed;
      return;
    case probe_state::filtered:
      ++summary.filtered;
      return;
    case probe_state::error:
      ++summary.error;
      return;
  }
}

}  // namespace netscan
