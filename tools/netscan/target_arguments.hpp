#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "netscan/target/target_list.hpp"

namespace netscan::cli {

/// Reads targets as parse_targets() does and resolves the names among them. What the user should
/// know of it goes to standard error.
absl::StatusOr<target_list> read_target_arguments(const std::vector<std::string>& texts);

}  // namespace netscan::cli
