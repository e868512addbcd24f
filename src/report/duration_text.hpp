#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace netscan::detail {

/// `412 us`, `12.3 ms`, `3.06 s`, `2 min 5 s`, `1 h 2 min`: three digits are what people compare.
inline std::string duration_text(std::uint64_t microseconds) {
  const auto value = static_cast<double>(microseconds);
  const std::uint64_t seconds = (microseconds + 500'000) / 1'000'000;
  if (microseconds < 1000) return fmt::format("{} us", microseconds);
  if (microseconds < 999'950) return fmt::format("{:.1f} ms", value / 1e3);
  if (microseconds < 59'995'000) return fmt::format("{:.2f} s", value / 1e6);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

}  // namespace netscan::detail
