/// IP addresses as plain values.
///
/// One type for both families, small enough to copy freely, ordered, and usable as an interval
/// bound. It knows nothing of sockets.
///
///     absl::StatusOr<netscan::ip_address> a = netscan::parse_ip_address("10.0.0.232");
///     fmt::print("{}\n", *a);  // 10.0.0.232
///
/// All functions here are pure; concurrent use needs no care.
#pragma once

#include <absl/status/statusor.h>
#include <fmt/format.h>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace netscan {

enum class ip_family : std::uint8_t { v4, v6 };

/// An IPv4 or IPv6 address. The default value is 0.0.0.0.
///
/// Order: all IPv4 addresses before all IPv6 ones, then by zone, then by number.
class ip_address {
 public:
  constexpr ip_address() noexcept = default;

  /// The IPv4 address with this value in host order: `v4(0x0a000001)` is 10.0.0.1.
  static constexpr ip_address v4(std::uint32_t value) noexcept {
    return ip_address(ip_family::v4, 0, 0, value);
  }
  /// The IPv6 address with these upper and lower 64 bits in host order. `zone` is the index of the
  /// interface that a link-local address belongs to (RFC 4007), 0 for none.
  static constexpr ip_address v6(std::uint64_t high, std::uint64_t low,
                                 std::uint32_t zone = 0) noexcept {
    return ip_address(ip_family::v6, zone, high, low);
  }

  constexpr ip_family family() const noexcept { return family_; }
  constexpr bool is_v4() const noexcept { return family_ == ip_family::v4; }
  constexpr bool is_v6() const noexcept { return family_ == ip_family::v6; }
  /// The upper 64 bits; 0 for IPv4.
  constexpr std::uint64_t high() const noexcept { return high_; }
  /// The lower 64 bits; the whole value for IPv4.
  constexpr std::uint64_t low() const noexcept { return low_; }
  constexpr std::uint32_t zone() const noexcept { return zone_; }
  /// 32 or 128.
  constexpr unsigned bit_length() const noexcept { return is_v4() ? 32 : 128; }

  friend constexpr auto operator<=>(const ip_address&, const ip_address&) noexcept = default;

 private:
  constexpr ip_address(ip_family family, std::uint32_t zone, std::uint64_t high,
                       std::uint64_t low) noexcept
      : family_(family), zone_(zone), high_(high), low_(low) {}

  ip_family family_ = ip_family::v4;  // the members' order is the address order
  std::uint32_t zone_ = 0;
  std::uint64_t high_ = 0;
  std::uint64_t low_ = 0;
};

/// Reads `10.0.0.1`, `fd00::1` or `fe80::1%eth0` (a zone by interface name or index).
///
/// IPv4 is four decimal octets without leading zeros (they would be octal to some tools).
/// Errors: InvalidArgument, with the text and what is wrong with it; a zone's name is looked up
/// among this host's interfaces, and one that is not there is an error. An index is taken as it is,
/// for it may come from another host.
absl::StatusOr<ip_address> parse_ip_address(std::string_view text);

/// Room for any address as text: 39 characters, `%` and an interface name.
inline constexpr std::size_t max_ip_address_text = 64;

/// Writes the canonical text (RFC 5952 for IPv6) to `out`, which has `max_ip_address_text` bytes,
/// without a terminating zero. Returns the number of characters.
std::size_t write_ip_address(const ip_address& address, char* out) noexcept;

std::string to_string(const ip_address& address);

/// Why no TCP connection can be tried to this address, or nothing when one can: unspecified,
/// multicast, limited broadcast, IPv4-mapped, or link-local without a zone (RFC 1122 3.2.1.3,
/// RFC 4291 2.5, RFC 4007).
std::optional<std::string_view> why_not_probeable(const ip_address& address) noexcept;

/// The address `count` further; the caller sees to it that there is one in the family.
constexpr ip_address advance(const ip_address& address, std::uint64_t count) noexcept {
  if (address.is_v4()) return ip_address::v4(static_cast<std::uint32_t>(address.low() + count));
  const std::uint64_t low = address.low() + count;
  return ip_address::v6(address.high() + (low < count ? 1 : 0), low, address.zone());
}

}  // namespace netscan

/// @cond
// Doxygen 1.9.4 finds no scope for a specialisation in a namespace it has not read.
template <>
struct fmt::formatter<netscan::ip_address> : fmt::formatter<fmt::string_view> {
  template <typename Context>
  auto format(const netscan::ip_address& address, Context& context) const {
    char text[netscan::max_ip_address_text];
    return fmt::formatter<fmt::string_view>::format(
        fmt::string_view(text, netscan::write_ip_address(address, text)), context);
  }
};
/// @endcond
