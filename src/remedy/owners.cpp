#include "owners.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "describe.hpp"

namespace netscan::detail {
namespace {

bool is_reply(const observation& seen) {
  if (seen.means == meaning::open || seen.means == meaning::closed) return true;
  const probe_record& record = *seen.seen->record;
  // Somebody's, more likely than not; and what may be owned is not to be given away.
  if (seen.means == meaning::unclear) return record.reason == probe_reason::conn_refused;
  // An ICMP error from the address itself: a host with a REJECT rule of its own.
  return record.icmp && record.icmp->from == record.ip;
}

bool is_nobody(const observation& seen) {
  return seen.means == meaning::nobody && seen.seen->record->reason == probe_reason::no_neighbor;
}

}  // namespace

owner_evidence ask_owners(const sightings& owners, const ip_address& address) {
  if (owners.vantages().empty()) return {};
  const std::vector<observation> all = observe_all(owners, address);
  const description describe{.vantages = owners.vantages(), .name_vantages = true};
  const auto evidence = [&](ownership who, auto&& counts) {
    std::vector<observation> telling;
    std::copy_if(all.begin(), all.end(), std::back_inserter(telling), counts);
    return owner_evidence{who, describe(telling)};
  };
  if (all.empty()) return {ownership::not_asked, ""};
  if (std::any_of(all.begin(), all.end(), is_reply)) return evidence(ownership::somebody, is_reply);
  if (std::any_of(all.begin(), all.end(), is_nobody)) return evidence(ownership::nobody, is_nobody);
  return evidence(ownership::silent, [](const observation&) { return true; });
}

}  // namespace netscan::detail
