#pragma once

#include <cstring>
#include <optional>
#include <string_view>

namespace netscan::detail {

/// `ENETUNREACH`; nothing for a number that has no name here.
inline std::optional<std::string_view> error_name(int error) noexcept {
  const char* const name = ::strerrorname_np(error);
  if (name == nullptr) return std::nullopt;
  return name;
}

/// The reverse.
inline std::optional<int> parse_error_name(std::string_view name) noexcept {
  constexpr int last_errno = 4095;  // the kernel's MAX_ERRNO
  for (int error = 1; error <= last_errno; ++error) {
    if (error_name(error) == name) return error;
  }
  return std::nullopt;
}

}  // namespace netscan::detail
