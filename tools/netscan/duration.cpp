#include "duration.hpp"

#include <charconv>
#include <cmath>

#include "netscan/target/status.hpp"

namespace netscan::cli {

absl::StatusOr<std::chrono::milliseconds> parse_duration(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  const double scale = unit == "ms"                  ? 1
                       : unit == "s" || unit.empty() ? 1000
                       : unit == "m"                 ? 60'000
                                                     : 0;
  const double milliseconds = value * scale;
  if (error != std::errc() || scale == 0 || !(milliseconds >= 0 && milliseconds <= 1e12)) {
    return invalid_argument(
        "bad duration '{}': expected a number with ms, s or m, as in 1100ms or 4s", text);
  }
  return std::chrono::milliseconds(std::llround(milliseconds));
}

}  // namespace netscan::cli
