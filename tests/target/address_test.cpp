#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
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

/// RFC 3986's dec-octet, four times: what an IPv4 address may look like, digit by digit.
bool is_dotted_quad(std::string_view text) {
  int octets = 0;
  while (true) {
    const std::size_t length = std::min(text.find('.'), text.size());
    const std::string_view octet = text.substr(0, length);
    if (octet.empty() || octet.size() > 3 || (octet.size() > 1 && octet[0] == '0')) return false;
    int value = 0;
    for (const char c : octet) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    if (value > 255) return false;
    ++octets;
    if (length == text.size()) return octets == 4;
    text.remove_prefix(length + 1);
  }
}

TEST(ip_address, takes_and_refuses_spoilt_text_as_the_grammar_does) {
  std::mt19937_64 random(11);
  constexpr std::string_view characters = "0123456789abcdefxX:.- +/\t";
  int taken = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text = i % 2 == 0 ? "10.200.0.1" : "fd00:12::ffff:1.2.3.4";
    for (auto count = 1 + random() % 3; count > 0; --count) {
      const char c = characters[random() % characters.size()];
      const std::size_t where = random() % (text.size() + 1);
      switch (random() % 3) {
        case 0:
          text.insert(where, 1, c);
          break;
        case 1:
          text.erase(where, 1);
          break;
        default:
          if (where < text.size()) text[where] = c;
      }
    }
    std::uint8_t bytes[16];
    const bool expected = text.find(':') == std::string::npos
                              ? is_dotted_quad(text)
                              : inet_pton(AF_INET6, text.c_str(), bytes) == 1;
    ASSERT_EQ(parse_ip_address(text).ok(), expected) << text;
    taken += expected;
  }
  EXPECT_GT(taken, 5'000);
  EXPECT_LT(taken, 45'000);
}

TEST(ip_address, is_written_as_rfc_5952_says) {
  const char* const pairs[][2] = {
      {"2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"},  // 4.2.3: the first run
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},                  // 4.2.2: one 0 stays
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},                           // 4.2.3: the longest run
      {"2001:DB8::AAAA", "2001:db8::aaaa"},                              // 4.3
      {"0:0:0:0:0:ffff:192.0.2.1", "::ffff:192.0.2.1"},                  // 5
      {"0:0:0:0:0:0:0:0", "::"},
  };
  for (const auto& [written, expected] : pairs) EXPECT_EQ(to_string(of(written)), expected);
  EXPECT_EQ(fmt::format("[{:>10}|{:<10}]", of("10.0.0.1"), of("fd00::1")),
            "[  10.0.0.1|fd00::1   ]");
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
  EXPECT_FALSE(parse_ip_address(std::string_view("fe80::1%lo\0x", 12)).ok());
  EXPECT_FALSE(parse_ip_address("fe80::1%0").ok());
  EXPECT_FALSE(parse_ip_address("fe80::1%4294967296").ok());
  const auto long_one = parse_ip_address(std::string(1'000'000, '1'));
  ASSERT_FALSE(long_one.ok());
  EXPECT_NE(message_of(long_one.status()).find("too long"), std::string_view::npos);
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

TEST(ip_address, advances_as_a_128_bit_number) {
  std::mt19937_64 random(12);
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t high = random() >> 1;
    const std::uint64_t low = i % 2 == 0 ? random() : ~(random() >> 40);
    const std::uint64_t count = i % 3 == 0 ? random() : random() >> 40;
    const absl::uint128 sum = absl::MakeUint128(high, low) + count;
    ASSERT_EQ(advance(ip_address::v6(high, low, 3), count),
              ip_address::v6(absl::Uint128High64(sum), absl::Uint128Low64(sum), 3));
  }
  EXPECT_EQ(advance(of("::"), ~0ULL), of("::ffff:ffff:ffff:ffff"));
  EXPECT_EQ(advance(of("::1"), ~0ULL), of("0:0:0:1::"));
  EXPECT_EQ(advance(of("::ffff:ffff"), 1), of("::1:0:0"));
  EXPECT_EQ(advance(of("0.0.0.0"), 0xffffffff), of("255.255.255.255"));
}

TEST(ip_address, knows_where_no_connection_can_be_tried) {
  for (const char* text :
       {"0.0.0.0", "0.255.255.255", "224.0.0.0", "239.255.255.255", "255.255.255.255",
        "::", "ff00::", "ff02::1", "ff02::1%lo", "::ffff:0.0.0.0", "::ffff:10.0.0.1",
        "::ffff:255.255.255.255", "fe80::", "fe80::1", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}) {
    EXPECT_TRUE(why_not_probeable(of(text)).has_value()) << text;
  }
  for (const char* text : {"1.0.0.0", "127.0.0.1", "223.255.255.255", "240.0.0.1",
                           "255.255.255.254", "::1", "fe80::1%lo", "fec0::", "fe7f:ffff::",
                           "feff:ffff::", "fd00::1", "::fffe:ffff:ffff", "::1:0:0:0"}) {
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
    EXPECT_EQ(*parse_cidr(fmt::format("{}/{}", block.last, prefix)), block);
    EXPECT_EQ(block.span() + 1, prefix == 0 ? 0 : absl::uint128(1) << (128 - prefix));
    if (prefix <= 32) {
      EXPECT_EQ(prefix_length(cidr_block(of("10.1.2.3"), static_cast<unsigned>(prefix))), prefix);
    }
  }
}

TEST(address_range, has_a_prefix_length_exactly_when_it_is_a_block) {
  for (const char* start : {"0.0.0.0", "255.255.255.192", "::", "::ffff:ffff:ffff:ffc0"}) {
    for (unsigned first = 0; first < 64; ++first) {
      for (unsigned last = first; last < 64; ++last) {
        const address_range range{advance(of(start), first), advance(of(start), last)};
        int expected = -1;
        for (unsigned bits = 0; bits <= 6; ++bits) {
          const bool is_block = last - first + 1 == 1u << bits && first % (1u << bits) == 0;
          if (is_block) expected = static_cast<int>(range.first.bit_length() - bits);
        }
        ASSERT_EQ(prefix_length(range), expected) << to_string(range);
        const std::string text = to_string(range);
        const auto back = first == last   ? address_range{of(text.c_str()), of(text.c_str())}
                          : expected >= 0 ? *parse_cidr(text)
                                          : *parse_address_range(text);
        ASSERT_EQ(back, range) << text;
      }
    }
  }
  EXPECT_EQ(prefix_length(*parse_cidr("0.0.0.0/0")), 0);
  EXPECT_EQ(prefix_length(*parse_cidr("::/0")), 0);
}

/// Runs `check` in a process of its own, whose only interface is called `name`.
void with_an_interface(const char* name, int (*check)()) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (::unshare(CLONE_NEWNET) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) ::_exit(77);
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    std::strncpy(request.ifr_newname, name, IFNAMSIZ - 1);
    ::_exit(::ioctl(fd, SIOCSIFNAME, &request) == 0 ? check() : 77);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77 && ::getenv("CI") == nullptr) {
    GTEST_SKIP() << "no network namespace, or no right to name an interface in it";
  }
  EXPECT_EQ(WEXITSTATUS(status), 0) << "the check with this number failed";
}

TEST(address_range, parts_its_ends_and_not_the_name_of_an_interface) {
  with_an_interface("br-a-1", [] {
    const auto range = parse_address_range("fe80::1%br-a-1-fe80::5%br-a-1");
    if (!range.ok() || range->first != ip_address::v6(0xfe80ULL << 48, 1, 1)) return 1;
    if (range->last != ip_address::v6(0xfe80ULL << 48, 5, 1)) return 2;
    if (to_string(*range) != "fe80::1%br-a-1-fe80::5%br-a-1") return 3;
    if (to_string(*parse_cidr("fe80::%br-a-1/64")) != "fe80::%br-a-1/64") return 4;
    if (parse_address_range("fe80::1%br-a-1").ok()) return 5;
    if (parse_address_range("fe80::5%br-a-1-fe80::1%br-a-1").ok()) return 6;
    return 0;
  });
}

TEST(address_range, refuses_what_is_none) {
  for (const char* text :
       {"10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/0x8", "10.0.0.0/8 ", "/8",
        "fd00::/129", "10.0.0.0/24/24", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/4294967304",
        "10.0.0/8", "10.0.0.0-10.0.0.9/8"}) {
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
  std::vector<address_range> singles;
  for (const int number : truth) {
    ASSERT_EQ(set.at(singles.size()), world.at(number));
    singles.push_back({world.at(number), world.at(number)});
  }
  // The same set, however it came about, is the same ranges.
  std::reverse(singles.begin(), singles.end());
  ASSERT_EQ(address_set::of(singles), set);
  for (std::size_t i = 0; i + 1 < set.ranges().size(); ++i) {
    ASSERT_LT(set.ranges()[i].last, set.ranges()[i + 1].first);
    ASSERT_NE(advance(set.ranges()[i].last, 1), set.ranges()[i + 1].first);
  }
}

TEST(address_set, agrees_with_a_set_of_numbers) {
  const universe worlds[] = {
      universe({of("0.0.0.0")}),
      universe({ip_address::v4(0xffffffff - universe::size + 1)}),
      universe({of("::ffff:ffff:ffff:fff0")}),
      universe({ip_address::v6(~0ULL, ~0ULL - universe::size + 1)}),
      universe({of("10.0.0.0"), of("fd00::"), of("fe80::1%1"), of("fe80::1%2")}),
      // The last addresses of a family or zone, and the first of the next.
      universe({ip_address::v4(0xffffffff - universe::size + 1), of("::"),
                ip_address::v6(~0ULL, ~0ULL - universe::size + 1), of("::%1"),
                ip_address::v6(~0ULL, ~0ULL - universe::size + 1, 1)}),
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

TEST(address_set, counts_and_cuts_large_sets_as_128_bit_numbers) {
  std::mt19937_64 random(13);
  const auto random_set = [&] {
    std::vector<address_range> ranges;
    for (auto count = random() % 5; count > 0; --count) {
      ip_address first = ip_address::v6(random() >> random() % 60, random());
      ip_address last = ip_address::v6(random() >> random() % 60, random());
      if (last < first) std::swap(first, last);
      ranges.push_back({first, last});
    }
    return address_set::of(std::move(ranges));
  };
  const address_set everything = address_set::of({*parse_cidr("::/0")});
  for (int i = 0; i < 2'000; ++i) {
    const address_set a = random_set();
    const address_set b = random_set();
    const address_set both = a - (a - b);
    ASSERT_EQ((a | b).size(), a.size() + b.size() - both.size());
    ASSERT_EQ((a - b).size(), a.size() - both.size());
    ASSERT_EQ(both, b - (b - a));
    ASSERT_EQ(everything - (everything - a), a);
    ASSERT_EQ((everything - a) | a, everything);
    ASSERT_EQ(everything - (a | b), (everything - a) - b);
  }
}

TEST(address_set, has_all_addresses_that_64_bits_can_number) {
  // The first range alone holds more than that, so the second is out of reach.
  const auto set = address_set::of({*parse_cidr("fd00::/60"), *parse_cidr("fd01::/60")});
  for (const std::uint64_t index : {0ULL, 1ULL, ~0ULL - 1, ~0ULL}) {
    EXPECT_EQ(set.at(index), advance(of("fd00::"), index));
  }
  // Here the second range begins at exactly the last number.
  const auto edge = address_set::of(
      {{of("fd00::1"), of("fd00::ffff:ffff:ffff:ffff")}, {of("fd01::"), of("fd01::9")}});
  EXPECT_EQ(edge.at(~0ULL - 1), of("fd00::ffff:ffff:ffff:ffff"));
  EXPECT_EQ(edge.at(~0ULL), of("fd01::"));
  EXPECT_EQ(edge.size(), (absl::uint128(1) << 64) + 9);
}

TEST(address_set, of_nothing_is_empty) {
  const address_set nothing;
  EXPECT_TRUE(nothing.empty());
  EXPECT_EQ(nothing.size(), 0u);
  EXPECT_FALSE(nothing.contains(of("0.0.0.0")));
  EXPECT_EQ(nothing, address_set::of({}));
  const auto one = address_set::of({*parse_cidr("10.0.0.1/32")});
  EXPECT_EQ(one - nothing, one);
  EXPECT_EQ(nothing | one, one);
  EXPECT_EQ(nothing - one, nothing);
}

}  // namespace
}  // namespace netscan
