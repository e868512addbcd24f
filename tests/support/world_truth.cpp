#include "world_truth.hpp"

#include <array>
#include <charconv>
#include <stdexcept>

namespace netscan::testing {
namespace {

// What a chance is about, beside the host and the port.
enum aspect : std::uint64_t { of_kind = 1, of_delay, of_slowness, of_slow_delay, of_packets = 16 };

constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

constexpr std::uint64_t about(std::uint16_t port, std::uint64_t aspect) {
  return std::uint64_t{port} << 32 | aspect;
}

// The last four bytes as a number; a world is no larger than they reach.
std::uint32_t tail_of(const ip_address& address) {
  std::uint32_t tail = 0;
  for (const std::uint8_t byte : address.wire().last(4)) tail = tail << 8 | byte;
  return tail;
}

ip_address with_tail(ip_address address, std::uint32_t tail) {
  const std::size_t end = address.wire().size();
  for (std::size_t i = 1; i <= 4; ++i, tail >>= 8) {
    address.bytes[end - i] = static_cast<std::uint8_t>(tail);
  }
  return address;
}

std::uint32_t between(std::uint32_t low, std::uint32_t high, double chance) {
  return low + static_cast<std::uint32_t>(chance * static_cast<double>(high - low));
}

}  // namespace

std::string_view to_string(world_kind kind) {
  constexpr std::array<std::string_view, 6> words = {
      "open", "closed", "prohibited", "port-unreachable", "host-unreachable", "silent"};
  return words[static_cast<std::size_t>(kind)];
}

std::string_view to_string(world_forgery forgery) {
  constexpr std::array<std::string_view, 8> words = {"none",
                                                     "faithful",
                                                     "cut-to-ports-and-sequence",
                                                     "other-destination",
                                                     "other-source-port",
                                                     "other-protocol",
                                                     "other-sequence",
                                                     "cut-short"};
  return words[static_cast<std::size_t>(forgery)];
}

std::string_view to_string(world_reply_from from) {
  constexpr std::array<std::string_view, 3> words = {"the-asked", "other-address", "other-port"};
  return words[static_cast<std::size_t>(from)];
}

world_truth::world_truth(world_options options) : options_(std::move(options)) {
  const std::string_view prefix = options_.prefix;
  const std::size_t slash = prefix.find('/');
  const auto address = parse_address(prefix.substr(0, slash));
  unsigned length = 0;
  if (slash != prefix.npos) {
    std::from_chars(prefix.data() + slash + 1, prefix.data() + prefix.size(), length);
  }
  const unsigned bits = address && address->v6 ? 128 : 32;
  if (!address || length == 0 || length > bits || bits - length > 31) {
    throw std::invalid_argument("no prefix of at most 2^31 addresses: " + options_.prefix);
  }
  size_ = std::uint64_t{1} << (bits - length);
  first_ = with_tail(*address, tail_of(*address) & ~static_cast<std::uint32_t>(size_ - 1));
}

ip_address world_truth::address(std::uint64_t index) const {
  return with_tail(first_, tail_of(first_) + static_cast<std::uint32_t>(index));
}

std::uint64_t world_truth::index_of(const ip_address& address) const {
  const std::uint64_t index = tail_of(address) - tail_of(first_);
  return index < size_ && this->address(index) == address ? index : size_;
}

double world_truth::chance(std::uint64_t index, std::uint64_t what) const {
  const std::uint64_t hash = mix(mix(mix(options_.seed) ^ index) ^ what);
  return static_cast<double>(hash >> 11) * 0x1p-53;
}

world_kind world_truth::kind(std::uint64_t index, std::uint16_t port) const {
  double rest = chance(index, about(port, of_kind));
  const std::array<double, 5> shares = {options_.open, options_.closed, options_.prohibited,
                                        options_.port_unreachable, options_.host_unreachable};
  for (std::size_t i = 0; i < shares.size(); ++i) {
    rest -= shares[i];
    if (rest < 0) return static_cast<world_kind>(i);
  }
  return world_kind::silent;
}

std::uint32_t world_truth::delay_us(std::uint64_t index, std::uint16_t port) const {
  std::uint32_t delay =
      between(options_.delay_min_us, options_.delay_max_us, chance(index, about(port, of_delay)));
  // Slowness is a host's, not a port's.
  if (chance(index, of_slowness) < options_.slow_share) {
    delay += between(options_.slow_min_us, options_.slow_max_us, chance(index, of_slow_delay));
  }
  return delay;
}

bool world_truth::loses_syn(std::uint64_t index, std::uint16_t port, unsigned ordinal) const {
  return chance(index, about(port, of_packets + 2 * ordinal)) < options_.loss_in;
}

bool world_truth::loses_answer(std::uint64_t index, std::uint16_t port, unsigned ordinal) const {
  return chance(index, about(port, of_packets + 2 * ordinal + 1)) < options_.loss_out;
}

}  // namespace netscan::testing
