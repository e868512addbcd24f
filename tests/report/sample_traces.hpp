// Traces to write and to read back.
#pragma once

#include <cstdint>

#include "netscan/check/trace_record.hpp"

namespace netscan::testing {

/// The PC's trace to the old VIP: a router that answers, and then five silent hops.
trace_record silent_trace();
/// To an address that is let through: two routers and the host.
trace_record open_trace();
/// The same numbers always make the same trace: all reasons, both families, with and without each
/// optional member.
trace_record random_trace(std::uint64_t seed);

}  // namespace netscan::testing
