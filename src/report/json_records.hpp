#pragma once

#include <string>
#include <string_view>

#include "json_fields.hpp"
#include "results_builder.hpp"

namespace netscan::detail {

/// Takes netscan's own records (`scan`, `probe`, `summary`, `check`, `trace`), in whatever they are
/// wrapped: a line, a document, XML. Those of other types are ignored. `size` is that of the text.
/// Returns what is wrong with the record, or nothing.
std::string take_json_record(const boost::json::object& record, std::size_t size,
                             results_builder& results);

}  // namespace netscan::detail
