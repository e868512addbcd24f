#pragma once

#include <absl/status/status.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config_source.hpp"
#include "netscan/remedy/metallb_file.hpp"
#include "report/yaml_tree.hpp"

namespace netscan::detail {

/// Reads typed values out of a configuration's nodes. The first error stays, with its place; after
/// it the values are empty ones.
class config_reader {
 public:
  config_reader(const config_source& source, const yaml_node& root)
      : source_(source), root_(root) {}

  const absl::Status& status() const { return status_; }
  /// `what` names the node: "the address pool".
  void fail(const yaml_node& node, std::string_view what);

  /// The value of a key, aliases followed; null when it is not there, or is null.
  const yaml_node* value(const yaml_node& mapping, std::string_view key) const;

  /// Of these kinds, else it is an error. Null for null.
  const yaml_node* mapping(const yaml_node& of, std::string_view key);
  const yaml_node* sequence(const yaml_node& of, std::string_view key);
  std::optional<std::string> text(const yaml_node& of, std::string_view key);
  bool flag(const yaml_node& of, std::string_view key, bool otherwise);
  /// A list of scalars; empty for none.
  std::vector<std::string> texts(const yaml_node& of, std::string_view key);

  /// The mappings of a list of such; empty for none.
  std::vector<const yaml_node*> mappings(const yaml_node& of, std::string_view key);

  /// An error for any key that is not one of `known`.
  void only(const yaml_node& mapping, std::span<const std::string_view> known,
            std::string_view what);

  /// A pool's addresses, at least one.
  std::vector<existing_entry> addresses(const yaml_node& of);

  std::size_t line(const yaml_node& node) const { return line_in_file(source_, node.offset); }

 private:
  const yaml_node* resolve(const yaml_node& node) const;
  existing_entry entry(const yaml_node& node);

  const config_source& source_;
  const yaml_node& root_;
  absl::Status status_;
};

}  // namespace netscan::detail
