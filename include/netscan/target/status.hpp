/// Between absl::Status and the std::string_view of this library's interface.
///
/// Debian builds abseil with its own string_view, which neither fmt nor std::string_view knows;
/// these are the two places where that shows.
#pragma once

#include <absl/status/status.h>
#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "netscan/target/printable.hpp"

namespace netscan {

/// The status' text; lives as long as the status.
inline std::string_view message_of(const absl::Status& status) noexcept {
  return {status.message().data(), status.message().size()};
}

/// An InvalidArgument status with a text formatted as fmt::format() does, made printable: it names
/// what was wrong, and that may hold anything, of any length.
template <typename... Args>
absl::Status invalid_argument(fmt::format_string<Args...> format, Args&&... args) {
  constexpr std::size_t most = 1000;
  return absl::InvalidArgumentError(
      printable(fmt::format(format, std::forward<Args>(args)...), most));
}

}  // namespace netscan
