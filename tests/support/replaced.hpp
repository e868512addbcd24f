#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace netscan::testing {

/// The text with the first `from` replaced, which it must have.
inline std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string changed(text);
  const std::size_t at = changed.find(from);
  EXPECT_NE(at, changed.npos) << from;
  return changed.replace(at, from.size(), to);
}

}  // namespace netscan::testing
