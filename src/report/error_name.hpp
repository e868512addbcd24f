#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace netscan::detail {

inline constexpr int last_errno = 4095;  // the kernel's MAX_ERRNO

/// `ENETUNREACH`; the number for one that has no name here.
inline std::string error_text(int error) {
  const char* const name = error == 0 ? nullptr : ::strerrorname_np(error);
  return name != nullptr ? name : std::to_string(error);
}

/// The reverse; nothing for any other text.
inline std::optional<int> parse_error_text(std::string_view text) {
  using entry = std::pair<std::string_view, int>;
  static const std::vector<entry> names = [] {
    std::vector<entry> list;
    for (int error = 1; error <= last_errno; ++error) {
      const char* const name = ::strerrorname_np(error);
      if (name != nullptr) list.emplace_back(name, error);
    }
    std::sort(list.begin(), list.end());
    return list;
  }();
  const auto found = std::lower_bound(names.begin(), names.end(), entry(text, 0));
  if (found != names.end() && found->first == text) return found->second;

  int number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (error != std::errc() || end != last || number < 0 || number > last_errno) return std::nullopt;
  return number;
}

}  // namespace netscan::detail
