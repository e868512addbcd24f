#include "netscan/target/ip_address.hpp"

#include <arpa/inet.h>
#include <net/if.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>

#include "netscan/target/status.hpp"

namespace netscan {
namespace {

absl::Status not_an_address(std::string_view text, std::string_view why) {
  return invalid_argument("'{}' is not an IP address: {}", excerpt(text), why);
}

std::uint64_t load_big_endian(const std::uint8_t* bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | bytes[i];
  return value;
}

void store_big_endian(std::uint64_t value, std::uint8_t* bytes) {
  for (int i = 7; i >= 0; --i, value >>= 8) bytes[i] = static_cast<std::uint8_t>(value);
}

absl::StatusOr<std::uint32_t> parse_zone(std::string_view text, std::string_view zone) {
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(zone.data(), zone.data() + zone.size(), index);
  if (error == std::errc() && end == zone.data() + zone.size() && index != 0) return index;
  index = if_nametoindex(std::string(zone).c_str());
  if (index == 0) {
    return not_an_address(text, fmt::format("this host has no interface '{}'", zone));
  }
  return index;
}

}  // namespace

absl::StatusOr<ip_address> parse_ip_address(std::string_view text) {
  if (text.size() >= max_ip_address_text || text.find('\0') != text.npos) {
    return not_an_address(text, "too long, or a zero byte in it");
  }
  const std::size_t percent = text.find('%');
  const std::string number(text.substr(0, percent));

  std::array<std::uint8_t, 16> bytes{};
  if (number.find(':') == std::string::npos) {
    if (inet_pton(AF_INET, number.c_str(), bytes.data()) != 1) {
      return not_an_address(text, "an IPv4 address is four numbers of 0 to 255, as in 10.0.0.1");
    }
    if (percent != text.npos) return not_an_address(text, "IPv4 addresses have no zone");
    return ip_address::v4(static_cast<std::uint32_t>(load_big_endian(bytes.data()) >> 32));
  }

  if (inet_pton(AF_INET6, number.c_str(), bytes.data()) != 1) {
    return not_an_address(text, "an IPv6 address is written as in fd00::1");
  }
  std::uint32_t zone = 0;
  if (percent != text.npos) {
    absl::StatusOr<std::uint32_t> parsed = parse_zone(text, text.substr(percent + 1));
    if (!parsed.ok()) return parsed.status();
    zone = *parsed;
  }
  return ip_address::v6(load_big_endian(bytes.data()), load_big_endian(bytes.data() + 8), zone);
}

std::size_t write_ip_address(const ip_address& address, char* out) noexcept {
  char* const end = out + max_ip_address_text;
  if (address.is_v4()) {
    char* at = out;
    for (int shift = 24; shift >= 0; shift -= 8) {
      at = std::to_chars(at, end, address.low() >> shift & 0xff).ptr;
      if (shift != 0) *at++ = '.';
    }
    return static_cast<std::size_t>(at - out);
  }

  std::array<std::uint8_t, 16> bytes{};
  store_big_endian(address.high(), bytes.data());
  store_big_endian(address.low(), bytes.data() + 8);
  inet_ntop(AF_INET6, bytes.data(), out, max_ip_address_text);
  std::size_t length = std::strlen(out);
  if (address.zone() != 0) {
    out[length++] = '%';
    char name[IF_NAMESIZE];
    if (if_indextoname(address.zone(), name) != nullptr) {
      const std::size_t name_length = std::strlen(name);
      std::copy_n(name, name_length, out + length);
      length += name_length;
    } else {
      length = static_cast<std::size_t>(std::to_chars(out + length, end, address.zone()).ptr - out);
    }
  }
  return length;
}

std::string to_string(const ip_address& address) {
  char text[max_ip_address_text];
  return std::string(text, write_ip_address(address, text));
}

std::optional<std::string_view> why_not_probeable(const ip_address& address) noexcept {
  if (address.is_v4()) {
    if (address.low() >> 24 == 0) return "it stands for 'this network' (0.0.0.0/8), not for a host";
    if (address.low() >> 28 == 0xe) return "it is a multicast address";
    if (address.low() == 0xffffffff) return "it is the broadcast address";
    return std::nullopt;
  }
  if (address.high() == 0 && address.low() == 0) return "it is the unspecified address";
  if (address.high() >> 56 == 0xff) return "it is a multicast address";
  if (address.high() == 0 && address.low() >> 32 == 0xffff) {
    return "it is an IPv4 address mapped into IPv6; give the IPv4 address";
  }
  if (address.high() >> 54 == 0xfe80 >> 6 && address.zone() == 0) {
    return "a link-local address needs its zone, as in fe80::1%eth0";
  }
  return std::nullopt;
}

}  // namespace netscan
