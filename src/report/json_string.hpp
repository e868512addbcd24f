#pragma once

#include <string_view>

#include "line_buffer.hpp"

namespace netscan::detail {

/// Appends the text as a JSON string (RFC 8259), quotes included. What is no valid UTF-8 becomes
/// U+FFFD, so that every reader takes the line.
void append_json_string(line_buffer& out, std::string_view text);

}  // namespace netscan::detail
