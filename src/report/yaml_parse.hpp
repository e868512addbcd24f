#pragma once

#include <absl/status/statusor.h>

#include <string_view>
#include <vector>

#include "yaml_tree.hpp"

namespace netscan::detail {

/// All documents of a text. One without any token has none.
///
/// Errors: InvalidArgument, beginning with the place, for what is no YAML, and for texts that
/// YAML's readers do not agree about: bytes that are no UTF-8, control characters, line breaks
/// other than LF and CR LF. No text of the file is in the message.
absl::StatusOr<std::vector<yaml_document>> parse_yaml(std::string_view text);

}  // namespace netscan::detail
