#include "yaml_path.hpp"

#include <fmt/format.h>

#include <optional>

#include "netscan/target/printable.hpp"
#include "netscan/target/status.hpp"

namespace netscan::detail {
namespace {

bool is_key(const yaml_node& node, std::string_view key) {
  return node.kind == yaml_kind::scalar && node.value == key;
}

std::string_view kind_name(const yaml_node& node) {
  return node.kind == yaml_kind::sequence ? "a list" : "a value";
}

/// What `name` is called in messages: the root has no path.
std::string name_of(const yaml_path& path, std::size_t length) {
  if (length == 0) return "the document";
  return path_text(yaml_path(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(length)));
}

/// The index of the key, nothing when it is not there.
absl::StatusOr<std::optional<std::size_t>> find_key(std::string_view text, const yaml_node& mapping,
                                                    const yaml_path& path, std::size_t depth) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i + 1 < mapping.children.size(); i += 2) {
    const yaml_node& key = mapping.children[i];
    if (is_key(key, "<<") && key.plain) {
      return invalid_argument(
          "{}: {} has a merge key (<<): which of its values counts depends on the reader",
          place(text, key.offset), name_of(path, depth));
    }
    if (!is_key(key, path[depth])) continue;
    if (found) {
      return invalid_argument("{}: {} is there twice, first in line {}", place(text, key.offset),
                              name_of(path, depth + 1),
                              line_number(text, mapping.children[*found].offset));
    }
    found = i;
  }
  return found;
}

}  // namespace

absl::Status check_own(std::string_view text, const yaml_node& root, const yaml_node& node,
                       std::string_view what) {
  if (node.kind == yaml_kind::alias) {
    const yaml_node* target = find_anchor(root, node.anchor);
    return invalid_argument("{}: {} is an alias of what stands in line {}: change it there",
                            place(text, node.offset), what,
                            line_number(text, target ? target->offset : 0));
  }
  if (!node.tag.empty()) {
    return invalid_argument("{}: {} has a tag", place(text, node.offset), what);
  }
  const yaml_node* alias = node.anchor == 0 ? nullptr : find_alias(root, node.anchor);
  if (alias != nullptr) {
    return invalid_argument(
        "{}: {} has an anchor that line {} uses, so a change here would change that too",
        place(text, node.offset), what, line_number(text, alias->offset));
  }
  return absl::OkStatus();
}

absl::StatusOr<path_nodes> follow_path(std::string_view text, const yaml_node& root,
                                       const yaml_path& path) {
  path_nodes result;
  const yaml_node* node = &root;
  for (std::size_t depth = 0;; ++depth) {
    if (absl::Status own = check_own(text, root, *node, name_of(path, depth)); !own.ok()) {
      return own;
    }
    result.nodes.push_back(node);
    if (depth == path.size() || node->kind == yaml_kind::null) return result;
    if (node->kind != yaml_kind::mapping) {
      return invalid_argument("{}: {} is {}, not a mapping", place(text, node->offset),
                              name_of(path, depth), kind_name(*node));
    }
    const auto key = find_key(text, *node, path, depth);
    if (!key.ok()) return key.status();
    if (!*key) return result;
    result.keys.push_back(**key);
    node = &node->children[**key + 1];
  }
}

}  // namespace netscan::detail
