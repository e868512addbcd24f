#include "packet.hpp"

#include <algorithm>

namespace netscan::testing {
namespace {

constexpr std::uint8_t protocol_icmp = 1;
constexpr std::uint8_t protocol_tcp = 6;
constexpr std::uint8_t protocol_icmp_v6 = 58;
constexpr std::size_t tcp_header = 20;

// Puts big-endian numbers one after the other.
class packet_writer {
 public:
  explicit packet_writer(packet_buffer& out) : out_(out) {}

  packet_writer& u8(std::uint8_t value) {
    out_[size_++] = value;
    return *this;
  }
  packet_writer& u16(std::uint16_t value) {
    return u8(static_cast<std::uint8_t>(value >> 8)).u8(static_cast<std::uint8_t>(value));
  }
  packet_writer& u32(std::uint32_t value) {
    return u16(static_cast<std::uint16_t>(value >> 16)).u16(static_cast<std::uint16_t>(value));
  }
  packet_writer& bytes(std::span<const std::uint8_t> from) {
    std::ranges::copy(from, out_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += from.size();
    return *this;
  }
  void set_u16(std::size_t at, std::uint16_t value) {
    out_[at] = static_cast<std::uint8_t>(value >> 8);
    out_[at + 1] = static_cast<std::uint8_t>(value);
  }
  std::size_t size() const { return size_; }
  std::span<const std::uint8_t> from(std::size_t at) const {
    return {out_.data() + at, size_ - at};
  }

 private:
  packet_buffer& out_;
  std::size_t size_ = 0;
};

std::uint32_t sum(std::span<const std::uint8_t> bytes, std::uint32_t start = 0) {
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    start += static_cast<std::uint32_t>(bytes[i] << 8 | (i + 1 < bytes.size() ? bytes[i + 1] : 0));
  }
  return start;
}

// RFC 1071.
std::uint16_t checksum(std::uint32_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

std::uint32_t pseudo_header(const ip_address& from, const ip_address& to, std::uint8_t protocol,
                            std::size_t length) {
  return sum(to.wire(), sum(from.wire())) + protocol + static_cast<std::uint32_t>(length);
}

void write_ip_header(packet_writer& out, const ip_address& from, const ip_address& to,
                     std::uint8_t protocol, std::size_t length) {
  const std::size_t start = out.size();
  if (from.v6) {
    out.u32(0x60000000).u16(static_cast<std::uint16_t>(length)).u8(protocol).u8(64);
    out.bytes(from.wire()).bytes(to.wire());
    return;
  }
  out.u16(0x4500).u16(static_cast<std::uint16_t>(20 + length)).u32(0x4000).u8(64).u8(protocol);
  out.u16(0).bytes(from.wire()).bytes(to.wire());
  out.set_u16(start + 10, checksum(sum(out.from(start))));
}

void write_tcp_header(packet_writer& out, const tcp_packet& packet) {
  const std::size_t start = out.size();
  out.u16(packet.from_port).u16(packet.to_port).u32(packet.sequence).u32(packet.acknowledgement);
  out.u8(tcp_header / 4 << 4).u8(packet.flags).u16(64240).u16(0).u16(0);
  out.set_u16(start + 16, checksum(sum(out.from(start), pseudo_header(packet.from, packet.to,
                                                                      protocol_tcp, tcp_header))));
}

std::uint16_t read_u16(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

std::uint32_t read_u32(std::span<const std::uint8_t> bytes, std::size_t at) {
  return std::uint32_t{read_u16(bytes, at)} << 16 | read_u16(bytes, at + 2);
}

ip_address read_address(std::span<const std::uint8_t> bytes, bool v6) {
  ip_address address;
  address.v6 = v6;
  std::ranges::copy(bytes, address.bytes.begin());
  return address;
}

}  // namespace

std::optional<tcp_packet> parse_packet(std::span<const std::uint8_t> wire) {
  if (wire.empty()) return std::nullopt;
  const bool v6 = wire[0] >> 4 == 6;
  const std::size_t header = v6 ? 40 : std::size_t{4} * (wire[0] & 0xf);
  if (wire.size() < header + tcp_header || wire[v6 ? 6 : 9] != protocol_tcp) return std::nullopt;
  const auto tcp = wire.subspan(header);
  tcp_packet packet;
  packet.from = read_address(wire.subspan(v6 ? 8 : 12, v6 ? 16 : 4), v6);
  packet.to = read_address(wire.subspan(v6 ? 24 : 16, v6 ? 16 : 4), v6);
  packet.from_port = read_u16(tcp, 0);
  packet.to_port = read_u16(tcp, 2);
  packet.sequence = read_u32(tcp, 4);
  packet.acknowledgement = read_u32(tcp, 8);
  packet.flags = tcp[13];
  packet.ttl = wire[v6 ? 7 : 8];
  return packet;
}

std::span<const std::uint8_t> write_tcp(const tcp_packet& packet, packet_buffer& out) {
  packet_writer writer(out);
  write_ip_header(writer, packet.from, packet.to, protocol_tcp, tcp_header);
  write_tcp_header(writer, packet);
  return writer.from(0);
}

std::span<const std::uint8_t> write_icmp_error(const ip_address& from, const ip_address& to,
                                               std::uint8_t type, std::uint8_t code,
                                               std::span<const std::uint8_t> quoted,
                                               packet_buffer& out) {
  const std::size_t length = 8 + quoted.size();
  packet_writer writer(out);
  write_ip_header(writer, from, to, from.v6 ? protocol_icmp_v6 : protocol_icmp, length);
  const std::size_t start = writer.size();
  writer.u8(type).u8(code).u16(0).u32(0).bytes(quoted);
  const std::uint32_t base = from.v6 ? pseudo_header(from, to, protocol_icmp_v6, length) : 0;
  writer.set_u16(start + 2, checksum(sum(writer.from(start), base)));
  return writer.from(0);
}

std::span<const std::uint8_t> write_icmp_error(const ip_address& router, std::uint8_t type,
                                               std::uint8_t code, const tcp_packet& about,
                                               packet_buffer& out) {
  // The packet it is about comes whole: its headers are all it has.
  packet_buffer quoted;
  return write_icmp_error(router, about.from, type, code, write_tcp(about, quoted), out);
}

}  // namespace netscan::testing
