#include "sightings.hpp"

#include <algorithm>
#include <tuple>

namespace netscan::detail {
namespace {

/// How much a record says of the network: an answer is more than silence, and silence more than
/// not having been able to ask.
int weight(const probe_record& record) {
  if (record.reason == probe_reason::local_error) return 0;
  return record.reason == probe_reason::no_response ? 1 : 2;
}

auto place(const sighting& seen) {
  return std::tuple(seen.record->ip, seen.record->port, seen.vantage);
}

}  // namespace

sightings::sightings(std::span<const scan_results> scans) {
  for (const scan_results& scan : scans) {
    const std::size_t vantage = vantage_index(scan.header.vantage);
    for (const probe_record& record : scan.probes) all_.push_back({&record, &scan.header, vantage});
  }
  // The one to keep of each place comes first. The order is reversed so that, the sort being
  // stable, of two records at the same time the later one in the input comes first too.
  std::reverse(all_.begin(), all_.end());
  std::stable_sort(all_.begin(), all_.end(), [](const sighting& a, const sighting& b) {
    return std::tuple(place(a), weight(*b.record), b.record->time) <
           std::tuple(place(b), weight(*a.record), a.record->time);
  });
  const auto same_place = [](const sighting& a, const sighting& b) { return place(a) == place(b); };
  all_.erase(std::unique(all_.begin(), all_.end(), same_place), all_.end());
  for (const sighting& seen : all_) {
    if (addresses_.empty() || addresses_.back() != seen.record->ip) {
      addresses_.push_back(seen.record->ip);
    }
  }
}

std::size_t sightings::vantage_index(const std::string& name) {
  const auto found = std::find(vantages_.begin(), vantages_.end(), name);
  const auto index = static_cast<std::size_t>(found - vantages_.begin());
  if (found == vantages_.end()) vantages_.push_back(name);
  return index;
}

std::span<const sighting> sightings::of(const ip_address& address) const noexcept {
  const auto first = std::lower_bound(
      all_.begin(), all_.end(), address,
      [](const sighting& seen, const ip_address& a) { return seen.record->ip < a; });
  auto last = first;
  while (last != all_.end() && last->record->ip == address) ++last;
  return {first, last};
}

}  // namespace netscan::detail
