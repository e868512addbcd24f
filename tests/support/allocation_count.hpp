#pragma once

#include <cstdint>

namespace netscan::testing {

/// How often this thread has asked operator new for memory so far.
std::uint64_t allocation_count() noexcept;

}  // namespace netscan::testing
