#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "netscan/report/results.hpp"

namespace netscan::detail {

/// What was last known of one endpoint from one vantage.
struct sighting {
  const probe_record* record;
  /// Of the scan that the record is from.
  const scan_header* header;
  /// Index into sightings::vantages().
  std::size_t vantage;
};

/// The records of several scans, united by vantage: one sighting an endpoint and vantage. Points
/// into the scans, which must outlive it.
class sightings {
 public:
  explicit sightings(std::span<const scan_results> scans);

  /// The names, in order of appearance.
  const std::vector<std::string>& vantages() const noexcept { return vantages_; }
  /// Each address that was asked, ascending.
  const std::vector<ip_address>& addresses() const noexcept { return addresses_; }
  /// Of one address, by port, then vantage.
  std::span<const sighting> of(const ip_address& address) const noexcept;

 private:
  std::size_t vantage_index(const std::string& name);

  std::vector<std::string> vantages_;
  std::vector<sighting> all_;  // by address, port, vantage
  std::vector<ip_address> addresses_;
};

}  // namespace netscan::detail
