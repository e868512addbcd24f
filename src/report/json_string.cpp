#include "json_string.hpp"

#include <cstdint>

#include "utf8.hpp"

namespace netscan::detail {

void append_json_string(line_buffer& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out << '"';
  while (!text.empty()) {
    const char c = text.front();
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) {
      out << replacement_character;
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
