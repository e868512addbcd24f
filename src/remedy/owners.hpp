#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "sightings.hpp"

namespace netscan::detail {

enum class ownership : std::uint8_t {
  no_scan,    ///< there is no owner scan
  not_asked,  ///< no owner scan asked the address
  silent,     ///< asked, and neither a reply nor no-neighbor
  nobody,     ///< no-neighbor: nobody answered ARP or ND for it
  somebody,   ///< a reply from the address
};

/// What the owner scans say of one address, and the evidence in words.
struct owner_evidence {
  ownership who = ownership::no_scan;
  std::string text;
};

/// Any reply on any port outweighs any no-neighbor: a host may have come up in between, and an
/// address that was once owned is not to be given away.
owner_evidence ask_owners(const sightings& owners, const ip_address& address);

}  // namespace netscan::detail
