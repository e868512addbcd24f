#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/text_edit.hpp"
#include "report/yaml_tree.hpp"

namespace netscan::detail {

/// The YAML that a configuration is written in: a file, or a text within one, as a ConfigMap has
/// it.
struct config_source {
  /// The text and its documents; all offsets are of this text.
  std::string text;
  std::vector<yaml_document> documents;

  /// Where the text stands in the file, when it is not the file itself.
  struct embedding {
    std::string file;
    /// Of the scalar.
    std::size_t offset = 0;
    /// Whether it is a `|` block: then each of the file's lines from `lines` on is one of the text,
    /// behind `indent` spaces.
    bool literal = false;
    std::size_t lines = 0;
    std::size_t indent = 0;
  };
  std::optional<embedding> embedded;
};

/// The text of a scalar of `file` as a source of its own.
/// Errors: those of parse_yaml(), with the place of the scalar before the one within it.
absl::StatusOr<config_source> embedded_source(std::string_view file, const yaml_node& scalar);

/// The place in the file: `line 7, column 3`; of a text that is no `|` block, where it begins.
std::string place_in_file(const config_source& source, std::size_t offset);
std::size_t line_in_file(const config_source& source, std::size_t offset);

/// The file with these edits of the text. Nothing when the text is embedded in other than a `|`
/// block.
std::optional<std::string> apply_to_file(const config_source& source,
                                         const std::vector<text_edit>& edits);

}  // namespace netscan::detail
