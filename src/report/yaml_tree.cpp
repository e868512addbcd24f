#include "yaml_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "text_edit.hpp"
#include "yaml_text.hpp"

namespace netscan::detail {
namespace {

/// Names, numbers and addresses, which read best without quotes, whatever they were written with.
bool is_unquoted(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._:/-").find(c) != std::string_view::npos;
  });
}

}  // namespace

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

std::string one_line(const yaml_node& node) {
  switch (node.kind) {
    case yaml_kind::null:
      return "null";
    case yaml_kind::alias:
      return "*";
    case yaml_kind::scalar:
      return is_unquoted(node.value) ? node.value : yaml_scalar(node.value);
    case yaml_kind::sequence: {
      std::vector<std::string> items;
      for (const yaml_node& item : node.children) items.push_back(one_line(item));
      return fmt::format("[{}]", fmt::join(items, ", "));
    }
    case yaml_kind::mapping:
      break;
  }
  std::vector<std::string> pairs;
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    const std::string value = one_line(node.children[i + 1]);
    if (value == "null" || value == "[]" || value == "{}") continue;
    pairs.push_back(one_line(node.children[i]) + ": " + value);
  }
  std::sort(pairs.begin(), pairs.end());
  return fmt::format("{{{}}}", fmt::join(pairs, ", "));
}

}  // namespace netscan::detail
