#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace netscan::detail {

/// The enumerator whose word this is, of an enumeration whose words stand in its order.
template <typename Enum, std::size_t Size>
std::optional<Enum> find_word(const std::array<std::string_view, Size>& words,
                              std::string_view text) noexcept {
  for (std::size_t i = 0; i < Size; ++i) {
    if (words[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace netscan::detail
