#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace netscan::detail {

/// The value, an object or array, as a document for people to read too: a member or item a line;
/// what fits a line of 100 columns stands on one. It ends with a line end.
std::string json_text(const boost::json::value& value);

/// Texts as JSON strings; what is no UTF-8 or a control character is made printable.
boost::json::string json_string(std::string_view text);
boost::json::array json_strings(const std::vector<std::string>& texts);

}  // namespace netscan::detail
