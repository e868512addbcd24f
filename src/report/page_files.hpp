#pragma once

#include <string_view>

namespace netscan::detail {

/// page.css and page.js, made of the files in page/, and their SHA-256 in hexadecimal digits.
extern const std::string_view page_css;
extern const std::string_view page_css_sha256;
extern const std::string_view page_js;
extern const std::string_view page_js_sha256;

}  // namespace netscan::detail
