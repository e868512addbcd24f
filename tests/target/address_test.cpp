#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "netscan/target/address_set.hpp"
#include "netscan/target/ip_address.hpp"
#include "netscan/target/status.hpp"

namespace netscan {
namespace {

ip_address of(const char* text) {
  const auto address = parse_ip_address(text);
  EXPECT_TRUE(address.ok()) << text;
  return address.value_or(ip_address());
}

TEST(ip_address, reads_and_writes_what_the_c_library_does) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    // Few bits set, so that runs of zeros, which IPv6 shortens, come up.
    const std::uint64_t high = random() & random() & random();
    const std::uint64_t low = random() & random() & random();
    std::uint8_t bytes[16];
    for (int b = 0; b < 8; ++b) {
      bytes[b] = static_cast<std::uint8_t>(high >> (56 - 8 * b));
      bytes[8 + b] = static_cast<std::uint8_t>(low >> (56 - 8 * b));
    }
    char text[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, bytes, text, sizeof text);
    EXPECT_EQ(to_string(ip_address::v6(high, low)), text);
    EXPECT_EQ(of(text), ip_address::v6(high, low));
    inet_ntop(AF_INET, bytes, text, sizeof text);
    EXPECT_EQ(to_string(ip_address::v4(static_cast<std::uint32_t>(high >> 32))), text);
    EXPECT_EQ(of(text), ip_address::v4(static_cast<std::uint32_t>(high >> 32)));
  }
}

TEST(ip_address, has_a_zone_by_name_or_number) {
  EXPECT_EQ(of("fe80::1%lo").zone(), 1u);
  EXPECT_EQ(of("fe80::1%1"), of("fe80::1%lo"));
  EXPECT_EQ(to_string(of("fe80::1%1")), "fe80::1%lo");
  EXPECT_EQ(to_string(of("fe80::1%4000000")), "fe80::1%4000000");
}

TEST(ip_address, refuses_what_is_none_and_names_it) {
  for (const char* text : {"", "10.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.1 ", "1.2.3.4.5", ":::",
                           "fd00::1::2", "fd00::12345", "10.0.0.1%lo", "fe80::1%no-such-interface",
                           "fe80::1%", "localhost", "::ffff:1.2.3.256"}) {
    const auto address = parse_ip_address(text);
    ASSERT_FALSE(address.ok()) << text;
    EXPECT_EQ(address.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(message_of(address.status()).find('\'' + std::string(text) + '\''),
              std::string::npos);
  }
  EXPECT_FALSE(parse_ip_address(std::string_view("10.0.0.1\0", 9)).ok());
  EXPECT_FALSE(parse_ip_address(std::string(1'000'000, '1')).ok());
}

TEST(ip_address, is_ordered_by_family_zone_and_number) {
  const ip_address ascending[] = {
      of("0.0.0.0"), of("9.255.255.255"), of("10.0.0.0"), of("255.0.0.0"), of("::"),
      of("::1"),     of("0:0:0:1::"),     of("ffff::"),   of("fe80::%1")};
  for (std::size_t i = 0; i + 1 < std::size(ascending); ++i) {
    EXPECT_LT(ascending[i], ascending[i + 1]);
  }
}

TEST(ip_address, advances_across_the_middle) {
  EXPECT_EQ(advance(of("10.0.0.255"), 1), of("10.0.1.0"));
  EXPECT_EQ(advance(of("::ffff:ffff:ffff:ffff"), 1), of("0:0:0:1::"));
  EXPECT_EQ(advance(of("fe80::ffff:ffff:ffff:fff0%1"), 0x20), of("fe80:0:0:1::10%1"));
}

TEST(ip_address, knows_where_no_connection_can_be_tried) {
  for (const char* text : {"0.0.0.0", "0.255.255.255", "224.0.0.0", "239.255.255.255",
                           "255.255.255.255", "::", "ff02::1", "::ffff:10.0.0.1", "fe80::1"}) {
    EXPECT_TRUE(why_not_probeable(of(text)).has_value()) << text;
  }
  for (const char* text :
       {"1.0.0.0", "127.0.0.1", "223.255.255.255", "240.0.0.1", "255.255.255.254", "::1",
        "fe80::1%lo", "fec0::1", "fd00::1", "::fffe:0:1"}) {
    EXPECT_FALSE(why_not_probeable(of(text)).has_value()) << text;
  }
}

TEST(address_range, is_written_the_shortest_way_and_read_back) {
  EXPECT_EQ(to_string(*parse_cidr("10.0.0.7/24")), "10.0.0.0/24");
  EXPECT_EQ(to_string(*parse_address_range("10.0.0.0-10.0.0.255")), "10.0.0.0/24");
  EXPECT_EQ(to_string(*parse_address_range("10.0.0.1-10.0.0.255")), "10.0.0.1-10.0.0.255");
  EXPECT_EQ(to_string(*parse_cidr("10.0.0.7/32")), "10.0.0.7");
  EXPECT_EQ(to_string(*parse_cidr("::/0")), "::/0");
  EXPECT_EQ(to_string(*parse_cidr("fd00::/65")), "fd00::/65");
  EXPECT_EQ(prefix_length(*parse_address_range("10.0.0.1-10.0.0.2")), -1);
  for (int prefix = 0; prefix <= 128; ++prefix) {
    const auto block =
        cidr_block(of("fd12:3456:789a:bcde:f012:3456:789a:bcde"), static_cast<unsigned>(prefix));
    EXPECT_EQ(prefix_length(block), prefix);
    if (prefix <= 32) {
      EXPECT_EQ(prefix_length(cidr_block(of("10.1.2.3"), static_cast<unsigned>(prefix))), prefix);
    }
  }
}

TEST(address_range, refuses_what_is_none) {
  for (const char* text : {"10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/0x8",
                           "10.0.0.0/8 ", "/8", "fd00::/129", "10.0.0.0/24/24"}) {
    EXPECT_FALSE(parse_cidr(text).ok()) << text;
  }
  for (const char* text : {"10.0.0.0", "10.0.0.2-10.0.0.1", "10.0.0.1-fd00::1", "10.0.0.1-",
                           "-10.0.0.1", "fe80::1-fe80::2%lo"}) {
    EXPECT_FALSE(parse_address_range(text).ok()) << text;
  }
}

/// A small part of the address space around an edge, numbered from 0: what a set is compared on.
class universe {
 public:
  static constexpr int size = 40;

  explicit universe(std::vector<ip_address> starts) : starts_(std::move(starts)) {}

  int addresses() const { return static_cast<int>(starts_.size()) * size; }
  ip_address at(int number) const {
    return advance(starts_[static_cast<std::size_t>(number / size)],
                   static_cast<std::uint64_t>(number % size));
  }
  /// A range within one of the parts.
  std::pair<int, int> random_range(std::mt19937_64& random) const {
    const int part = static_cast<int>(random() % starts_.size()) * size;
    int first = static_cast<int>(random() % size);
    int last = static_cast<int>(random() % size);
    if (last < first) std::swap(first, last);
    return {part + first, part + last};
  }

 private:
  std::vector<ip_address> starts_;
};

struct set_and_truth {
  address_set set;
  std::set<int> truth;
};

set_and_truth random_set(const universe& world, std::mt19937_64& random) {
  set_and_truth result;
  std::vector<address_range> ranges;
  for (auto count = random() % 6; count > 0; --count) {
    const auto [first, last] = world.random_range(random);
    ranges.push_back({world.at(first), world.at(last)});
    for (int number = first; number <= last; ++number) result.truth.insert(number);
  }
  result.set = address_set::of(std::move(ranges));
  return result;
}

void expect_same(const universe& world, const address_set& set, const std::set<int>& truth) {
  ASSERT_EQ(set.size(), truth.size());
  for (int number = 0; number < world.addresses(); ++number) {
    ASSERT_EQ(set.contains(world.at(number)), truth.contains(number))
        << to_string(world.at(number));
  }
  std::set<ip_address> by_index;
  for (std::uint64_t i = 0; i < truth.size(); ++i) by_index.insert(set.at(i));
  ASSERT_EQ(by_index.size(), truth.size());
  for (const ip_address& address : by_index) ASSERT_TRUE(set.contains(address));
  for (std::size_t i = 0; i + 1 < set.ranges().size(); ++i) {
    ASSERT_LT(set.ranges()[i].last, set.ranges()[i + 1].first);
  }
}

TEST(address_set, agrees_with_a_set_of_numbers) {
  const universe worlds[] = {
      universe({of("0.0.0.0")}),
      universe({ip_address::v4(0xffffffff - universe::size + 1)}),
      universe({of("::ffff:ffff:ffff:fff0")}),
      universe({ip_address::v6(~0ULL, ~0ULL - universe::size + 1)}),
      universe({of("10.0.0.0"), of("fd00::"), of("fe80::1%1"), of("fe80::1%2")}),
      universe({of("10.0.0.0"), ip_address::v4(0x0a000000 + universe::size)}),
  };
  std::mt19937_64 random(2);
  for (const universe& world : worlds) {
    for (int i = 0; i < 400; ++i) {
      const set_and_truth a = random_set(world, random);
      const set_and_truth b = random_set(world, random);
      expect_same(world, a.set, a.truth);
      std::set<int> both = a.truth;
      both.insert(b.truth.begin(), b.truth.end());
      expect_same(world, a.set | b.set, both);
      std::set<int> left;
      std::set_difference(a.truth.begin(), a.truth.end(), b.truth.begin(), b.truth.end(),
                          std::inserter(left, left.end()));
      expect_same(world, a.set - b.set, left);
      ASSERT_EQ((a.set - b.set) | b.set, a.set | b.set);
    }
  }
}

TEST(address_set, counts_the_largest_sets) {
  EXPECT_EQ(address_set::of({*parse_cidr("0.0.0.0/0")}).size(), absl::uint128(1) << 32);
  EXPECT_EQ(address_set::of({*parse_cidr("::/1")}).size(), absl::uint128(1) << 127);
  EXPECT_EQ(address_set::of({*parse_cidr("::/0")}).size(), absl::Uint128Max());
  const auto both = address_set::of({*parse_cidr("::/0"), *parse_cidr("0.0.0.0/0")});
  EXPECT_EQ(both.size(), absl::Uint128Max());
  EXPECT_EQ(to_string(both.at(0xffffffff)), "255.255.255.255");
  EXPECT_EQ(to_string(both.at(0x100000001)), "::1");
  EXPECT_TRUE((both - both).empty());
}

}  // namespace
}  // namespace netscan
