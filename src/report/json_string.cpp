#include "json_string.hpp"

#include <absl/strings/escaping.h>

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
    } else if (is_control(text.substr(0, length))) {
      // Of C1 (U+0080 to U+009F) the second byte is the character's number.
      const auto number = static_cast<std::uint8_t>(text[length - 1]);
      out << "\\u00" << hex[number >> 4] << hex[number & 0xf];
    } else {
      out << text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out << '"';
}

void append_json_bytes(line_buffer& out, std::string_view bytes) {
  if (is_valid_utf8(bytes)) return append_json_string(out, bytes);
  out << R"({"base64":")" << absl::Base64Escape(absl::string_view(bytes.data(), bytes.size()))
      << "\"}";
}

}  // namespace netscan::detail
