#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "ip_address.hpp"

namespace netscan::testing {

// A TCP packet without data, as far as the world looks at it.
struct tcp_packet {
  ip_address from;
  ip_address to;
  std::uint16_t from_port = 0;
  std::uint16_t to_port = 0;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint8_t flags = 0;
  std::uint8_t ttl = 64;  // how far it may still go
};

inline constexpr std::uint8_t tcp_syn = 0x02;
inline constexpr std::uint8_t tcp_rst = 0x04;
inline constexpr std::uint8_t tcp_ack = 0x10;

// Nothing for what is not TCP over IPv4 or (without extension headers) IPv6.
std::optional<tcp_packet> parse_packet(std::span<const std::uint8_t> wire);

using packet_buffer = std::array<std::uint8_t, 128>;

// Writes the packet with right checksums; returns what was written.
std::span<const std::uint8_t> write_tcp(const tcp_packet& packet, packet_buffer& out);

// Writes an ICMP error (ICMPv6 for IPv6 addresses) that quotes these bytes of a packet.
std::span<const std::uint8_t> write_icmp_error(const ip_address& from, const ip_address& to,
                                               std::uint8_t type, std::uint8_t code,
                                               std::span<const std::uint8_t> quoted,
                                               packet_buffer& out);

// The same, true: from `router`, to who sent the packet `about`, which it quotes whole.
std::span<const std::uint8_t> write_icmp_error(const ip_address& router, std::uint8_t type,
                                               std::uint8_t code, const tcp_packet& about,
                                               packet_buffer& out);

}  // namespace netscan::testing
