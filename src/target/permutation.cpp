#include "netscan/target/permutation.hpp"

#include <cmath>

namespace netscan {
namespace {

/// The finaliser of SplitMix64: every bit of the input changes half of the output's.
constexpr std::uint64_t mix(std::uint64_t x) noexcept {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9;
  x ^= x >> 27;
  x *= 0x94d049bb133111eb;
  x ^= x >> 31;
  return x;
}

/// `hash` scaled to [0, bound) without a division (Lemire 2019).
constexpr std::uint64_t scale(std::uint64_t hash, std::uint64_t bound) noexcept {
  __extension__ using wide = unsigned __int128;
  return static_cast<std::uint64_t>((wide{hash} * bound) >> 64);
}

constexpr std::uint64_t add_modulo(std::uint64_t a, std::uint64_t b, std::uint64_t bound) noexcept {
  const std::uint64_t sum = a + b;  // both are far below 2^63
  return sum >= bound ? sum - bound : sum;
}

constexpr std::uint64_t subtract_modulo(std::uint64_t a, std::uint64_t b,
                                        std::uint64_t bound) noexcept {
  return a >= b ? a - b : a + bound - b;
}

}  // namespace

permutation::permutation(std::uint64_t size, std::uint64_t key) noexcept : size_(size) {
  width_ = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(size)));
  if (width_ == 0) width_ = 1;
  height_ = (size + width_ - 1) / width_;
  for (std::uint64_t& round_key : keys_) round_key = mix(key += 0x9e3779b97f4a7c15);
}

std::uint64_t permutation::operator()(std::uint64_t index) const noexcept {
  do {
    std::uint64_t left = index / height_;
    std::uint64_t right = index % height_;
    for (int round = 0; round < rounds; round += 2) {
      left = add_modulo(left, scale(mix(right ^ keys_[static_cast<std::size_t>(round)]), width_),
                        width_);
      right = add_modulo(
          right, scale(mix(left ^ keys_[static_cast<std::size_t>(round) + 1]), height_), height_);
    }
    index = left * height_ + right;
  } while (index >= size_);
  return index;
}

std::uint64_t permutation::inverse(std::uint64_t value) const noexcept {
  // The same rounds backwards; what left the range on its way out comes back on the same way.
  do {
    std::uint64_t left = value / height_;
    std::uint64_t right = value % height_;
    for (int round = rounds - 2; round >= 0; round -= 2) {
      right = subtract_modulo(
          right, scale(mix(left ^ keys_[static_cast<std::size_t>(round) + 1]), height_), height_);
      left = subtract_modulo(
          left, scale(mix(right ^ keys_[static_cast<std::size_t>(round)]), width_), width_);
    }
    value = left * height_ + right;
  } while (value >= size_);
  return value;
}

}  // namespace netscan
