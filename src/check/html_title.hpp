#pragma once

#include <string>
#include <string_view>

namespace netscan::detail {

/// The content of an HTML text's first <title>, without white space around it; empty when there is
/// none, or no end of it. Nothing in it is taken for a command or decoded.
std::string html_title(std::string_view html);

}  // namespace netscan::detail
