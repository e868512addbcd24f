#include "netscan/probe/record.hpp"

#include <gtest/gtest.h>

namespace netscan {
namespace {

TEST(add, sums_the_parts_of_a_scan) {
  scan_summary total{.planned = 10,
                     .open = 1,
                     .closed = 2,
                     .filtered = 3,
                     .error = 4,
                     .syns = 20,
                     .duration_ms = 7,
                     .complete = true};
  add(total, {.planned = 8,
              .open = 1,
              .filtered = 2,
              .error = 1,
              .skipped = 3,
              .not_started = 1,
              .syns = 5,
              .duration_ms = 9});
  EXPECT_EQ(total, (scan_summary{.planned = 18,
                                 .open = 2,
                                 .closed = 2,
                                 .filtered = 5,
                                 .error = 5,
                                 .skipped = 3,
                                 .not_started = 1,
                                 .syns = 25,
                                 .duration_ms = 7,
                                 .complete = false}));
}

TEST(add, weighs_the_loss_by_the_answers) {
  scan_summary total{.open = 1, .closed = 2, .loss_estimate = 0.1};
  add(total, {.open = 1, .filtered = 50, .loss_estimate = 0.5});
  EXPECT_DOUBLE_EQ(total.loss_estimate, (3 * 0.1 + 1 * 0.5) / 4);
  add(total, {.filtered = 50, .loss_estimate = 0});
  EXPECT_DOUBLE_EQ(total.loss_estimate, 0.2);

  scan_summary silent;
  add(silent, {.filtered = 50});
  EXPECT_EQ(silent.loss_estimate, 0);
}

TEST(add_place, adds_what_is_not_there) {
  const source_address eth0{ip_address::v4(1), 24, "eth0"};
  const source_address eth1{ip_address::v4(1), 24, "eth1"};
  scan_header header;
  header.sources = {eth0};
  header.gateways = {ip_address::v4(9)};
  add_place(header, {eth1, eth0, eth1}, {ip_address::v4(8), ip_address::v4(9)});
  EXPECT_EQ(header.sources, (std::vector{eth0, eth1}));
  EXPECT_EQ(header.gateways, (std::vector{ip_address::v4(9), ip_address::v4(8)}));
}

}  // namespace
}  // namespace netscan
