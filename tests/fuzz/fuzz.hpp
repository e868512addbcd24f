// What the fuzzers have in common. A fuzzer is LLVMFuzzerTestOneInput() (libFuzzer, of clang): it
// gets any bytes, and must neither crash, hang, leak nor use memory without bound.
#pragma once

#include <absl/status/status.h>
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "netscan/target/status.hpp"

namespace netscan::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline void require(bool holds, std::string_view what) {
  if (holds) return;
  fmt::print(stderr, "does not hold: {}\n", what);
  std::abort();
}

/// What is said of bad input goes to a terminal: one line without control characters.
inline void require_clean(const absl::Status& status) {
  const std::string_view message = message_of(status);
  require(status.ok() || !message.empty(), "an error says something");
  for (const char c : message) {
    const auto byte = static_cast<unsigned char>(c);
    require(byte >= 0x20 && byte != 0x7f, message);
  }
}

}  // namespace netscan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
