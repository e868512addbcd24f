#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "netscan/check/check_record.hpp"

namespace netscan::detail {

/// As much of it as a record keeps. What is cut off ends in the middle of nothing: a character of
/// UTF-8 goes as a whole.
inline std::string cut_remote_text(std::string_view text) {
  if (text.size() <= longest_remote_text) return std::string(text);
  std::size_t size = longest_remote_text;
  const auto is_continuation = [&](std::size_t i) {
    return (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80;
  };
  for (int back = 0; back < 3 && is_continuation(size); ++back) --size;
  return std::string(text.substr(0, size));
}

}  // namespace netscan::detail
