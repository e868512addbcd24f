#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "yaml_tree.hpp"

/// yaml-cpp says where a node begins and not where it ends. What is found here is checked by
/// whoever edits: the new text is parsed, and must have the content that is expected.
namespace netscan::detail {

/// Where the content begins, behind tag and anchor.
std::size_t content_begin(std::string_view text, const yaml_node& node);

/// Behind the closing quote of the scalar whose opening one is at `begin`; nothing for none.
std::optional<std::size_t> quoted_end(std::string_view text, std::size_t begin);

/// The column that a block collection's keys or dashes stand in.
std::size_t block_column(std::string_view text, const yaml_node& collection);

/// Behind the last byte of a node's text. Of a block scalar, behind the line break of its last
/// line. `behind` is where to look for a null that may not be written: behind the ':' or '-' that
/// it belongs to, and its end when it is not.
/// Nothing when the text is not as expected.
std::optional<std::size_t> node_end(std::string_view text, const yaml_node& node,
                                    std::size_t behind);

/// Behind the ':' of the key at this index of a mapping's children; nothing when it has none.
std::optional<std::size_t> behind_colon(std::string_view text, const yaml_node& mapping,
                                        std::size_t key);

/// Behind the last byte of the value at this index, or of its key when there is no ':'.
std::optional<std::size_t> value_end(std::string_view text, const yaml_node& mapping,
                                     std::size_t value);

}  // namespace netscan::detail
