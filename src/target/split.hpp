#pragma once

#include <absl/strings/str_split.h>

#include <string_view>
#include <vector>

namespace netscan::detail {

/// The pieces of `text` between any of `separators`; with `keep_empty` also the empty ones.
inline std::vector<std::string_view> split(std::string_view text, std::string_view separators,
                                           bool keep_empty = true) {
  std::vector<std::string_view> pieces;
  for (const absl::string_view piece :
       absl::StrSplit(absl::string_view(text.data(), text.size()),
                      absl::ByAnyChar(absl::string_view(separators.data(), separators.size())))) {
    if (keep_empty || !piece.empty()) pieces.emplace_back(piece.data(), piece.size());
  }
  return pieces;
}

}  // namespace netscan::detail
