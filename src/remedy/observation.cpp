#include "observation.hpp"

#include <algorithm>

namespace netscan::detail {
namespace {

/// An error that names the scanning host itself as its sender, and that its search for neighbours
/// did not bear out: somebody else's, or a tunnel's.
bool claims_to_be_the_scanners_own(const sighting& seen) {
  if (!seen.record->icmp) return false;
  const std::vector<source_address>& own = seen.header->sources;
  return std::any_of(own.begin(), own.end(), [&](const source_address& source) {
    return source.address == seen.record->icmp->from;
  });
}

meaning meaning_of(const sighting& seen) {
  if (is_unclear(*seen.record, seen.header->by_errno)) return meaning::unclear;
  switch (seen.record->reason) {
    case probe_reason::syn_ack:
      return meaning::open;
    case probe_reason::conn_refused:
      return meaning::closed;
    case probe_reason::host_unreach:
      return claims_to_be_the_scanners_own(seen) ? meaning::unclear : meaning::nobody;
    case probe_reason::no_neighbor:
      // Off the link it was the next hop that did not answer ARP: the address was not even asked.
      return on_link(seen.header->sources, seen.record->ip).value_or(true) ? meaning::nobody
                                                                           : meaning::blocked;
    case probe_reason::no_response:
      return meaning::silent;
    case probe_reason::local_error:
      return meaning::not_asked;
    default:
      return meaning::blocked;
  }
}

observation observation_of(const sighting& seen) {
  return {seen.record->port, seen.vantage, meaning_of(seen), &seen};
}

}  // namespace

std::vector<observation> observe(const sightings& scans, const ip_address& address,
                                 const port_set& ports) {
  const std::span<const sighting> seen = scans.of(address);
  std::vector<observation> result;
  auto next = seen.begin();
  for (std::uint32_t i = 0; i < ports.size(); ++i) {
    const std::uint16_t port = ports.at(i);
    while (next != seen.end() && next->record->port < port) ++next;
    for (std::size_t vantage = 0; vantage < scans.vantages().size(); ++vantage) {
      const bool here =
          next != seen.end() && next->record->port == port && next->vantage == vantage;
      result.push_back(here ? observation_of(*next++)
                            : observation{.port = port, .vantage = vantage});
    }
  }
  return result;
}

std::vector<observation> observe_all(const sightings& scans, const ip_address& address) {
  std::vector<observation> result;
  for (const sighting& seen : scans.of(address)) result.push_back(observation_of(seen));
  return result;
}

}  // namespace netscan::detail
