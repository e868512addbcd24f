#include "netscan/target/public_addresses.hpp"

#include <gtest/gtest.h>

namespace netscan {
namespace {

address_set block(const std::string& text) {
  return address_set::of({*parse_cidr(text)});
}

bool is_public(const std::string& address) {
  return !public_part(block(address + (address.find(':') == address.npos ? "/32" : "/128")))
              .empty();
}

// The ends of each block, and their neighbours outside of it.
TEST(public_part, leaves_private_networks_out_and_nothing_beside_them) {
  for (const char* address : {"10.0.0.0",
                              "10.255.255.255",
                              "100.64.0.0",
                              "100.127.255.255",
                              "127.0.0.1",
                              "169.254.0.1",
                              "172.16.0.0",
                              "172.31.255.255",
                              "192.0.2.1",
                              "192.168.0.0",
                              "192.168.255.255",
                              "198.18.0.0",
                              "198.19.255.255",
                              "198.51.100.7",
                              "203.0.113.9",
                              "224.0.0.1",
                              "239.1.1.1",
                              "240.0.0.1",
                              "255.255.255.255",
                              "0.1.2.3",
                              "::1",
                              "fd00::1",
                              "fc00::1",
                              "fe80::1",
                              "ff02::1",
                              "2001:db8::1",
                              "3fff::1",
                              "64:ff9b::1",
                              "64:ff9b::10.0.0.1",
                              "64:ff9b::1:0:0",
                              "64:ff9b:1::808:808",
                              "4000::"}) {
    EXPECT_FALSE(is_public(address)) << address;
  }
  for (const char* address :
       {"1.0.0.0",        "9.255.255.255",    "11.0.0.0",         "100.63.255.255",
        "100.128.0.0",    "126.255.255.255",  "128.0.0.0",        "169.253.255.255",
        "172.15.255.255", "172.32.0.0",       "192.167.255.255",  "192.169.0.0",
        "198.17.255.255", "198.20.0.0",       "223.255.255.255",  "8.8.8.8",
        "2000::",         "2001:db7:ffff::1", "2001:db9::",       "2606:4700::1",
        "3ffe::1",        "64:ff9b::8.8.8.8", "64:ff9b::11.0.0.0"}) {
    EXPECT_TRUE(is_public(address)) << address;
  }
}

// 2^32 less the sizes of the blocks, counted by hand from the registry.
TEST(public_part, counts_what_is_left_of_everything) {
  const std::uint64_t reserved = (1ULL << 24) * 3 + (1ULL << 22) + (1ULL << 16) * 2 + (1ULL << 20) +
                                 (1ULL << 17) + 256 * 4 + (1ULL << 28) * 2;
  EXPECT_EQ(public_part(block("0.0.0.0/0")).size(), absl::uint128((1ULL << 32) - reserved));
  EXPECT_EQ(public_part(block("64:ff9b::/96")).size(), absl::uint128((1ULL << 32) - reserved));
  EXPECT_EQ(public_part(block("10.0.0.0/7")).size(), absl::uint128(1 << 24));
  EXPECT_EQ(public_part(block("fd00::/8")).size(), absl::uint128(0));
}

}  // namespace
}  // namespace netscan
