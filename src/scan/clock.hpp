#pragma once

#include <chrono>

#include "machine.hpp"
#include "netscan/probe/record.hpp"

namespace netscan::detail {

/// The steady clock, as what is told to machines.
inline instant now() noexcept {
  return std::chrono::duration_cast<instant>(std::chrono::steady_clock::now().time_since_epoch());
}

inline timestamp wall_clock() noexcept {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// The wall clock at instant zero.
inline timestamp epoch_of_instants() noexcept {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now() -
                                                                 now());
}

}  // namespace netscan::detail
