#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace netscan::testing {

// An IPv4 or IPv6 address as on the wire; IPv4 fills the first four bytes. The worlds have their
// own type, so that what they say does not depend on the code under test.
struct ip_address {
  std::array<std::uint8_t, 16> bytes{};
  bool v6 = false;

  std::span<const std::uint8_t> wire() const { return {bytes.data(), v6 ? 16u : 4u}; }
  friend bool operator==(const ip_address&, const ip_address&) = default;
};

std::optional<ip_address> parse_address(std::string_view text);
std::string to_string(const ip_address& address);

}  // namespace netscan::testing
