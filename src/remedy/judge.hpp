#pragma once

#include <cstdint>

#include "netscan/remedy/candidates.hpp"
#include "reserved.hpp"
#include "sightings.hpp"
#include "tarpits_seen.hpp"

namespace netscan::detail {

/// What stood in the way of an address, for the advice.
enum class obstacle : std::uint8_t {
  none,
  reserved,
  blocked,      ///< something said no
  unclear,      ///< on some port the scanner could not tell what the answer means
  tarpit,       ///< everything is open there, so that says nothing
  silent,       ///< on some port nothing came back
  too_hasty,    ///< the same, and the timeout was too short for a free address to show
  not_asked,    ///< the scanning host could not ask
  not_scanned,  ///< a required port is not in the scans
  selection,    ///< it is of another kind than wanted
};

struct verdict {
  candidate judged;
  obstacle by = obstacle::none;
};

/// All that is known, and what is wanted.
struct case_file {
  const sightings& clients;
  const sightings& owners;
  const tarpits_seen& tarpits;
  const reserved_addresses& reserved;
  const candidate_options& options;
};

/// Judges one address by the rules at find_candidates().
verdict judge(const ip_address& address, const case_file& file);

}  // namespace netscan::detail
