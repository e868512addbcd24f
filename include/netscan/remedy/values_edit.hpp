/// Changes one value in a YAML file and nothing else.
///
///     auto edited = netscan::edit_value(yaml, {"global", "hosts", "externalIP"}, "10.0.0.232");
///     if (!edited.ok()) fmt::print(stderr, "values.yaml: {}\n", message_of(edited.status()));
///     else fmt::print("{}", edited->text);
///
/// Comments, anchors, quotes, order, line ends, a byte order mark, the other documents: every byte
/// outside the value stays. Before the new text is returned it is parsed again, and must differ
/// from the old in that value alone.
///
/// Pure: no I/O, the same input gives the same text. Concurrent use needs no care.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace netscan {

/// The keys that lead to a value, from the top of the document: {"global", "hosts", "externalIP"}.
using yaml_path = std::vector<std::string>;

/// The path as Helm writes it, `global.hosts.externalIP`, printable; a dot within a key is `\.`.
std::string path_text(const yaml_path& path);

enum class value_change : std::uint8_t {
  none,      ///< it was there already: the text is the same
  replaced,  ///< another value stood there
  created,   ///< the key, or its value, was missing
};

struct edited_value {
  /// The whole file.
  std::string text;
  value_change change = value_change::none;
  /// Where the value stands in `text`, from 1.
  std::size_t line = 0;
  /// What stood there; empty when it was created.
  std::string before;
  /// The line of a later document that sets `path` too; 0 for none. Helm 3 reads the first document
  /// only; Helm 4 lays the later ones over it, so that there this edit has no effect.
  std::size_t overridden_line = 0;
};

/// Sets the string at `path` to `value` in the first document of `yaml`.
///
/// A value that is there keeps its quotes; a plain one gets double quotes if a reader of YAML 1.1
/// or 1.2 would take the new text for no string, and a block scalar becomes a plain one. Keys that
/// are missing are added after the last key of the mapping they belong to, indented as the file is;
/// what is null or `{}` gets them. The comments stay.
///
/// Errors: InvalidArgument, one line that begins with its place (`line 7, column 3: `) where there
/// is one and names keys, never values. The text is no YAML, no UTF-8, or has characters or line
/// ends that readers of YAML disagree about; `path` leads through a scalar or a list, through a key
/// that is there twice, through a mapping with a merge key (`<<`), or to a list or mapping;
/// anything on it has a tag, is an alias, or has an anchor that is used elsewhere (the edit would
/// change other places too); the edit as verified would change more than this value; `path` is
/// empty, or `path` or `value` has a control character.
absl::StatusOr<edited_value> edit_value(std::string_view yaml, const yaml_path& path,
                                        std::string_view value);

}  // namespace netscan
