#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "netscan/remedy/metallb_file.hpp"

namespace netscan::detail {

enum class difference_kind : std::uint8_t {
  pool_missing,
  address_missing,
  address_extra,
  announcement_missing,  ///< no advertisement of a file of resources selects the pool
  setting,
  overlap,  ///< with another pool
};

struct pool_difference {
  difference_kind kind;
  /// A clause, as pool_drift() returns it.
  std::string text;
};

/// The pool that metallb_pool() writes, read back. Errors: those of metallb_pool().
absl::StatusOr<existing_pool> wanted_pool(const candidate_list& list, const pool_options& options);

/// The index of the pool of this name in `existing`.
std::optional<std::size_t> find_pool(const existing_pools& existing, const existing_pool& wanted);

/// What the file's pools lack or have too much of.
std::vector<pool_difference> pool_differences(const existing_pools& existing,
                                              const existing_pool& wanted);

/// All addresses of a pool.
address_set addresses_of(const existing_pool& pool);

}  // namespace netscan::detail
