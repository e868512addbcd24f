#pragma once

#include <string>
#include <string_view>

namespace netscan::detail {

/// The text for HTML, between tags and in quoted attributes: printable(), and with `&`, `<`, `>`
/// and both quotes as references.
std::string html_text(std::string_view text);

/// JSON for the inside of a <script> element, where nothing but the element's end is markup: `<`
/// stands in JSON within strings only, and becomes `\u003c`.
std::string json_for_script(std::string_view json);

}  // namespace netscan::detail
