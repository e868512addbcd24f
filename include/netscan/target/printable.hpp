/// Text that is safe to show.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace netscan {

/// The text with what a terminal may take for a command, control characters (C0, DEL, C1) and bytes
/// that are no UTF-8, as `\xNN`. When that is longer than `most` bytes it is cut off between
/// characters, and `...` follows. Printable text, of any language, stays as it is.
std::string printable(std::string_view text, std::size_t most = std::string::npos);

/// As much of what a user wrote as a message about it has room for, printable.
inline std::string excerpt(std::string_view text) {
  return printable(text, 100);
}

/// True for a control character (C0, DEL, C1), given as its UTF-8 sequence.
bool is_control(std::string_view character) noexcept;

/// The length of the well-formed UTF-8 sequence at the start of `text`, which is not empty, or 0
/// when there is none (Unicode 15, table 3-7).
std::size_t utf8_sequence_length(std::string_view text) noexcept;

}  // namespace netscan
