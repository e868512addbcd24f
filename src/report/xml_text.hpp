#pragma once

#include <string_view>

#include "line_buffer.hpp"

namespace netscan::detail {

/// Appends text as the value of an XML attribute, without the quotes around it. What XML cannot
/// hold (control characters, what is no UTF-8) becomes U+FFFD.
void append_xml_text(line_buffer& out, std::string_view text);

/// Appends JSON as `<?netscan JSON?>`, from which the same JSON is read back.
void append_json_instruction(line_buffer& out, std::string_view json);

/// The name of that processing instruction.
inline constexpr std::string_view json_instruction = "netscan";

}  // namespace netscan::detail
