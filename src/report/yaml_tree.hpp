#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace netscan::detail {

enum class yaml_kind : std::uint8_t { null, scalar, sequence, mapping, alias };

/// A node with the place where its text begins. Unlike YAML::Node it keeps keys that come twice,
/// their order, aliases as such, and whether a null is written.
struct yaml_node {
  yaml_kind kind = yaml_kind::null;
  /// Where the text begins, its tag and anchor included: an index of bytes. For a null that is not
  /// written it is that of the next token, which may be far behind.
  std::size_t offset = 0;
  /// Of a scalar.
  std::string value;
  bool plain = false;
  /// Of a sequence or mapping: in brackets, or a single pair in a sequence in brackets.
  bool flow = false;
  /// As resolved, `tag:yaml.org,2002:str`; empty where none is written.
  std::string tag;
  /// The number of its anchor in the document, for an alias of the one it stands for; 0 for none.
  std::size_t anchor = 0;
  /// Of a sequence the items; of a mapping key, value, key, value.
  std::vector<yaml_node> children;
};

struct yaml_document {
  /// Where its `---` is, or else its first token.
  std::size_t offset = 0;
  yaml_node root;
};

/// `line 7, column 3`, from 1, in bytes.
std::string place(std::string_view text, std::size_t offset);
/// From 1.
std::size_t line_number(std::string_view text, std::size_t offset);

/// Whether two nodes have the same content, tags and anchors, wherever and however they are
/// written.
bool same_content(const yaml_node& a, const yaml_node& b);

/// The value of a key of a mapping, the first one where it comes twice; null for none, and for what
/// is no mapping.
const yaml_node* find_value(const yaml_node& mapping, std::string_view key);

/// The node that has this anchor; null for none.
const yaml_node* find_anchor(const yaml_node& root, std::size_t anchor);
/// The first alias of it; null for none.
const yaml_node* find_alias(const yaml_node& root, std::size_t anchor);

/// True or false in any of YAML 1.1's words, which the readers of Kubernetes and Helm take: plain
/// `true`, `yes`, `on`, `y` and so on. Nothing for any other node.
std::optional<bool> yaml_bool(const yaml_node& node);

/// A node's content in one line, the same for the same content: `{a: [b, c], d: e}`. Keys are
/// sorted, and those without a value, or with an empty one, are left out.
std::string one_line(const yaml_node& node);

}  // namespace netscan::detail
