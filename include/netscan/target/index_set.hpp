/// Sets of plan indices: which probes of a plan have ended.
///
/// A set is kept as disjoint ranges. A scan takes a plan's indices in order and ends them nearly
/// so: its set is one range and some stragglers, whatever the size of the plan.
///
///     netscan::index_set done;
///     done.insert(0), done.insert(1), done.insert(3);
///     done.gaps(10);  // [2, 2] and [4, 9]
///
/// Not for use by two threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace netscan {

/// The indices from `first` to `last`, both included.
struct index_range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  friend constexpr bool operator==(const index_range&, const index_range&) noexcept = default;
};

class index_set {
 public:
  /// Adds an index; false when it was there already. O(log ranges).
  bool insert(std::uint64_t index);

  bool contains(std::uint64_t index) const noexcept;
  /// The number of indices.
  std::uint64_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  /// The number of ranges, which is what a set costs.
  std::size_t range_count() const noexcept { return last_of_.size(); }

  /// What is in the set, ascending, as few ranges.
  std::vector<index_range> ranges() const;
  /// What of [0, end) is not in the set, ascending.
  std::vector<index_range> gaps(std::uint64_t end) const;

 private:
  std::map<std::uint64_t, std::uint64_t> last_of_;  // by the range's first index
  std::uint64_t size_ = 0;
};

}  // namespace netscan
