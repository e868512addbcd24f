#include "yaml_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "text_edit.hpp"

namespace netscan::detail {

std::size_t line_number(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

std::string place(std::string_view text, std::size_t offset) {
  return fmt::format("line {}, column {}", line_number(text, offset), column(text, offset) + 1);
}

bool same_content(const yaml_node& a, const yaml_node& b) {
  return a.kind == b.kind && a.value == b.value && a.tag == b.tag && a.anchor == b.anchor &&
         std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(),
                    same_content);
}

const yaml_node* find_value(const yaml_node& mapping, std::string_view key) {
  if (mapping.kind != yaml_kind::mapping) return nullptr;
  for (std::size_t i = 0; i + 1 < mapping.children.size(); i += 2) {
    const yaml_node& candidate = mapping.children[i];
    if (candidate.kind == yaml_kind::scalar && candidate.value == key) {
      return &mapping.children[i + 1];
    }
  }
  return nullptr;
}

const yaml_node* find_anchor(const yaml_node& root, std::size_t anchor) {
  if (root.kind != yaml_kind::alias && root.anchor == anchor) return &root;
  for (const yaml_node& child : root.children) {
    if (const yaml_node* found = find_anchor(child, anchor)) return found;
  }
  return nullptr;
}

const yaml_node* find_alias(const yaml_node& root, std::size_t anchor) {
  if (root.kind == yaml_kind::alias && root.anchor == anchor) return &root;
  for (const yaml_node& child : root.children) {
    if (const yaml_node* found = find_alias(child, anchor)) return found;
  }
  return nullptr;
}

std::optional<bool> yaml_bool(const yaml_node& node) {
  constexpr std::array<std::string_view, 11> truths = {"y",    "Y",    "yes", "Yes", "YES", "true",
                                                       "True", "TRUE", "on",  "On",  "ON"};
  constexpr std::array<std::string_view, 11> falsehoods = {
      "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"};
  if (node.kind != yaml_kind::scalar || !node.plain) return std::nullopt;
  if (std::find(truths.begin(), truths.end(), node.value) != truths.end()) return true;
  if (std::find(falsehoods.begin(), falsehoods.end(), node.value) != falsehoods.end()) return false;
  return std::nullopt;
}

}  // namespace netscan::detail
