#pragma once

#include "line_buffer.hpp"

namespace netscan::detail {

/// Appends `[...]`; `append` writes one item.
template <typename List, typename Append>
void append_json_list(line_buffer& out, const List& list, Append append) {
  out << '[';
  bool is_first = true;
  for (const auto& item : list) {
    if (!is_first) out << ',';
    is_first = false;
    append(item);
  }
  out << ']';
}

}  // namespace netscan::detail
