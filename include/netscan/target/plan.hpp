/// The plan of a scan: every (address, port) pair of targets x ports, in a chosen order.
///
/// A plan is a function from index to pair, not a list: a /8 x 65535 ports takes as little memory
/// as one address. The permuted order is a keyed permutation of the whole index space, so that
/// neighbouring probes go to unrelated addresses, any shard is a stride through it, and the same
/// seed always gives the same order.
///
///     netscan::plan_options options{.seed = 7};
///     auto plan = netscan::plan::make(targets, ports, options);
///     for (std::uint64_t i = 0; i < plan->size(); ++i) ask(plan->at(i));
///
/// A plan does not change once made: concurrent reading is safe.
#pragma once

#include <absl/status/statusor.h>

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "netscan/target/address_set.hpp"
#include "netscan/target/index_set.hpp"
#include "netscan/target/permutation.hpp"
#include "netscan/target/port_set.hpp"

namespace netscan {

/// One address and one TCP port to be asked.
struct endpoint {
  ip_address address;
  std::uint16_t port = 0;

  friend constexpr auto operator<=>(const endpoint&, const endpoint&) noexcept = default;
};

enum class probe_order : std::uint8_t {
  permuted,    ///< spread over all targets, by seed
  sequential,  ///< address by address, ports ascending
};

std::string_view to_string(probe_order order) noexcept;

/// Part `index` of `count` equal parts, counted from 1. Parts are disjoint and cover the plan.
struct shard {
  std::uint64_t index = 1;
  std::uint64_t count = 1;

  friend constexpr bool operator==(const shard&, const shard&) noexcept = default;
};

/// Reads `2/8`. Errors: InvalidArgument unless 1 <= I <= N.
absl::StatusOr<shard> parse_shard(std::string_view text);

struct plan_options {
  std::uint64_t seed = 0;
  probe_order order = probe_order::permuted;
  netscan::shard shard = {};
};

class plan {
 public:
  /// Errors: InvalidArgument for no targets, no ports, a bad shard, or more than 2^63 probes.
  static absl::StatusOr<plan> make(address_set targets, port_set ports,
                                   const plan_options& options = {});

  /// This plan less the probes with these indices, in the same order: what is left of a scan to
  /// resume. Everything but size(), at() and index_of() stays as it is. Not for a plan that is
  /// itself what is left of another.
  plan without(const index_set& done) const;

  /// The number of probes in this shard, or what is left of it.
  std::uint64_t size() const noexcept { return size_; }
  /// The number of probes in all shards together.
  std::uint64_t total() const noexcept { return total_; }
  /// The probe with this index, index < size(). O(log ranges), no allocation.
  endpoint at(std::uint64_t index) const noexcept;
  /// The reverse: the index of a probe; nothing for one that is not in this plan.
  std::optional<std::uint64_t> index_of(const endpoint& probe) const noexcept;

  const address_set& targets() const noexcept { return targets_; }
  const port_set& ports() const noexcept { return ports_; }
  const plan_options& options() const noexcept { return options_; }

  /// A hash of targets, ports, seed and order: equal plans have equal hashes on every machine and
  /// in every version (FNV-1a, 64 bits). All shards of a plan have the same.
  std::uint64_t hash() const noexcept;

 private:
  /// Indices that are left, and how many are left before them.
  struct left_range {
    std::uint64_t before;
    index_range indices;
  };

  plan(address_set targets, port_set ports, const plan_options& options, std::uint64_t total);

  std::uint64_t nth_left(std::uint64_t n) const noexcept;

  address_set targets_;
  port_set ports_;
  plan_options options_;
  permutation permutation_;
  std::uint64_t total_;
  std::uint64_t size_;
  bool is_whole_ = true;
  std::vector<left_range> left_;  // ascending; empty when the plan is whole
};

}  // namespace netscan
