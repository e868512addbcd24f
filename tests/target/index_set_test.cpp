#include "netscan/target/index_set.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace netscan {
namespace {

using ranges = std::vector<index_range>;

TEST(index_set, is_empty_at_first) {
  const index_set set;
  EXPECT_TRUE(set.empty());
  EXPECT_FALSE(set.contains(0));
  EXPECT_EQ(set.gaps(0), ranges{});
  EXPECT_EQ(set.gaps(7), (ranges{{0, 6}}));
}

TEST(index_set, joins_neighbours) {
  index_set set;
  EXPECT_TRUE(set.insert(1));
  EXPECT_TRUE(set.insert(3));
  EXPECT_EQ(set.range_count(), 2u);
  EXPECT_TRUE(set.insert(2));
  EXPECT_EQ(set.range_count(), 1u);
  EXPECT_FALSE(set.insert(2));
  EXPECT_EQ(set.size(), 3u);
  EXPECT_EQ(set.gaps(6), (ranges{{0, 0}, {4, 5}}));
}

TEST(index_set, says_the_same_as_a_plain_set) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 300; ++round) {
    const std::uint64_t end = 1 + random() % 60;
    index_set set;
    std::set<std::uint64_t> truth;
    for (auto count = random() % (2 * end); count > 0; --count) {
      const std::uint64_t index = random() % (end + 5);
      ASSERT_EQ(set.insert(index), truth.insert(index).second);
    }
    ASSERT_EQ(set.size(), truth.size());
    std::set<std::uint64_t> missing;
    for (std::uint64_t i = 0; i < end + 5; ++i) {
      ASSERT_EQ(set.contains(i), truth.contains(i));
      if (i < end && !truth.contains(i)) missing.insert(i);
    }
    std::set<std::uint64_t> in_gaps;
    std::uint64_t ended_before = 0;
    for (const index_range& gap : set.gaps(end)) {
      ASSERT_LE(gap.first, gap.last);
      ASSERT_TRUE(gap.first == 0 || gap.first > ended_before) << "gaps touch or overlap";
      for (std::uint64_t i = gap.first; i <= gap.last; ++i) in_gaps.insert(i);
      ended_before = gap.last + 1;
    }
    ASSERT_EQ(in_gaps, missing);
    std::set<std::uint64_t> in_ranges;
    ASSERT_EQ(set.ranges().size(), set.range_count());
    for (const index_range& range : set.ranges()) {
      for (std::uint64_t i = range.first; i <= range.last; ++i) in_ranges.insert(i);
    }
    ASSERT_EQ(in_ranges, truth);
  }
}

TEST(index_set, takes_the_largest_indices) {
  index_set set;
  EXPECT_TRUE(set.insert(~0ULL));
  EXPECT_TRUE(set.insert(~0ULL - 1));
  EXPECT_FALSE(set.insert(~0ULL));
  EXPECT_TRUE(set.contains(~0ULL));
  EXPECT_EQ(set.gaps(10), (ranges{{0, 9}}));
  EXPECT_EQ(set.gaps(~0ULL), (ranges{{0, ~0ULL - 2}}));
}

TEST(index_set, of_a_scan_costs_its_stragglers_not_its_size) {
  index_set set;
  for (std::uint64_t i = 0; i < 1'000'000; ++i) {
    if (i % 100'000 != 0) set.insert(i);
  }
  EXPECT_EQ(set.range_count(), 10u);
}

}  // namespace
}  // namespace netscan
