#pragma once

#include <span>
#include <string>
#include <vector>

#include "describe.hpp"
#include "netscan/remedy/candidates.hpp"
#include "observation.hpp"
#include "owners.hpp"

namespace netscan::detail {

/// An address that the firewall lets through, and all that was seen of it.
struct passed_address {
  std::span<const observation> observations;
  const owner_evidence& owner;
  candidate_kind kind;
  bool ours;
  const description& describe;
};

/// What to know before the address is taken, a clause each.
std::vector<std::string> caveats_of(const passed_address& address);

}  // namespace netscan::detail
