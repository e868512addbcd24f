#include "netscan/target/plan.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <unordered_set>

#include "netscan/target/status.hpp"
#include "rounds.hpp"

namespace netscan {
namespace {

address_set targets_of(std::initializer_list<const char*> blocks) {
  std::vector<address_range> ranges;
  for (const char* block : blocks) ranges.push_back(*parse_cidr(block));
  return address_set::of(std::move(ranges));
}

TEST(permutation, takes_each_number_once_for_every_small_size) {
  for (std::uint64_t size = 1; size <= testing::rounds(3000); ++size) {
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
  std::vector<std::uint64_t> sizes = {1 << 20, (1 << 20) + 1, (1 << 20) - 1, 1'000'003};
  for (unsigned i = 0; i < testing::rounds(12); ++i) sizes.push_back(1 + random() % (1 << 20));
  for (const std::uint64_t size : sizes) {
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

TEST(permutation, holds_around_squares_that_a_double_does_not_hold) {
  // The width is a square root in doubles, which from 2^53 on is that of a rounded size.
  std::mt19937_64 random(14);
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t root = (std::uint64_t{1} << 26) + random() % (3037000499 - (1 << 26));
    for (const std::uint64_t size : {root * root - 1, root * root, root * root + 1}) {
      const permutation order(size, random());
      std::set<std::uint64_t> seen;
      for (std::uint64_t index = 0; index < 20; ++index) {
        for (const std::uint64_t at : {index, size / 2 + index, size - 1 - index}) {
          ASSERT_LT(order(at), size);
          ASSERT_TRUE(seen.insert(order(at)).second) << size;
        }
      }
    }
  }
}

TEST(permutation, stays_what_it_is) {
  // A scan that another version has begun is resumed, and shards of several versions fit together.
  const auto first = [](std::uint64_t size, std::uint64_t key) {
    const permutation order(size, key);
    return std::vector{order(0), order(1), order(2), order(3)};
  };
  using numbers = std::vector<std::uint64_t>;
  EXPECT_EQ(first(512, 7), (numbers{405, 207, 67, 293}));
  EXPECT_EQ(first(std::uint64_t{65535} << 32, 1),
            (numbers{134770144861992, 123490744343052, 55561667631807, 243252178033654}));
  EXPECT_EQ(first(std::uint64_t{1} << 63, 2026),
            (numbers{5450267493671019937, 6672350077930236995, 4048791506253838318,
                     8129197252665659173}));
}

TEST(permutation, has_an_inverse) {
  for (std::uint64_t size = 1; size <= 500; ++size) {
    const permutation order(size, size);
    for (std::uint64_t i = 0; i < size; ++i) ASSERT_EQ(order.inverse(order(i)), i) << size;
  }
  std::mt19937_64 random(15);
  for (const std::uint64_t size :
       {std::uint64_t{1} << 40, (std::uint64_t{1} << 40) + 1, std::uint64_t{1} << 63,
        std::uint64_t{3037000499} * 3037000499 - 1, std::uint64_t{3037000499} * 3037000498}) {
    const permutation order(size, random());
    for (int i = 0; i < 1000; ++i) {
      const std::uint64_t index = random() % size;
      ASSERT_EQ(order.inverse(order(index)), index) << size;
      ASSERT_EQ(order(order.inverse(index)), index) << size;
    }
  }
}

TEST(permutation, takes_neighbours_far_apart) {
  // Two independent numbers below n are n/3 apart on average, and rarely within n/256.
  for (const std::uint64_t size : {65536ULL, 131072ULL, 100'003ULL, 65535ULL * 256}) {
    const permutation order(size, 3);
    double sum = 0;
    int near = 0;
    constexpr int steps = 20'000;
    for (std::uint64_t i = 0; i < steps; ++i) {
      const std::uint64_t a = order(i);
      const std::uint64_t b = order(i + 1);
      const std::uint64_t distance = a < b ? b - a : a - b;
      sum += static_cast<double>(distance);
      near += distance < size / 256;
    }
    EXPECT_NEAR(sum / steps / static_cast<double>(size), 1.0 / 3, 0.01) << size;
    EXPECT_LT(near, 2.0 / 256 * steps * 1.5) << size;
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
  for (const std::uint64_t count :
       {1ULL, 2ULL, 3ULL, 4ULL, 5ULL, 6ULL, 7ULL, 8ULL, 9ULL, 95ULL, 96ULL, 97ULL, 100ULL}) {
    for (const probe_order order : {probe_order::permuted, probe_order::sequential}) {
      std::set<endpoint> seen;
      std::uint64_t total = 0;
      for (std::uint64_t index = 1; index <= count; ++index) {
        const auto plan =
            plan::make(targets, ports, {.seed = 4, .order = order, .shard = {index, count}});
        total += plan->size();
        EXPECT_EQ(plan->total(), 96u);
        EXPECT_TRUE(plan->size() == 96 / count || plan->size() == 96 / count + 1);
        for (std::uint64_t i = 0; i < plan->size(); ++i)
          EXPECT_TRUE(seen.insert(plan->at(i)).second);
      }
      EXPECT_EQ(total, 96u);
      EXPECT_EQ(seen.size(), 96u);
    }
  }
}

TEST(plan, shards_are_strides_through_the_whole) {
  const address_set targets = targets_of({"10.0.0.0/28", "fd00::/125"});
  const port_set ports = *parse_ports("22,80");
  const auto whole = plan::make(targets, ports, {.seed = 9});
  for (std::uint64_t index = 1; index <= 5; ++index) {
    const auto part = plan::make(targets, ports, {.seed = 9, .shard = {index, 5}});
    for (std::uint64_t i = 0; i < part->size(); ++i) {
      EXPECT_EQ(part->at(i), whole->at(i * 5 + index - 1));
    }
  }
}

TEST(plan, of_the_largest_size_numbers_its_probes_without_overflow) {
  const ip_address base = *parse_ip_address("fd00::");
  for (const std::uint64_t count :
       {2ULL, 3ULL, 1000ULL, (1ULL << 32) + 1, 1ULL << 62, (1ULL << 63) - 1, 1ULL << 63}) {
    for (const std::uint64_t index : {std::uint64_t{1}, count / 2 + 1, count}) {
      const auto part = plan::make(targets_of({"fd00::/66"}), *parse_ports("1,2"),
                                   {.order = probe_order::sequential, .shard = {index, count}});
      const absl::uint128 total = absl::uint128(1) << 63;
      // The largest i with i * count + index - 1 < total.
      const auto size = static_cast<std::uint64_t>((total - index) / count + 1);
      ASSERT_EQ(part->size(), size) << index << '/' << count;
      for (const std::uint64_t i : {std::uint64_t{0}, size / 2, size - 1}) {
        const auto position = static_cast<std::uint64_t>(absl::uint128(i) * count + index - 1);
        ASSERT_EQ(part->at(i), (endpoint{advance(base, position / 2),
                                         static_cast<std::uint16_t>(1 + position % 2)}));
      }
    }
  }
  const auto beyond = [](std::uint64_t index) {
    return plan::make(targets_of({"fd00::/66"}), *parse_ports("1,2"), {.shard = {index, ~0ULL}});
  };
  EXPECT_EQ(beyond(1ULL << 63)->size(), 1u);
  EXPECT_EQ(beyond((1ULL << 63) + 1)->size(), 0u);
  EXPECT_EQ(beyond(~0ULL)->size(), 0u);
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
  // 2^63 addresses, and one more.
  EXPECT_EQ(plan::make(targets_of({"fd00::/65"}), *parse_ports("1"))->total(), 1ULL << 63);
  EXPECT_FALSE(plan::make(targets_of({"fd00::/65", "10.0.0.1/32"}), *parse_ports("1")).ok());
  // floor(2^63 / 65535) addresses, and one more.
  const ip_address first = *parse_ip_address("fd00::");
  const std::uint64_t most = (1ULL << 63) / 65535;
  const auto all_ports = [&](std::uint64_t count) {
    return plan::make(address_set::of({{first, advance(first, count - 1)}}), *parse_ports("-"));
  };
  EXPECT_EQ(all_ports(most)->total(), most * 65535);
  EXPECT_FALSE(all_ports(most + 1).ok());
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
  EXPECT_EQ(hash({"10.0.0.0/24"}, "80,443", {.seed = 7}), 18164387380878127433u);
  EXPECT_EQ(hash({"10.0.0.0/24", "fd00::/96"}, "1-1023,8080",
                 {.seed = ~0ULL, .order = probe_order::sequential, .shard = {3, 8}}),
            16628675936752658356u);
  EXPECT_EQ(hash({"0.0.0.0/0"}, "-", {.seed = 1}), 3360463009163385415u);
  const std::set<std::uint64_t> hashes = {
      hash({"10.0.0.0/24"}, "80,443", {.seed = 7}),
      hash({"10.0.0.0/25"}, "80,443", {.seed = 7}),
      hash({"10.0.0.0/24"}, "80", {.seed = 7}),
      hash({"10.0.0.0/24"}, "80,443", {.seed = 8}),
      hash({"10.0.0.0/24"}, "80,443", {.seed = 7, .order = probe_order::sequential}),
      hash({"10.0.0.0/24"}, "80-443", {.seed = 7}),
      hash({"::a00:0/120"}, "80,443", {.seed = 7}),
      hash({"::a00:0%1/120"}, "80,443", {.seed = 7}),
  };
  EXPECT_EQ(hashes.size(), 8u);
  // What was written does not matter, only what it means.
  EXPECT_EQ(hash({"10.0.0.128/25", "10.0.0.0/25"}, "443,80", {.seed = 7}),
            hash({"10.0.0.0/24"}, "80,443", {.seed = 7}));
  // Shards of one plan are known by its hash.
  EXPECT_EQ(hash({"10.0.0.0/24"}, "80,443", {.seed = 7, .shard = {2, 3}}),
            hash({"10.0.0.0/24"}, "80,443", {.seed = 7}));
}

TEST(plan, knows_the_index_of_each_of_its_probes_and_of_no_other) {
  const address_set targets = targets_of({"10.0.0.0/27", "10.0.1.0/29", "fd00::/125"});
  const port_set ports = *parse_ports("22,80-82,443");
  for (const probe_order order : {probe_order::permuted, probe_order::sequential}) {
    for (const std::uint64_t count : {1ULL, 2ULL, 7ULL, 1000ULL}) {
      for (std::uint64_t index = 1; index <= std::min<std::uint64_t>(count, 8); ++index) {
        const auto plan =
            plan::make(targets, ports, {.seed = 3, .order = order, .shard = {index, count}});
        std::set<endpoint> own;
        for (std::uint64_t i = 0; i < plan->size(); ++i) {
          own.insert(plan->at(i));
          ASSERT_EQ(plan->index_of(plan->at(i)), i);
        }
        const auto whole = plan::make(targets, ports, {.seed = 3, .order = order});
        for (std::uint64_t i = 0; i < whole->size(); ++i) {
          const endpoint probe = whole->at(i);
          ASSERT_EQ(plan->index_of(probe).has_value(), own.contains(probe));
        }
      }
    }
  }
  const auto plan = plan::make(targets, ports, {.seed = 3});
  for (const char* address : {"10.0.0.32", "9.255.255.255", "10.0.0.255", "10.0.1.8", "fd00::8"}) {
    EXPECT_EQ(plan->index_of({*parse_ip_address(address), 80}), std::nullopt) << address;
  }
  const std::vector<std::uint16_t> other_ports = {0, 1, 21, 23, 79, 83, 442, 444, 65535};
  for (const std::uint16_t port : other_ports) {
    EXPECT_EQ(plan->index_of({*parse_ip_address("10.0.0.1"), port}), std::nullopt) << port;
  }
}

TEST(plan, of_the_largest_size_knows_its_indices) {
  std::mt19937_64 random(8);
  for (const probe_order order : {probe_order::permuted, probe_order::sequential}) {
    const auto plan = plan::make(targets_of({"fd00::/66"}), *parse_ports("1,2"),
                                 {.seed = random(), .order = order});
    for (const std::uint64_t index : {std::uint64_t{0}, plan->size() / 2, plan->size() - 1}) {
      EXPECT_EQ(plan->index_of(plan->at(index)), index);
    }
    for (int i = 0; i < 10'000; ++i) {
      const std::uint64_t index = random() % plan->size();
      ASSERT_EQ(plan->index_of(plan->at(index)), index);
    }
  }
}

TEST(plan, without_what_is_done_is_the_rest_in_the_same_order) {
  std::mt19937_64 random(21);
  const address_set targets = targets_of({"10.0.0.0/27"});
  for (int round = 0; round < 100; ++round) {
    const auto plan = plan::make(targets, *parse_ports("80-83"),
                                 {.seed = random(), .shard = {1 + random() % 3, 3}});
    const std::uint64_t share = random() % 101;
    index_set done;
    std::vector<endpoint> expected;
    for (std::uint64_t i = 0; i < plan->size(); ++i) {
      if (random() % 100 < share) {
        done.insert(i);
      } else {
        expected.push_back(plan->at(i));
      }
    }
    const netscan::plan rest = plan->without(done);
    ASSERT_EQ(rest.size(), expected.size());
    for (std::uint64_t i = 0; i < rest.size(); ++i) {
      ASSERT_EQ(rest.at(i), expected[i]);
      ASSERT_EQ(rest.index_of(expected[i]), i);
    }
    for (std::uint64_t i = 0; i < plan->size(); ++i) {
      ASSERT_EQ(rest.index_of(plan->at(i)).has_value(), !done.contains(i));
    }
    EXPECT_EQ(rest.total(), plan->total());
    EXPECT_EQ(rest.hash(), plan->hash());
  }
}

TEST(plan, that_is_all_done_has_nothing_left) {
  const auto plan = plan::make(targets_of({"10.0.0.0/31"}), *parse_ports("80"));
  index_set done;
  done.insert(0);
  done.insert(1);
  EXPECT_EQ(plan->without(done).size(), 0u);
  EXPECT_EQ(plan->without(done).index_of(plan->at(0)), std::nullopt);
  EXPECT_EQ(plan->without({}).size(), 2u);
  EXPECT_EQ(plan->without({}).at(1), plan->at(1));
}

TEST(parse_shard, reads_one_of_several) {
  EXPECT_EQ(*parse_shard("2/8"), (shard{2, 8}));
  EXPECT_EQ(*parse_shard("1/1"), shard{});
  EXPECT_EQ(*parse_shard("18446744073709551615/18446744073709551615"), (shard{~0ULL, ~0ULL}));
  for (const char* text : {"", "2", "2/", "/8", "0/8", "0/0", "9/8", "2/8x", "a/b", "-1/2", "2 /8",
                           "+1/2", "1/2/3", "1/18446744073709551616", "1/-1"}) {
    const auto parsed = parse_shard(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(message_of(parsed.status()),
              "bad shard '" + std::string(text) + "': expected I/N with 1 <= I <= N, as in 2/8");
  }
}

TEST(probe_order, has_a_word) {
  EXPECT_EQ(to_string(probe_order::permuted), "permuted");
  EXPECT_EQ(to_string(probe_order::sequential), "sequential");
}

}  // namespace
}  // namespace netscan
