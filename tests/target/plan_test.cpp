#include "netscan/target/plan.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <unordered_set>

#include "netscan/target/status.hpp"

namespace netscan {
namespace {

address_set targets_of(std::initializer_list<const char*> blocks) {
  std::vector<address_range> ranges;
  for (const char* block : blocks) ranges.push_back(*parse_cidr(block));
  return address_set::of(std::move(ranges));
}

TEST(permutation, takes_each_number_once_for_every_small_size) {
  for (std::uint64_t size = 1; size <= 2000; ++size) {
    for (const std::uint64_t key : {0ULL, 1ULL, 0xdeadbeefULL}) {
      const permutation order(size, key);
      std::vector<bool> seen(size);
      for (std::uint64_t i = 0; i < size; ++i) {
        const std::uint64_t to = order(i);
        ASSERT_LT(to, size);
        ASSERT_FALSE(seen[to]) << size << ' ' << key;
        seen[to] = true;
      }
    }
  }
}

TEST(permutation, takes_each_number_once_for_large_sizes) {
  std::mt19937_64 random(5);
  for (const std::uint64_t size : {std::uint64_t{1} << 20, (std::uint64_t{1} << 20) + 1,
                                   std::uint64_t{1'000'003}, 1 + random() % (1 << 20)}) {
    const permutation order(size, random());
    std::vector<bool> seen(size);
    for (std::uint64_t i = 0; i < size; ++i) {
      const std::uint64_t to = order(i);
      ASSERT_LT(to, size);
      ASSERT_FALSE(seen[to]);
      seen[to] = true;
    }
  }
}

TEST(permutation, holds_at_the_edges_of_its_range) {
  constexpr std::uint64_t one = 1;
  for (const std::uint64_t size :
       {(one << 32) - 1, one << 32, (one << 32) + 1, (one << 33) + 7, (one << 48) - 1, one << 52,
        (one << 62) + 1, (one << 63) - 1, one << 63, std::uint64_t{3037000499} * 3037000499,
        std::uint64_t{3037000499} * 3037000499 - 1, std::uint64_t{94906267} * 94906267 + 1}) {
    const permutation order(size, 9);
    std::unordered_set<std::uint64_t> seen;
    for (std::uint64_t i = 0; i < 50'000; ++i) {
      const std::uint64_t index = i % 2 == 0 ? i : size - i;
      const std::uint64_t to = order(index);
      ASSERT_LT(to, size);
      ASSERT_TRUE(seen.insert(to).second) << size;
    }
  }
}

TEST(permutation, spreads_neighbours_and_differs_by_key) {
  const std::uint64_t size = 65536;
  const permutation order(size, 1);
  const permutation other(size, 2);
  std::uint64_t same = 0;
  for (std::uint64_t start = 0; start + 256 <= size; start += 256) {
    std::map<std::uint64_t, int> networks;
    for (std::uint64_t i = start; i < start + 256; ++i) {
      ++networks[order(i) / 256];
      same += order(i) == other(i);
    }
    // 256 balls in 256 bins: more than eleven in one is less likely than 1 in 10^6.
    for (const auto& [network, count] : networks) ASSERT_LE(count, 11);
  }
  EXPECT_LT(same, 20u);
}

TEST(plan, covers_the_product_once_in_both_orders) {
  std::mt19937_64 random(6);
  for (int round = 0; round < 60; ++round) {
    std::vector<address_range> ranges;
    std::set<endpoint> truth;
    std::set<std::uint16_t> ports;
    std::vector<port_range> port_ranges;
    for (auto count = 1 + random() % 3; count > 0; --count) {
      const auto port = static_cast<std::uint16_t>(1 + random() % 65000);
      port_ranges.push_back({port, static_cast<std::uint16_t>(port + random() % 5)});
      for (std::uint32_t p = port_ranges.back().first; p <= port_ranges.back().last; ++p)
        ports.insert(static_cast<std::uint16_t>(p));
    }
    for (auto count = 1 + random() % 4; count > 0; --count) {
      const ip_address first =
          random() % 2 == 0 ? ip_address::v4(static_cast<std::uint32_t>(0x0a000000 + random() % 50))
                            : ip_address::v6(0xfd00ULL << 48, random() % 50);
      const ip_address last = advance(first, random() % 20);
      ranges.push_back({first, last});
      for (ip_address a = first; a <= last; a = advance(a, 1)) {
        for (const std::uint16_t port : ports) truth.insert({a, port});
      }
    }
    for (const probe_order order : {probe_order::permuted, probe_order::sequential}) {
      const auto plan = plan::make(address_set::of(ranges), port_set::of(port_ranges),
                                   {.seed = random(), .order = order});
      ASSERT_EQ(plan->size(), truth.size());
      std::set<endpoint> seen;
      for (std::uint64_t i = 0; i < plan->size(); ++i) seen.insert(plan->at(i));
      ASSERT_EQ(seen, truth);
    }
  }
}

TEST(plan, in_sequence_goes_address_by_address_and_ports_ascending) {
  const auto plan = plan::make(targets_of({"10.0.0.0/31"}), *parse_ports("443,80"),
                               {.order = probe_order::sequential});
  const endpoint expected[] = {{*parse_ip_address("10.0.0.0"), 80},
                               {*parse_ip_address("10.0.0.0"), 443},
                               {*parse_ip_address("10.0.0.1"), 80},
                               {*parse_ip_address("10.0.0.1"), 443}};
  for (std::uint64_t i = 0; i < 4; ++i) EXPECT_EQ(plan->at(i), expected[i]);
}

TEST(plan, shards_are_disjoint_and_cover_everything) {
  const address_set targets = targets_of({"10.0.0.0/27"});
  const port_set ports = *parse_ports("80-82");
  for (const std::uint64_t count : {1ULL, 2ULL, 3ULL, 7ULL, 96ULL, 100ULL}) {
    for (const probe_order order : {probe_order::permuted, probe_order::sequential}) {
      std::set<endpoint> seen;
      std::uint64_t total = 0;
      for (std::uint64_t index = 1; index <= count; ++index) {
        const auto plan =
            plan::make(targets, ports, {.seed = 4, .order = order, .shard = {index, count}});
        total += plan->size();
        EXPECT_EQ(plan->total(), 96u);
        for (std::uint64_t i = 0; i < plan->size(); ++i)
          EXPECT_TRUE(seen.insert(plan->at(i)).second);
      }
      EXPECT_EQ(total, 96u);
      EXPECT_EQ(seen.size(), 96u);
    }
  }
}

TEST(plan, is_as_large_as_2_to_the_63_and_no_larger) {
  // 2^62 addresses x 2 ports.
  const auto largest =
      plan::make(targets_of({"fd00::/66"}), *parse_ports("1,2"), {.shard = {3, 7}});
  ASSERT_TRUE(largest.ok());
  EXPECT_EQ(largest->total(), std::uint64_t{1} << 63);
  const endpoint last = largest->at(largest->size() - 1);
  EXPECT_TRUE(largest->targets().contains(last.address));
  const auto sequential = plan::make(targets_of({"fd00::/66"}), *parse_ports("1,2"),
                                     {.order = probe_order::sequential});
  EXPECT_EQ(sequential->at(sequential->size() - 1),
            (endpoint{largest->targets().ranges()[0].last, 2}));
  EXPECT_FALSE(plan::make(targets_of({"fd00::/66"}), *parse_ports("1-3")).ok());
  EXPECT_FALSE(plan::make(targets_of({"::/0"}), *parse_ports("1")).ok());
}

TEST(plan, of_the_whole_ipv4_internet_takes_no_more_than_of_one_address) {
  const auto plan = plan::make(targets_of({"0.0.0.0/0"}), *parse_ports("-"), {.seed = 1});
  EXPECT_EQ(plan->size(), std::uint64_t{65535} << 32);
  EXPECT_NE(plan->at(0), plan->at(plan->size() - 1));
}

TEST(plan, refuses_what_makes_no_plan) {
  EXPECT_FALSE(plan::make({}, *parse_ports("80")).ok());
  EXPECT_FALSE(plan::make(targets_of({"10.0.0.1/32"}), {}).ok());
  EXPECT_FALSE(plan::make(targets_of({"10.0.0.1/32"}), *parse_ports("80"), {.shard = {0, 1}}).ok());
  EXPECT_FALSE(plan::make(targets_of({"10.0.0.1/32"}), *parse_ports("80"), {.shard = {3, 2}}).ok());
}

TEST(plan, has_a_hash_that_stays_what_it_is) {
  const auto hash = [](std::initializer_list<const char*> blocks, const char* ports,
                       const plan_options& options) {
    return plan::make(targets_of(blocks), *parse_ports(ports), options)->hash();
  };
  // A journal written by another version must still be recognised.
  EXPECT_EQ(hash({"10.0.0.0/24"}, "80,443", {.seed = 7}), 13835667222293810537u);
  const std::set<std::uint64_t> hashes = {
      hash({"10.0.0.0/24"}, "80,443", {.seed = 7}),
      hash({"10.0.0.0/25"}, "80,443", {.seed = 7}),
      hash({"10.0.0.0/24"}, "80", {.seed = 7}),
      hash({"10.0.0.0/24"}, "80,443", {.seed = 8}),
      hash({"10.0.0.0/24"}, "80,443", {.seed = 7, .order = probe_order::sequential}),
      hash({"10.0.0.0/24"}, "80,443", {.seed = 7, .shard = {1, 2}}),
      hash({"10.0.0.0/24"}, "80,443", {.seed = 7, .shard = {2, 2}}),
  };
  EXPECT_EQ(hashes.size(), 7u);
}

TEST(parse_shard, reads_one_of_several) {
  EXPECT_EQ(*parse_shard("2/8"), (shard{2, 8}));
  for (const char* text : {"", "2", "2/", "/8", "0/8", "9/8", "2/8x", "a/b", "-1/2", "2 /8"}) {
    EXPECT_FALSE(parse_shard(text).ok()) << text;
  }
}

TEST(probe_order, has_a_word) {
  EXPECT_EQ(to_string(probe_order::permuted), "permuted");
  EXPECT_EQ(to_string(probe_order::sequential), "sequential");
}

}  // namespace
}  // namespace netscan
