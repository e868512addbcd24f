#pragma once

#include <span>
#include <vector>

#include "netscan/report/tarpit.hpp"
#include "observation.hpp"
#include "sightings.hpp"

namespace netscan::detail {

/// The tarpits that each vantage has seen, in scans that tell what was silent too.
class tarpits_seen {
 public:
  /// `scans` are those that `clients` unites.
  tarpits_seen(std::span<const scan_results> scans, const sightings& clients);

  /// The one that an open port of these observations, all of `address`, lies in; or null.
  const tarpit* behind(const ip_address& address,
                       const std::vector<observation>& observations) const noexcept;

  const std::vector<std::vector<tarpit>>& by_vantage() const noexcept { return by_vantage_; }

 private:
  std::vector<std::vector<tarpit>> by_vantage_;
};

}  // namespace netscan::detail
