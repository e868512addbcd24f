// Blocks against the endpoints they were made of.
#include "endpoint_blocks.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "observations.hpp"

namespace netscan {
namespace {

using detail::block_list;
using detail::united;
using testing::address;

std::set<endpoint> endpoints_in(const std::vector<endpoint_block>& blocks) {
  std::set<endpoint> all;
  for (const endpoint_block& block : blocks) {
    for (ip_address at = block.addresses.first;; at = advance(at, 1)) {
      for (std::uint32_t i = 0; i < block.ports.size(); ++i) {
        EXPECT_TRUE(all.insert({at, block.ports.at(i)}).second) << to_string(block);
      }
      if (at == block.addresses.last) break;
    }
  }
  return all;
}

std::vector<std::string> texts_of(const std::vector<endpoint_block>& blocks) {
  std::vector<std::string> texts;
  for (const endpoint_block& block : blocks) texts.push_back(to_string(block));
  return texts;
}

std::vector<endpoint_block> blocks_of(const std::set<endpoint>& endpoints) {
  block_list list;
  for (const endpoint& at : endpoints) list.add(at);
  return list.blocks();
}

/// Few addresses about the ends of both families, and few ports, so that all are close together.
endpoint random_endpoint(std::mt19937& random) {
  const ip_address first[] = {address("0.0.0.0"), address("255.255.255.240"),
                              address("fd00::ffff:ffff:ffff:fff8"),
                              address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0")};
  const ip_address at = advance(first[random() % std::size(first)], random() % 16);
  return {at, static_cast<std::uint16_t>(1 + random() % 4)};
}

TEST(endpoint_blocks, puts_together_what_follows_and_has_the_same_ports) {
  EXPECT_EQ(texts_of(blocks_of({{address("10.0.0.1"), 80},
                                {address("10.0.0.1"), 443},
                                {address("10.0.0.2"), 80},
                                {address("10.0.0.2"), 443},
                                {address("10.0.0.3"), 80},
                                {address("10.0.0.9"), 80}})),
            (std::vector<std::string>{"10.0.0.1-10.0.0.2:80,443", "10.0.0.3:80", "10.0.0.9:80"}));
  EXPECT_TRUE(blocks_of({}).empty());
}

TEST(endpoint_blocks, has_each_endpoint_once_however_it_was_divided) {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    std::set<endpoint> all;
    const std::size_t count = random() % 60;
    while (all.size() < count) all.insert(random_endpoint(random));
    std::vector<std::set<endpoint>> parts(1 + random() % 5);
    for (const endpoint& at : all) parts[random() % parts.size()].insert(at);
    std::vector<endpoint_block> some;
    for (const std::set<endpoint>& part : parts) {
      const std::vector<endpoint_block> blocks = blocks_of(part);
      ASSERT_EQ(endpoints_in(blocks), part);
      some.insert(some.end(), blocks.begin(), blocks.end());
    }
    std::shuffle(some.begin(), some.end(), random);
    const std::vector<endpoint_block> whole = united(std::move(some));
    ASSERT_EQ(texts_of(whole), texts_of(blocks_of(all)));
    for (int i = 0; i < 20; ++i) {
      const endpoint at = random_endpoint(random);
      ASSERT_EQ(detail::contains(whole, at), all.contains(at));
    }
  }
}

}  // namespace
}  // namespace netscan
