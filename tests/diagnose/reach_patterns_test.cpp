// Patterns in groups: against every pair that could be joined, and the cases told by name.
#include "reach_patterns.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace netscan::detail {
namespace {

using patterns = std::vector<reach_pattern>;

std::vector<std::size_t> groups(const patterns& some) {
  bool is_cut_short = true;
  std::vector<std::size_t> found = group_patterns(some, is_cut_short);
  EXPECT_FALSE(is_cut_short);
  return found;
}

using numbers = std::vector<std::size_t>;

TEST(reach_patterns, equal_ones_are_of_one_group) {
  EXPECT_EQ(groups({"+-", "-+", "+-", "++", "-+"}), (numbers{0, 1, 0, 2, 1}));
  EXPECT_EQ(groups({}), numbers{});
}

TEST(reach_patterns, what_is_unknown_does_not_part) {
  EXPECT_EQ(groups({"+-?", "+-+", "?-+"}), (numbers{0, 0, 0}));
  // Without one that is known in full, too.
  EXPECT_EQ(groups({"+-?-", "?--+", "+?--"}), (numbers{0, 1, 0}));
  EXPECT_EQ(groups({"+-?", "?-+"}), (numbers{0, 0}));
}

TEST(reach_patterns, what_is_unknown_does_not_decide) {
  EXPECT_EQ(groups({"++", "+?", "+-"}), (numbers{0, 1, 2}));
  EXPECT_EQ(groups({"+?", "++", "+?", "+-"}), (numbers{0, 1, 0, 2}));
}

TEST(reach_patterns, what_is_not_known_at_all_is_of_no_other_group) {
  EXPECT_EQ(groups({"++", "??", "++", "??"}), (numbers{0, 1, 0, 1}));
}

TEST(reach_patterns, too_many_stay_for_themselves_and_that_is_told) {
  bool is_cut_short = false;
  EXPECT_EQ(group_patterns({"+-", "+?"}, is_cut_short, 1), (numbers{0, 1}));
  EXPECT_TRUE(is_cut_short);
}

bool agree(const reach_pattern& a, const reach_pattern& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != '?' && b[i] != '?' && a[i] != b[i]) return false;
  }
  return true;
}

/// The rule, read word by word: every two of those that agree with it agree with each other.
bool is_clear(const patterns& all, const reach_pattern& one) {
  if (one.find_first_not_of('?') == one.npos) return false;
  for (const reach_pattern& a : all) {
    for (const reach_pattern& b : all) {
      if (agree(one, a) && agree(one, b) && !agree(a, b)) return false;
    }
  }
  return true;
}

patterns random_patterns(std::mt19937& random) {
  const std::size_t length = 1 + random() % 70;
  const std::size_t kinds = 1 + random() % 4;
  const auto unknown = random() % 60;
  patterns truths(kinds, reach_pattern(length, '+'));
  for (reach_pattern& truth : truths) {
    for (char& mark : truth) mark = random() % 3 == 0 ? '-' : '+';
  }
  patterns all;
  for (std::size_t i = 0; i < 1 + random() % 12; ++i) {
    reach_pattern& one = all.emplace_back(truths[random() % kinds]);
    for (char& mark : one) {
      if (random() % 100 < unknown) mark = '?';
    }
  }
  return all;
}

TEST(reach_patterns, are_grouped_by_the_rule_whatever_the_order) {
  std::mt19937 random(7);
  std::size_t joined = 0;
  for (int round = 0; round < 1000; ++round) {
    patterns all = random_patterns(random);
    const numbers found = groups(all);
    for (std::size_t a = 0; a < all.size(); ++a) {
      for (std::size_t b = 0; b < all.size(); ++b) {
        const bool belong = all[a] == all[b] || (is_clear(all, all[a]) && is_clear(all, all[b]) &&
                                                 agree(all[a], all[b]));
        ASSERT_EQ(found[a] == found[b], belong) << all[a] << ' ' << all[b];
        joined += belong && all[a] != all[b] ? 1 : 0;
      }
    }
    // In the order of their first members.
    std::size_t next = 0;
    for (const std::size_t group : found) {
      ASSERT_LE(group, next);
      next = std::max(next, group + 1);
    }
  }
  EXPECT_GT(joined, 500U);
}

}  // namespace
}  // namespace netscan::detail
