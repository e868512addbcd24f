#include "aggregate.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "lab_results.hpp"
#include "rounds.hpp"

namespace netscan::detail {
namespace {

using testing::ip;

std::vector<std::string> entries(const std::vector<ip_address>& addresses, pool_aggregate how) {
  std::vector<std::string> texts;
  for (const address_range& range : aggregate(addresses, how)) {
    texts.push_back(entry_text(range, how));
  }
  return texts;
}

const std::vector<ip_address> some = {ip("10.0.0.249"), ip("10.0.0.241"), ip("10.0.0.240"),
                                      ip("10.0.0.242"), ip("fd00::1")};

using texts = std::vector<std::string>;

TEST(aggregation, by_none_is_one_entry_an_address_in_the_order_given) {
  EXPECT_EQ(
      entries(some, pool_aggregate::none),
      (texts{"10.0.0.249/32", "10.0.0.241/32", "10.0.0.240/32", "10.0.0.242/32", "fd00::1/128"}));
}

TEST(aggregation, by_cidr_is_the_fewest_blocks) {
  EXPECT_EQ(entries(some, pool_aggregate::cidr),
            (texts{"10.0.0.240/31", "10.0.0.242/32", "10.0.0.249/32", "fd00::1/128"}));
}

TEST(aggregation, by_range_is_a_run_each) {
  EXPECT_EQ(entries(some, pool_aggregate::range),
            (texts{"10.0.0.240-10.0.0.242", "10.0.0.249/32", "fd00::1/128"}));
}

TEST(aggregation, by_range_writes_a_run_as_a_range_even_when_it_is_a_block) {
  EXPECT_EQ(entries({ip("10.0.0.4"), ip("10.0.0.5")}, pool_aggregate::range),
            texts{"10.0.0.4-10.0.0.5"});
}

TEST(blocks_of_a_range, reach_the_ends_of_the_families) {
  const auto count = [](std::string_view range) {
    return cidr_blocks(parse_address_range(range).value()).size();
  };
  EXPECT_EQ(count("0.0.0.0-255.255.255.255"), 1u);
  EXPECT_EQ(count("0.0.0.1-255.255.255.255"), 32u);
  EXPECT_EQ(count("0.0.0.0-255.255.255.254"), 32u);
  EXPECT_EQ(count("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), 1u);
  EXPECT_EQ(count("::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"), 254u);
}

/// The fewest blocks that cover `wanted` exactly, counted the other way round: a node of the
/// address tree is a block of its own when it is full.
int fewest(const std::set<std::uint32_t>& wanted, std::uint32_t first, std::uint32_t size) {
  std::uint32_t have = 0;
  for (std::uint32_t i = first; i < first + size; ++i) have += wanted.contains(i);
  if (have == 0) return 0;
  if (have == size) return 1;
  return fewest(wanted, first, size / 2) + fewest(wanted, first + size / 2, size / 2);
}

TEST(aggregation, covers_exactly_the_addresses_without_overlap) {
  std::mt19937 random(1);
  for (unsigned round = 0; round < testing::rounds(1000); ++round) {
    const unsigned density = 1 + static_cast<unsigned>(random() % 99);
    std::set<std::uint32_t> wanted;
    std::vector<ip_address> addresses;
    for (std::uint32_t last = 0; last < 64; ++last) {
      if (random() % 100 >= density) continue;
      wanted.insert(last);
      addresses.push_back(testing::lan(last));
    }
    for (const pool_aggregate how :
         {pool_aggregate::none, pool_aggregate::cidr, pool_aggregate::range}) {
      std::multiset<std::uint32_t> covered;
      const std::vector<address_range> ranges = aggregate(addresses, how);
      for (const address_range& range : ranges) {
        for (std::uint32_t last = 0; last < 256; ++last) {
          if (range.contains(testing::lan(last))) covered.insert(last);
        }
      }
      EXPECT_EQ(covered, std::multiset<std::uint32_t>(wanted.begin(), wanted.end()));
      if (how == pool_aggregate::cidr) {
        EXPECT_EQ(static_cast<int>(ranges.size()), fewest(wanted, 0, 64));
      }
    }
  }
}

}  // namespace
}  // namespace netscan::detail
