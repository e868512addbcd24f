#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "netscan/remedy/values_edit.hpp"
#include "report/yaml_tree.hpp"

namespace netscan::detail {

/// How far a path goes in a document.
struct path_nodes {
  /// The root, and then the value of each key that is there.
  std::vector<const yaml_node*> nodes;
  /// For each of them but the root, the index of its key in the mapping above it.
  std::vector<std::size_t> keys;
};

/// Follows `path` as far as its keys are there.
/// Errors: InvalidArgument, with the place, where an edit could not be safe: see edit_value().
absl::StatusOr<path_nodes> follow_path(std::string_view text, const yaml_node& root,
                                       const yaml_path& path);

/// Whether a change of this node stays its own: it has no tag, is no alias, and its anchor is not
/// used. `what` names it in the error, InvalidArgument with the place.
absl::Status check_own(std::string_view text, const yaml_node& root, const yaml_node& node,
                       std::string_view what);

}  // namespace netscan::detail
