#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <string_view>

namespace netscan::cli {

/// Reads `1100ms`, `4s`, `1.5s`, `2m`; a number alone is seconds.
absl::StatusOr<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace netscan::cli
