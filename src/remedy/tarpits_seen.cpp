#include "tarpits_seen.hpp"

#include <set>

namespace netscan::detail {

tarpits_seen::tarpits_seen(std::span<const scan_results> scans, const sightings& clients) {
  std::set<const scan_header*> telling;
  for (const scan_results& scan : scans) {
    if (tells_what_was_silent(scan)) telling.insert(&scan.header);
  }
  std::vector<tarpit_watch> watches(clients.vantages().size());
  for (const ip_address& address : clients.addresses()) {
    for (const sighting& seen : clients.of(address)) {
      if (telling.contains(seen.header)) watches[seen.vantage].add({seen.record, 1});
    }
  }
  for (const tarpit_watch& watch : watches) by_vantage_.push_back(watch.found());
}

const tarpit* tarpits_seen::behind(const ip_address& address,
                                   const std::vector<observation>& observations) const noexcept {
  for (const observation& seen : observations) {
    if (seen.means != meaning::open) continue;
    if (const tarpit* found = find(by_vantage_[seen.vantage], address)) return found;
  }
  return nullptr;
}

}  // namespace netscan::detail
