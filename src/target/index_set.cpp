#include "netscan/target/index_set.hpp"

#include <iterator>

namespace netscan {

bool index_set::insert(std::uint64_t index) {
  const auto after = last_of_.upper_bound(index);
  const bool has_before = after != last_of_.begin();
  const auto before = has_before ? std::prev(after) : last_of_.end();
  if (has_before && index <= before->second) return false;
  ++size_;

  const bool joins_before = has_before && before->second + 1 == index;
  const bool joins_after = after != last_of_.end() && index + 1 == after->first;
  const std::uint64_t last = joins_after ? after->second : index;
  if (joins_after) last_of_.erase(after);
  if (joins_before) {
    before->second = last;
  } else {
    last_of_.emplace(index, last);
  }
  return true;
}

bool index_set::contains(std::uint64_t index) const noexcept {
  const auto after = last_of_.upper_bound(index);
  return after != last_of_.begin() && index <= std::prev(after)->second;
}

std::vector<index_range> index_set::ranges() const {
  std::vector<index_range> ranges;
  ranges.reserve(last_of_.size());
  for (const auto& [first, last] : last_of_) ranges.push_back({first, last});
  return ranges;
}

std::vector<index_range> index_set::gaps(std::uint64_t end) const {
  std::vector<index_range> gaps;
  std::uint64_t next = 0;
  for (const auto& [first, last] : last_of_) {
    if (first >= end) break;
    if (next < first) gaps.push_back({next, first - 1});
    if (last >= end - 1) return gaps;
    next = last + 1;
  }
  if (next < end) gaps.push_back({next, end - 1});
  return gaps;
}

}  // namespace netscan
