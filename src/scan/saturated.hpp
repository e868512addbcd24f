#pragma once

#include <absl/numeric/int128.h>

#include <cstdint>
#include <limits>

namespace netscan::detail {

/// A number of addresses as a record has room for it: an IPv6 block may hold more.
inline std::uint64_t saturated(absl::uint128 value) noexcept {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  return value > most ? most : absl::Uint128Low64(value);
}

}  // namespace netscan::detail
