#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "packet.hpp"
#include "world_truth.hpp"

namespace netscan::testing {

// The packets of a hostile world that no honest host sends, as its options have them. Writes them;
// the world sends them.
class world_hostility {
 public:
  explicit world_hostility(const world_truth& truth);

  // A round of RSTs that come with the answer to a SYN, and that change nothing (RFC 9293 3.10.7):
  // the acknowledgement is of another SYN, there is none, the port is one that nothing was sent
  // from, the sender is another port or another host.
  std::array<tcp_packet, 5> stray_resets(const tcp_packet& syn);

  // What world_options::forgery says.
  std::span<const std::uint8_t> write_forged(const tcp_packet& syn, packet_buffer& out);

  // The answer as world_options::reply_from says.
  tcp_packet moved(tcp_packet answer) const;

 private:
  std::uint32_t random();
  ip_address neighbour_of(const ip_address& address) const;

  const world_truth& truth_;
  ip_address forger_;
  std::uint32_t state_ = 0x9e3779b9;
};

}  // namespace netscan::testing
