/// Text that is safe to show.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace netscan {

/// The text with what a terminal may take for a command, control characters (C0, DEL, C1) and bytes
/// that are no UTF-8, as `\xNN`, and cut off with `...` after `most` bytes. Printable text, of any
/// language, stays as it is.
std::string printable(std::string_view text, std::size_t most = std::string::npos);

/// The length of the well-formed UTF-8 sequence at the start of `text`, which is not empty, or 0
/// when there is none (Unicode 15, table 3-7).
std::size_t utf8_sequence_length(std::string_view text) noexcept;

}  // namespace netscan
