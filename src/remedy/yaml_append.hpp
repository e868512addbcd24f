#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/text_edit.hpp"
#include "report/yaml_tree.hpp"

namespace netscan::detail {

/// The edits that put something behind the last item or pair of a collection. Nothing when its end
/// is not found. Whoever applies them parses the new text, and sees whether it has what was meant.
using append_result = std::optional<std::vector<text_edit>>;

/// To a block collection with at least one child: `lines`, each ending with "\n", which begin with
/// the key or the dash and are indented here as the collection is.
append_result append_to_block(std::string_view text, const yaml_node& collection,
                              std::string_view lines);

/// The same for a pair before the first one of a block mapping. For where nothing can follow the
/// last one: a block scalar that the end of the file cuts off.
append_result prepend_to_block(std::string_view text, const yaml_node& mapping,
                               std::string_view lines);

/// To a collection in brackets, which may be empty: `entries`, each on one line, without commas.
/// Where the last of several stands on a line of its own, so do they.
append_result append_to_flow(std::string_view text, const yaml_node& collection,
                             const std::vector<std::string>& entries);

/// To a block mapping's key whose value is null, written or not, or empty brackets: in their place
/// `lines`, each ending with "\n", `indent` columns right of the key.
append_result fill_block(std::string_view text, const yaml_node& mapping, std::size_t key,
                         std::string_view lines, std::size_t indent);

}  // namespace netscan::detail
