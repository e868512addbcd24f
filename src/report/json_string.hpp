#pragma once

#include <string_view>

#include "line_buffer.hpp"

namespace netscan::detail {

/// Appends the text as a JSON string (RFC 8259), quotes included. What is no valid UTF-8 becomes
/// U+FFFD, so that every reader takes the line; control characters (C0, DEL, C1) are escaped, so
/// that a terminal may show it.
void append_json_string(line_buffer& out, std::string_view text);

/// Appends bytes that came from anywhere, so that none is lost: as a JSON string when they are
/// valid UTF-8, else as `{"base64":"..."}`.
void append_json_bytes(line_buffer& out, std::string_view bytes);

}  // namespace netscan::detail
