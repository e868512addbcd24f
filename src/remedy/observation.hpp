#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "netscan/target/port_set.hpp"
#include "sightings.hpp"

namespace netscan::detail {

/// What one port, asked from one vantage, says of the way to it.
enum class meaning : std::uint8_t {
  open,
  closed,
  nobody,       ///< the way is free, and nobody is at its end
  blocked,      ///< something said no
  unclear,      ///< an answer whose meaning the scanner could not tell
  silent,       ///< blocked, or nobody there, or a timeout too short to tell
  not_asked,    ///< the scanning host could not
  not_scanned,  ///< no record
};

struct observation {
  std::uint16_t port = 0;
  std::size_t vantage = 0;
  meaning means = meaning::not_scanned;
  /// Null when not scanned.
  const sighting* seen = nullptr;
};

/// All ports from all vantages, by port, then vantage.
std::vector<observation> observe(const sightings& scans, const ip_address& address,
                                 const port_set& ports);

/// Every port that was asked at `address`.
std::vector<observation> observe_all(const sightings& scans, const ip_address& address);

}  // namespace netscan::detail
