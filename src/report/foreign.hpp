/// What is common to results that another host, or another scanner, wrote.
#pragma once

#include <absl/status/statusor.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "netscan/probe/record.hpp"
#include "netscan/target/ip_address.hpp"

namespace netscan::detail {

/// An address as another host may have written it: a zone that is not known here is left out, for
/// it has no meaning here either (RFC 4007, 6).
inline absl::StatusOr<ip_address> parse_foreign_address(std::string_view text) {
  absl::StatusOr<ip_address> address = parse_ip_address(text);
  const std::size_t zone = text.find('%');
  const bool has_foreign_zone =
      !address.ok() && text.find(':') < zone && zone != text.npos && zone + 1 < text.size();
  return has_foreign_zone ? parse_ip_address(text.substr(0, zone)) : address;
}

/// Seconds since 1970, as other scanners write them: a whole number, up to the year 9999.
inline std::optional<timestamp> parse_seconds(std::string_view text) noexcept {
  constexpr std::int64_t last = 253'402'300'799;
  std::int64_t seconds = 0;
  const char* const last_character = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last_character, seconds);
  if (error != std::errc() || end != last_character || seconds < 0 || seconds > last) {
    return std::nullopt;
  }
  return timestamp(std::chrono::seconds(seconds));
}

/// What to call the place that a scan was made from when its file does not say: `pc` for
/// `scans/pc.xml`.
inline std::string vantage_of_file(std::string_view name) {
  name.remove_prefix(name.rfind('/') + 1);  // npos + 1 is 0
  const std::size_t dot = name.rfind('.');
  return std::string(dot == 0 ? name : name.substr(0, dot));
}

/// A header that says only who scanned, and from where.
inline scan_header foreign_header(std::string_view scanner, std::string_view file_name) {
  scan_header header;
  header.scanner = scanner;
  header.vantage = vantage_of_file(file_name);
  return header;
}

inline constexpr std::string_view masscan_says_little =
    "masscan writes down only what answered: what is not in the file is unknown, not filtered";

}  // namespace netscan::detail
