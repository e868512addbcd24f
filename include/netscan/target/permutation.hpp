/// A keyed permutation of [0, size) with random access.
///
///     netscan::permutation order(1'000'000, 42);
///     order(0), order(1), ...  // each number below 1'000'000 once
///
/// It is for spreading load, not for secrecy.
#pragma once

#include <array>
#include <cstdint>

namespace netscan {

class permutation {
 public:
  /// 1 <= size <= 2^63.
  permutation(std::uint64_t size, std::uint64_t key) noexcept;

  std::uint64_t size() const noexcept { return size_; }

  /// Where `index` goes; index < size(). About 20 ns, no allocation.
  std::uint64_t operator()(std::uint64_t index) const noexcept;

  /// The index that goes to `value`, which is below size().
  std::uint64_t inverse(std::uint64_t value) const noexcept;

 private:
  static constexpr int rounds = 6;

  std::uint64_t size_;
  // The Feistel network works on pairs (left, right) of [0, width) x [0, height), the smallest
  // near-square that holds `size` numbers. What falls outside is sent through again (cycle
  // walking, Black and Rogaway 2002), which is rare: the square has at most a row too many.
  std::uint64_t width_;
  std::uint64_t height_;
  std::array<std::uint64_t, rounds> keys_;
};

}  // namespace netscan
