#include "reach_patterns.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <unordered_map>

namespace netscan::detail {
namespace {

/// Two bits for each place: whether it is reached, and whether it is cut.
class packed_patterns {
 public:
  explicit packed_patterns(const std::vector<std::string_view>& patterns)
      : words_(patterns.empty() ? 0 : (patterns.front().size() + 63) / 64),
        reached_(patterns.size() * words_),
        cut_(reached_.size()) {
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      for (std::size_t at = 0; at < patterns[i].size(); ++at) {
        const std::uint64_t bit = std::uint64_t{1} << (at % 64);
        if (patterns[i][at] == '+') reached_[i * words_ + at / 64] |= bit;
        if (patterns[i][at] == '-') cut_[i * words_ + at / 64] |= bit;
      }
    }
  }

  std::size_t words() const noexcept { return words_; }
  const std::uint64_t* reached(std::size_t i) const noexcept { return &reached_[i * words_]; }
  const std::uint64_t* cut(std::size_t i) const noexcept { return &cut_[i * words_]; }

  bool agree(std::size_t a, std::size_t b) const noexcept {
    for (std::size_t i = 0; i < words_; ++i) {
      if (((reached(a)[i] & cut(b)[i]) | (cut(a)[i] & reached(b)[i])) != 0) return false;
    }
    return true;
  }

 private:
  std::size_t words_;
  std::vector<std::uint64_t> reached_;
  std::vector<std::uint64_t> cut_;
};

bool is_partial(std::string_view pattern) {
  return pattern.find('?') != pattern.npos;
}

bool is_blank(std::string_view pattern) {
  return pattern.find_first_not_of('?') == pattern.npos;
}

/// Groups of patterns that are all different.
class pattern_groups {
 public:
  pattern_groups(const std::vector<std::string_view>& patterns, double most_steps)
      : patterns_(patterns), packed_(patterns) {
    const auto partial = std::count_if(patterns.begin(), patterns.end(), is_partial);
    const double steps = static_cast<double>(partial) * static_cast<double>(patterns.size()) *
                         static_cast<double>(packed_.words());
    is_cut_short_ = steps > most_steps;
  }

  bool is_cut_short() const noexcept { return is_cut_short_; }

  /// The pattern that stands for each one's group.
  std::vector<std::size_t> representatives() const {
    std::vector<std::size_t> standing(patterns_.size());
    std::iota(standing.begin(), standing.end(), std::size_t{0});
    if (is_cut_short_) return standing;
    std::vector<bool> is_clear(patterns_.size());
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
      // What is known in full agrees with nothing that could contradict it.
      is_clear[i] = !is_partial(patterns_[i]) || (!is_blank(patterns_[i]) && !is_ambiguous(i));
    }
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
      if (!is_clear[i] || !is_partial(patterns_[i])) continue;
      // One that is known in full stands for the group, else the first.
      for (std::size_t other = 0; other < patterns_.size(); ++other) {
        if (!is_clear[other] || other == i || !packed_.agree(i, other)) continue;
        if (!is_partial(patterns_[other]) || other < standing[i]) standing[i] = other;
        if (!is_partial(patterns_[other])) break;
      }
    }
    return standing;
  }

 private:
  /// Of those that agree with it, some reach a place that others are cut off from.
  bool is_ambiguous(std::size_t one) const {
    std::vector<std::uint64_t> reached(packed_.words());
    std::vector<std::uint64_t> cut(packed_.words());
    for (std::size_t other = 0; other < patterns_.size(); ++other) {
      if (!packed_.agree(one, other)) continue;
      for (std::size_t i = 0; i < packed_.words(); ++i) {
        reached[i] |= packed_.reached(other)[i];
        cut[i] |= packed_.cut(other)[i];
        if ((reached[i] & cut[i]) != 0) return true;
      }
    }
    return false;
  }

  const std::vector<std::string_view>& patterns_;
  packed_patterns packed_;
  bool is_cut_short_ = false;
};

}  // namespace

std::vector<std::size_t> group_patterns(const std::vector<reach_pattern>& patterns,
                                        bool& is_cut_short, double most_steps) {
  std::vector<std::string_view> different;
  std::vector<std::size_t> number_of(patterns.size());
  std::unordered_map<std::string_view, std::size_t> numbers;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const auto [found, is_new] = numbers.try_emplace(patterns[i], different.size());
    if (is_new) different.push_back(patterns[i]);
    number_of[i] = found->second;
  }
  const pattern_groups found(different, most_steps);
  is_cut_short = found.is_cut_short();
  const std::vector<std::size_t> standing = found.representatives();

  std::unordered_map<std::size_t, std::size_t> groups;
  std::vector<std::size_t> group_of(patterns.size());
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    group_of[i] = groups.try_emplace(standing[number_of[i]], groups.size()).first->second;
  }
  return group_of;
}

}  // namespace netscan::detail
