/// What the tests of scans of worlds share: verdicts against the world's own truth.
#pragma once

#include <set>
#include <vector>

#include "scan_support.hpp"
#include "world.hpp"

namespace netscan::testing {

/// The ports that these tests ask.
inline const std::vector<std::uint16_t> web = {80, 443};

/// The web endpoints that are of this kind.
std::set<endpoint> all_of(const world_truth& truth, world_kind kind);

/// What holds for every scan of a world: no verdict that the world contradicts.
void expect_true_verdicts(const world& world, const collected_scan& scan);

/// The scan says that it sent as many SYNs as were counted in the world.
void expect_counted_syns(const world& world, const collected_scan& scan);

}  // namespace netscan::testing
