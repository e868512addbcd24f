#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ip_address.hpp"

namespace netscan::testing {

// What an endpoint of the world is, and so what it answers a SYN with.
enum class world_kind : std::uint8_t {
  open,              // SYN-ACK
  closed,            // RST
  prohibited,        // ICMP admin-prohibited from the router
  port_unreachable,  // ICMP port unreachable from the router
  host_unreachable,  // ICMP host unreachable from the router
  silent,
};

std::string_view to_string(world_kind kind);

// What a forged ICMP error (administratively prohibited) says of the packet it is about. All but
// `faithful` and `cut_to_ports_and_sequence` are wrong in one thing.
enum class world_forgery : std::uint8_t {
  none,
  faithful,                   // right in all: what only who sees the SYN can write
  cut_to_ports_and_sequence,  // the same, with the 8 bytes of TCP that RFC 792 asks for
  other_destination,
  other_source_port,
  other_protocol,
  other_sequence,
  cut_short,  // ends before the sequence number
};

std::string_view to_string(world_forgery forgery);

// Where the SYN-ACKs and RSTs of the endpoints come from.
enum class world_reply_from : std::uint8_t { the_asked, other_address, other_port };

std::string_view to_string(world_reply_from from);

struct world_options {
  std::string prefix = "10.64.0.0/20";
  std::uint64_t seed = 1;
  // Shares of the endpoints; the rest is silent.
  double open = 0.05;
  double closed = 0.15;
  double prohibited = 0;
  double port_unreachable = 0;
  double host_unreachable = 0;
  // An answer comes after a time between these, each endpoint's own.
  std::uint32_t delay_min_us = 10'000;
  std::uint32_t delay_max_us = 15'000;
  // This share of the hosts takes so much longer.
  double slow_share = 0;
  std::uint32_t slow_min_us = 100'000;
  std::uint32_t slow_max_us = 500'000;
  // Of the packets to the world, and of those from it.
  double loss_in = 0;
  double loss_out = 0;

  // Hostile manners.

  // Each answer comes so many times more, each `duplicate_gap_us` after the one before.
  unsigned duplicates = 0;
  std::uint32_t duplicate_gap_us = 20'000;
  // Each SYN, and each answer, comes with so many rounds of RSTs that nobody may believe: with
  // wrong numbers, to ports that nothing was sent from, from endpoints that were not asked.
  unsigned stray_resets = 0;
  // Each SYN draws such an ICMP error from an address that is nowhere on the way.
  world_forgery forgery = world_forgery::none;
  world_reply_from reply_from = world_reply_from::the_asked;
  // Who claims to send the true ICMP errors; the router when empty.
  std::string icmp_from = {};
};

// What is so in a world: a function of its options, without I/O, so that any process that has the
// same options knows the same.
class world_truth {
 public:
  // Throws std::invalid_argument for a prefix that is none, or holds more than 2^32 addresses.
  explicit world_truth(world_options options);

  const world_options& options() const { return options_; }
  bool is_v6() const { return first_.v6; }
  std::uint64_t size() const { return size_; }
  ip_address address(std::uint64_t index) const;
  // The index of an address; size() for one outside.
  std::uint64_t index_of(const ip_address& address) const;

  world_kind kind(std::uint64_t index, std::uint16_t port) const;
  std::uint32_t delay_us(std::uint64_t index, std::uint16_t port) const;
  // Whether the n-th SYN to an endpoint, counted from 0, gets lost, or the answer to it. It does
  // not depend on timing: the same scan meets the same losses.
  bool loses_syn(std::uint64_t index, std::uint16_t port, unsigned ordinal) const;
  bool loses_answer(std::uint64_t index, std::uint16_t port, unsigned ordinal) const;

 private:
  double chance(std::uint64_t index, std::uint64_t what) const;

  world_options options_;
  ip_address first_;
  std::uint64_t size_;
};

}  // namespace netscan::testing
