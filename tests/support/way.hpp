#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "file_descriptor.hpp"
#include "packet.hpp"

namespace netscan::testing {

// What a SYN meets on a way.
struct way_reply {
  enum kind : std::uint8_t {
    syn_ack,
    reset,
    icmp,  // `type` and `code` from `router`
  };

  kind what;
  std::string router{};
  std::uint8_t type = 0;
  std::uint8_t code = 0;
};

// `syn.ttl` says how far it may go; `count` is the number of SYNs with the same before it. Called
// from the way's thread.
using way_rule = std::function<std::vector<way_reply>(const tcp_packet& syn, unsigned count)>;

// A way of routers behind one TUN device, with the network 203.0.113.0/24 or fd00:203::/64 at its
// end, as the rule has it.
//
//   enter_network_namespace();
//   const way way(false, straight_way(3, {way_reply::syn_ack}, false));
//   ... trace 203.0.113.9 ...
class way {
 public:
  // Makes the device in the namespace this process has entered.
  way(bool v6, way_rule rule);
  ~way();

  // SYNs that came with this TTL.
  unsigned syns(std::uint8_t ttl) const { return syns_[ttl]; }

  static std::string target(bool v6) { return v6 ? "fd00:203::9" : "203.0.113.9"; }
  static std::string scanner(bool v6) { return v6 ? "fd00:ffff::2" : "198.51.100.2"; }
  // The router at this hop.
  static std::string router(unsigned hop, bool v6);

 private:
  void run(const std::stop_token& stop);
  void take(const tcp_packet& packet);
  void send(const tcp_packet& syn, const way_reply& reply);

  way_rule rule_;
  std::array<std::atomic<unsigned>, 256> syns_{};
  file_descriptor device_;
  std::jthread thread_;
};

// `length` routers that all say when a SYN has gone its hops, and what stands behind them: nothing
// for silence.
way_rule straight_way(unsigned length, std::optional<way_reply> end, bool v6);

// A router's word that a SYN has gone its hops.
way_reply time_exceeded(unsigned hop, bool v6);

}  // namespace netscan::testing
