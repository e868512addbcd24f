// Checks to write and to read back.
#pragma once

#include <cstdint>

#include "netscan/check/check_record.hpp"

namespace netscan::testing {

/// A check with every member set, of a redirect from http to https.
check_record sample_check();
/// The same numbers always make the same check: with layers, members and bytes of all kinds.
check_record random_check(std::uint64_t seed);

}  // namespace netscan::testing
