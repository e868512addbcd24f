#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "netscan/target/printable.hpp"

namespace netscan::detail {

inline constexpr std::string_view replacement_character = "\xef\xbf\xbd";  // U+FFFD

/// The text with U+FFFD for each byte that does not belong to valid UTF-8.
inline std::string to_valid_utf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    valid += length == 0 ? replacement_character : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return valid;
}

inline bool is_valid_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

/// The columns that valid UTF-8 takes, a column a character.
constexpr std::size_t columns_of(std::string_view text) noexcept {
  std::size_t columns = 0;
  for (const char c : text) columns += (static_cast<std::uint8_t>(c) & 0xc0) != 0x80 ? 1 : 0;
  return columns;
}

}  // namespace netscan::detail
