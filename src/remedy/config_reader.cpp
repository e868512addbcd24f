#include "config_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netscan/target/address_set.hpp"
#include "netscan/target/status.hpp"

namespace netscan::detail {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == text.npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// As MetalLB's ParseCIDR: with a dash it is a range, around which may be blanks.
absl::StatusOr<address_range> parse_entry(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == text.npos) return parse_cidr(text);
  return parse_address_range(
      fmt::format("{}-{}", trimmed(text.substr(0, dash)), trimmed(text.substr(dash + 1))));
}

}  // namespace

void config_reader::fail(const yaml_node& node, std::string_view what) {
  if (status_.ok()) {
    status_ = invalid_argument("{}: {}", place_in_file(source_, node.offset), what);
  }
}

const yaml_node* config_reader::resolve(const yaml_node& node) const {
  return node.kind == yaml_kind::alias ? find_anchor(root_, node.anchor) : &node;
}

const yaml_node* config_reader::value(const yaml_node& mapping, std::string_view key) const {
  const yaml_node* found = find_value(mapping, key);
  if (found != nullptr) found = resolve(*found);
  return found == nullptr || found->kind == yaml_kind::null ? nullptr : found;
}

const yaml_node* config_reader::mapping(const yaml_node& of, std::string_view key) {
  const yaml_node* node = value(of, key);
  if (node == nullptr || node->kind == yaml_kind::mapping) return node;
  fail(*node, fmt::format("{} is no mapping", key));
  return nullptr;
}

const yaml_node* config_reader::sequence(const yaml_node& of, std::string_view key) {
  const yaml_node* node = value(of, key);
  if (node == nullptr || node->kind == yaml_kind::sequence) return node;
  fail(*node, fmt::format("{} is no list", key));
  return nullptr;
}

std::optional<std::string> config_reader::text(const yaml_node& of, std::string_view key) {
  const yaml_node* node = value(of, key);
  if (node == nullptr) return std::nullopt;
  if (node->kind == yaml_kind::scalar) return node->value;
  fail(*node, fmt::format("{} is no text", key));
  return std::nullopt;
}

bool config_reader::flag(const yaml_node& of, std::string_view key, bool otherwise) {
  const yaml_node* node = value(of, key);
  if (node == nullptr) return otherwise;
  const auto truth = yaml_bool(*node);
  if (!truth) fail(*node, fmt::format("{} is neither true nor false", key));
  return truth.value_or(otherwise);
}

std::vector<std::string> config_reader::texts(const yaml_node& of, std::string_view key) {
  std::vector<std::string> texts;
  const yaml_node* list = sequence(of, key);
  if (list == nullptr) return texts;
  for (const yaml_node& child : list->children) {
    const yaml_node* item = resolve(child);
    if (item == nullptr || item->kind != yaml_kind::scalar) {
      fail(child, fmt::format("{} has an item that is no text", key));
      return texts;
    }
    texts.push_back(item->value);
  }
  return texts;
}

std::vector<const yaml_node*> config_reader::mappings(const yaml_node& of, std::string_view key) {
  std::vector<const yaml_node*> mappings;
  const yaml_node* list = sequence(of, key);
  if (list == nullptr) return mappings;
  for (const yaml_node& child : list->children) {
    const yaml_node* item = resolve(child);
    if (item == nullptr || item->kind != yaml_kind::mapping) {
      fail(child, fmt::format("{} has an item that is no mapping", key));
      return mappings;
    }
    mappings.push_back(item);
  }
  return mappings;
}

void config_reader::only(const yaml_node& mapping, std::span<const std::string_view> known,
                         std::string_view what) {
  for (std::size_t i = 0; i + 1 < mapping.children.size(); i += 2) {
    const yaml_node& key = mapping.children[i];
    const bool merge = key.plain && key.value == "<<";
    if (merge || std::find(known.begin(), known.end(), key.value) != known.end()) continue;
    fail(key, fmt::format("{} has a key '{}' that MetalLB does not know: it refuses all of it",
                          what, excerpt(key.value)));
  }
}

existing_entry config_reader::entry(const yaml_node& node) {
  const auto range = parse_entry(node.value);
  if (!range.ok()) fail(node, message_of(range.status()));
  return {node.value, range.ok() ? *range : address_range{}, line(node)};
}

std::vector<existing_entry> config_reader::addresses(const yaml_node& of) {
  std::vector<existing_entry> entries;
  const yaml_node* list = sequence(of, "addresses");
  if (list == nullptr || list->children.empty()) {
    fail(list == nullptr ? of : *list, "the pool has no addresses");
    return entries;
  }
  for (const yaml_node& child : list->children) {
    const yaml_node* item = resolve(child);
    if (item == nullptr || item->kind != yaml_kind::scalar) {
      fail(child, "an address that is no text");
      return entries;
    }
    entries.push_back(entry(*item));
  }
  return entries;
}

}  // namespace netscan::detail
