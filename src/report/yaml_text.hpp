#pragma once

#include <string>
#include <string_view>

namespace netscan::detail {

/// A text, without control characters, as a YAML scalar that every reader, YAML 1.1 and 1.2, takes
/// for a string: plain where that is certain, as it is for most names and addresses, else in double
/// quotes.
std::string yaml_scalar(std::string_view text);

/// The same in the quotes given, ' or ".
std::string yaml_quoted(std::string_view text, char quote);

/// Text for a YAML comment: one line, whatever `text` holds. Everything but printable ASCII is
/// written as \xNN, since a file may bring a vantage name of any bytes, and YAML 1.1 also breaks
/// lines at U+0085, U+2028 and U+2029.
std::string yaml_comment(std::string_view text);

}  // namespace netscan::detail
