#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace netscan::detail {

/// The value as a document for people to read too: a member or item a line, ends with a line end.
/// What has no members or items of its own but scalars, and fits a line, stands on one.
std::string json_text(const boost::json::value& value);

/// Texts as JSON strings; what is no UTF-8 or a control character is made printable.
boost::json::string json_string(std::string_view text);
boost::json::array json_strings(const std::vector<std::string>& texts);

}  // namespace netscan::detail
