#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace netscan::detail {

/// The word of an enumerator; `words` are in the enumerators' order.
template <typename Enum, std::size_t Size>
std::string_view word(const std::array<std::string_view, Size>& words, Enum value) noexcept {
  return words[static_cast<std::size_t>(value)];
}

/// The reverse; nothing for a word that is not one.
template <typename Enum, std::size_t Size>
std::optional<Enum> parse_word(const std::array<std::string_view, Size>& words,
                               std::string_view text) noexcept {
  for (std::size_t i = 0; i < Size; ++i) {
    if (words[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace netscan::detail
