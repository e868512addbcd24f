#include "world_hostility.hpp"

#include "world.hpp"

namespace netscan::testing {
namespace {

constexpr std::uint8_t reset_and_ack = tcp_rst | tcp_ack;
constexpr std::uint8_t protocol_udp = 17;

}  // namespace

world_hostility::world_hostility(const world_truth& truth)
    : truth_(truth), forger_(*parse_address(world::forger(truth.is_v6()))) {}

std::array<tcp_packet, 5> world_hostility::stray_resets(const tcp_packet& syn) {
  const tcp_packet good{syn.to,   syn.from,         syn.to_port,  syn.from_port,
                        random(), syn.sequence + 1, reset_and_ack};
  std::array<tcp_packet, 5> resets;
  resets.fill(good);
  resets[0].acknowledgement += 1 + random() % 0x7fffffff;
  resets[1].flags = tcp_rst;
  resets[1].acknowledgement = 0;
  resets[2].to_port = static_cast<std::uint16_t>(1 + random() % 1000);  // no ephemeral port
  ++resets[3].from_port;
  resets[4].from = neighbour_of(syn.to);
  return resets;
}

std::span<const std::uint8_t> world_hostility::write_forged(const tcp_packet& syn,
                                                            packet_buffer& out) {
  tcp_packet about = syn;
  const world_forgery forgery = truth_.options().forgery;
  if (forgery == world_forgery::other_destination) about.to = neighbour_of(syn.to);
  if (forgery == world_forgery::other_source_port) about.from_port ^= 1;
  // 1 more is still in the window of the SYN (tcp_v4_err() in net/ipv4/tcp_ipv4.c).
  if (forgery == world_forgery::other_sequence) about.sequence += 2 + random() % 0xfffffff0;
  packet_buffer buffer;
  write_tcp(about, buffer);
  const bool v6 = truth_.is_v6();
  const std::size_t ip_header = v6 ? 40 : 20;
  if (forgery == world_forgery::other_protocol) buffer[v6 ? 6 : 9] = protocol_udp;
  std::size_t tcp_bytes = 20;
  if (forgery == world_forgery::cut_to_ports_and_sequence) tcp_bytes = 8;
  if (forgery == world_forgery::cut_short) tcp_bytes = 7;
  const std::span<const std::uint8_t> quoted(buffer.data(), ip_header + tcp_bytes);
  return write_icmp_error(forger_, syn.from, v6 ? 1 : 3, v6 ? 1 : 13, quoted, out);
}

tcp_packet world_hostility::moved(tcp_packet answer) const {
  if (truth_.options().reply_from == world_reply_from::other_port) ++answer.from_port;
  if (truth_.options().reply_from == world_reply_from::other_address) {
    answer.from = neighbour_of(answer.from);
  }
  return answer;
}

// xorshift (Marsaglia 2003): the same in each run, and different in each packet.
std::uint32_t world_hostility::random() {
  state_ ^= state_ << 13;
  state_ ^= state_ >> 17;
  return state_ ^= state_ << 5;
}

// An address of the world, so one that is likely being asked too.
ip_address world_hostility::neighbour_of(const ip_address& address) const {
  return truth_.address(truth_.index_of(address) ^ 1);
}

}  // namespace netscan::testing
