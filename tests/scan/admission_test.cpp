#include "admission.hpp"

#include <gtest/gtest.h>

namespace netscan {
namespace {

using namespace std::chrono_literals;
using detail::admission;
using verdict = detail::admission::verdict;

ip_address address(const char* text) {
  return *parse_ip_address(text);
}

TEST(admission, lets_everybody_through_without_limits) {
  admission gate({}, 100);
  for (int i = 0; i < 1000; ++i) gate.asked(address("10.0.0.1"), 0s);
  EXPECT_EQ(gate.may_ask(address("10.0.0.1"), 0s), verdict::yes);
}

TEST(admission, limits_an_address_and_not_its_neighbour) {
  admission gate({.per_address = 2}, 100);
  gate.asked(address("10.0.0.1"), 0s);
  EXPECT_EQ(gate.may_ask(address("10.0.0.1"), 0s), verdict::yes);
  gate.asked(address("10.0.0.1"), 0s);
  EXPECT_EQ(gate.may_ask(address("10.0.0.1"), 0s), verdict::too_many_in_flight);
  EXPECT_EQ(gate.may_ask(address("10.0.0.2"), 0s), verdict::yes);
  gate.ended(address("10.0.0.1"));
  EXPECT_EQ(gate.may_ask(address("10.0.0.1"), 0s), verdict::yes);
}

TEST(admission, takes_a_24_or_a_64_for_a_network) {
  admission gate({.per_network = 1}, 100);
  gate.asked(address("10.0.0.1"), 0s);
  EXPECT_EQ(gate.may_ask(address("10.0.0.200"), 0s), verdict::too_many_in_flight);
  EXPECT_EQ(gate.may_ask(address("10.0.1.1"), 0s), verdict::yes);
  gate.asked(address("fd00:10::1"), 0s);
  EXPECT_EQ(gate.may_ask(address("fd00:10::ffff:0:0:1"), 0s), verdict::too_many_in_flight);
  EXPECT_EQ(gate.may_ask(address("fd00:10:0:1::1"), 0s), verdict::yes);
}

TEST(admission, waits_until_the_kernel_has_given_up_on_silent_neighbours) {
  admission gate({.on_link = address_set::of({*parse_cidr("10.0.0.0/24")}), .unresolved = 2}, 100);
  gate.asked(address("10.0.0.1"), 0s);
  gate.asked(address("10.0.0.2"), 1s);
  EXPECT_EQ(gate.may_ask(address("10.0.0.3"), 2s), verdict::too_many_unresolved);
  EXPECT_EQ(gate.may_ask(address("10.0.0.1"), 2s), verdict::yes) << "it is being looked for anyway";
  EXPECT_EQ(gate.may_ask(address("10.1.0.1"), 2s), verdict::yes) << "it is behind a router";
  EXPECT_EQ(gate.next_resolution(), 3100ms);
  EXPECT_EQ(gate.may_ask(address("10.0.0.3"), 3100ms), verdict::yes);
}

TEST(admission, need_not_look_for_a_neighbour_that_has_answered) {
  admission gate({.on_link = address_set::of({*parse_cidr("10.0.0.0/24")}), .unresolved = 1}, 100);
  gate.asked(address("10.0.0.1"), 0s);
  EXPECT_EQ(gate.may_ask(address("10.0.0.2"), 1s), verdict::too_many_unresolved);
  gate.resolved(address("10.0.0.1"), true, 1s);
  gate.resolved(address("10.0.0.1"), true, 1s);  // its second port
  gate.asked(address("10.0.0.2"), 1s);
  EXPECT_EQ(gate.may_ask(address("10.0.0.3"), 1s), verdict::too_many_unresolved);
  EXPECT_EQ(gate.may_ask(address("10.0.0.1"), 10s), verdict::yes);
}

}  // namespace
}  // namespace netscan
