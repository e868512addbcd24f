#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "netscan/probe/record.hpp"

namespace netscan::detail {

/// Writes times as RFC 3339, UTC, with milliseconds: `2026-01-05T10:00:00.123Z`.
///
/// Keeps the text of the last second: the records of a scan come many to a second, and taking a
/// date apart costs more than the rest of a line.
class time_text {
 public:
  std::string_view operator()(timestamp time) noexcept;

 private:
  static constexpr std::size_t length = 24;

  std::optional<std::chrono::sys_seconds> second_;
  std::array<char, length> text_{};
};

/// Reads RFC 3339 in UTC (`Z`), with or without a fraction of the second; nothing for other text.
std::optional<timestamp> parse_time(std::string_view text) noexcept;

}  // namespace netscan::detail
