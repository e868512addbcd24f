#include "netscan/scan/options.hpp"

#include "netscan/target/status.hpp"

namespace netscan {

std::string_view to_string(timing value) noexcept {
  switch (value) {
    case timing::fast:
      return "fast";
    case timing::standard:
      return "default";
    case timing::thorough:
      return "thorough";
  }
  return "";
}

std::optional<timing> parse_timing(std::string_view text) noexcept {
  for (const timing value : {timing::fast, timing::standard, timing::thorough}) {
    if (to_string(value) == text) return value;
  }
  return std::nullopt;
}

absl::Status validate(const scan_options& options) {
  using std::chrono::milliseconds;
  if (options.timeout < milliseconds(1) || options.timeout > std::chrono::minutes(10)) {
    return invalid_argument("timeout {} ms is out of range: 1 ms to 10 minutes",
                            options.timeout.count());
  }
  if (options.retries && *options.retries > 100) {
    return invalid_argument("{} retries are out of range: 0 to 100", *options.retries);
  }
  if (options.threads > 256) {
    return invalid_argument("{} threads are out of range: 1 to 256", options.threads);
  }
  if (options.concurrency > 1'000'000) {
    return invalid_argument("concurrency {} is out of range: 1 to 1000000", options.concurrency);
  }
  return absl::OkStatus();
}

}  // namespace netscan
