#include "json_string.hpp"

#include <cstdint>

namespace netscan::detail {
namespace {

/// The length of the well-formed UTF-8 sequence at the start of `text` (Unicode 15, table 3-7), or
/// 0.
std::size_t utf8_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return 1;
  std::size_t length = 0;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xbf;
  if (first >= 0xc2 && first <= 0xdf) {
    length = 2;
  } else if ((first & 0xf0) == 0xe0) {
    length = 3;
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;
  } else if (first >= 0xf0 && first <= 0xf4) {
    length = 4;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
  }
  if (length == 0 || text.size() < length || byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  return length;
}

}  // namespace

void append_json_string(line_buffer& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out << '"';
  while (!text.empty()) {
    const char c = text.front();
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      out << "\xef\xbf\xbd";
    } else if (c == '"' || c == '\\') {
      out << '\\' << c;
    } else if (static_cast<std::uint8_t>(c) < 0x20) {
      out << "\\u00" << hex[static_cast<std::uint8_t>(c) >> 4] << hex[c & 0xf];
    } else {
      out << text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out << '"';
}

}  // namespace netscan::detail
