/// Sets of IP addresses.
///
/// A set is a sorted list of disjoint ranges, so 10.0.0.0/8 costs as much as one address. Build it
/// from any ranges, combine sets with `|` and `-`, ask for the n-th address in logarithmic time.
///
///     auto set = netscan::address_set::of({*netscan::parse_cidr("10.0.0.0/24")});
///     set = set - netscan::address_set::of({*netscan::parse_address_range("10.0.0.1-10.0.0.9")});
///     set.at(0);  // 10.0.0.0
///
/// Pure values: concurrent reading is safe.
#pragma once

#include <absl/numeric/int128.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/target/ip_address.hpp"

namespace netscan {

/// All addresses from `first` to `last`, both included; same family, same zone, first <= last.
struct address_range {
  ip_address first;
  ip_address last;

  constexpr bool contains(const ip_address& address) const noexcept {
    return first <= address && address <= last;
  }
  /// The number of addresses less one (2^128 - 1 at most, so that ::/0 still fits).
  constexpr absl::uint128 span() const noexcept {
    return absl::MakeUint128(last.high(), last.low()) -
           absl::MakeUint128(first.high(), first.low());
  }

  friend constexpr bool operator==(const address_range&, const address_range&) noexcept = default;
};

/// The range of a CIDR block: `cidr_block(10.0.0.5, 24)` is 10.0.0.0-10.0.0.255. `prefix` is at
/// most the family's bit length.
address_range cidr_block(const ip_address& address, unsigned prefix) noexcept;

/// Reads `10.0.0.0/24` or `fd00::/64`. Host bits are accepted and ignored: `10.0.0.5/24` is
/// 10.0.0.0/24 (who must tell the user compares `first` with what was written).
/// Errors: InvalidArgument, naming the text.
absl::StatusOr<address_range> parse_cidr(std::string_view text);

/// Reads `10.0.0.5-10.0.0.20`, both ends included.
/// Errors: InvalidArgument for ends of two families or zones, or in the wrong order.
absl::StatusOr<address_range> parse_address_range(std::string_view text);

/// `10.0.0.0/24` when the range is a CIDR block, `10.0.0.5` for one address, else `first-last`.
std::string to_string(const address_range& range);

/// The prefix length when the range is exactly one CIDR block, else -1.
int prefix_length(const address_range& range) noexcept;

class address_set {
 public:
  address_set() = default;

  /// The union of `ranges`, which may overlap and come in any order.
  static address_set of(std::vector<address_range> ranges);

  /// Ascending, disjoint, and never adjacent: equal sets have equal ranges.
  std::span<const address_range> ranges() const noexcept { return ranges_; }
  bool empty() const noexcept { return ranges_.empty(); }
  bool contains(const ip_address& address) const noexcept;

  /// The number of addresses; 2^128 - 1 stands for that and anything above.
  absl::uint128 size() const noexcept { return size_; }

  /// The address with this index in ascending order, index < size(). O(log ranges).
  ip_address at(std::uint64_t index) const noexcept;

  /// The index of an address; nothing for one that is not in the set, or whose index does not fit.
  std::optional<std::uint64_t> index_of(const ip_address& address) const noexcept;

  friend address_set operator|(const address_set& a, const address_set& b);
  friend address_set operator-(const address_set& a, const address_set& b);
  friend bool operator==(const address_set& a, const address_set& b) noexcept {
    return a.ranges_ == b.ranges_;
  }

 private:
  const address_range* range_of(const ip_address& address) const noexcept;

  std::vector<address_range> ranges_;
  // For each range the number of addresses before it, as far as that fits in 64 bits: at() takes no
  // larger index, so the ranges that begin beyond are out of its reach anyway.
  std::vector<std::uint64_t> starts_;
  absl::uint128 size_ = 0;
};

}  // namespace netscan
