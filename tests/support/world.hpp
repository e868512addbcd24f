#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "file_descriptor.hpp"
#include "world_truth.hpp"

namespace netscan::testing {

// What has gone through a world. Counted as it arrives, before anything is lost.
struct world_counters {
  std::atomic<std::uint64_t> syns{0};
  std::atomic<std::uint64_t> resets{0};  // RSTs from the scanner
  std::atomic<std::uint64_t> lost_in{0};
  std::atomic<std::uint64_t> lost_out{0};
  std::atomic<std::uint64_t> answers{0};  // SYN-ACK, RST or ICMP that were sent
  // Packets of hostile manners.
  std::atomic<std::uint64_t> copies{0};  // of answers, counted there too
  std::atomic<std::uint64_t> stray_resets{0};
  std::atomic<std::uint64_t> forged{0};
};

// What the world's device carries. Scanners that make their packets themselves, zmap for one, can
// only do so on Ethernet; who uses the kernel's connect() does not see the difference.
enum class world_link : std::uint8_t { ip, ethernet };

// A whole prefix of hosts behind one TUN or TAP device, answered for by one thread.
//
//   enter_network_namespace();
//   world world({.prefix = "10.64.0.0/20", .loss_in = 0.02}, {80, 443});
//   ... scan ...
//   world.counters().syns
//
// The kernel here has no way to delay or lose packets on a link; a world has.
class world {
 public:
  // Makes the device in the namespace this process has entered, gives it the scanner's address and
  // routes the prefix to it. SYNs to `ports` are counted each. Throws std::system_error or
  // std::runtime_error naming what failed.
  world(world_options options, std::vector<std::uint16_t> ports, world_link link = world_link::ip);
  ~world();

  const world_truth& truth() const { return truth_; }
  const world_counters& counters() const { return counters_; }
  // Returns when everything that was sent so far has been read and counted; answers may still be
  // due.
  void catch_up() const;

  // SYNs that came for an endpoint; `port` is one of those given.
  unsigned syns_to(std::uint64_t index, std::uint16_t port) const;
  // Packets that the device had no room for: a test that counts needs it to be 0.
  std::uint64_t dropped() const;

  // Who sends the ICMP errors.
  static std::string router(bool v6) { return v6 ? "fd00:ffff::1" : "198.51.100.1"; }
  // Who sends the forged ones: nobody on the way, and no address of the world.
  static std::string forger(bool v6) { return v6 ? "fd00:bad::66" : "203.0.113.66"; }
  static std::string scanner(bool v6) { return v6 ? "fd00:ffff::2" : "198.51.100.2"; }
  // On Ethernet. It does not answer ARP or ND: the namespace has it as a permanent neighbour.
  static std::string router_mac() { return "02:00:00:00:00:01"; }

 private:
  class responder;

  // Returns how many came before; 0 for ports that are not counted.
  unsigned count_syn(std::uint64_t index, std::uint16_t port);

  bool has_packet() const;

  world_truth truth_;
  world_link link_;
  std::vector<std::uint16_t> ports_;
  world_counters counters_;
  std::vector<std::atomic<std::uint8_t>> syns_to_;  // by address, then port
  std::atomic<bool> is_waiting_{false};             // the responder, for a packet
  file_descriptor device_;
  std::jthread thread_;
};

}  // namespace netscan::testing
