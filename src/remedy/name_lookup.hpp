#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "netscan/target/ip_address.hpp"

namespace netscan::detail {

/// What this system takes a name for; nothing when it did not say within the time.
using looked_up = std::optional<absl::StatusOr<std::vector<ip_address>>>;

/// Resolves all names side by side, each in a thread of its own.
std::map<std::string, looked_up> look_up(const std::vector<std::string>& names,
                                         std::chrono::milliseconds timeout,
                                         const std::stop_token& stop);

}  // namespace netscan::detail
