#include "netscan/report/scan_statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "rounds.hpp"

namespace netscan {
namespace {

probe_record answer_after(std::uint32_t rtt_us) {
  probe_record record;
  record.reason = probe_reason::syn_ack;
  record.rtt_us = rtt_us;
  return record;
}

scan_statistics statistics_of(const std::vector<std::uint32_t>& rtts) {
  scan_statistics statistics;
  for (const std::uint32_t rtt : rtts) {
    const probe_record record = answer_after(rtt);
    statistics.add({&record, 1});
  }
  return statistics;
}

TEST(scan_statistics, has_no_times_without_answers) {
  scan_statistics statistics;
  const probe_record silent;
  statistics.add({&silent, 1});
  EXPECT_EQ(statistics.answers(), 0u);
  EXPECT_EQ(statistics.rtt_us(0.5), std::nullopt);
}

TEST(scan_statistics, knows_shortest_and_longest_exactly) {
  const scan_statistics statistics = statistics_of({70'001, 12, 4'294'967'295});
  EXPECT_EQ(statistics.answers(), 3u);
  EXPECT_EQ(statistics.rtt_us(0), 12u);
  EXPECT_EQ(statistics.rtt_us(1), 4'294'967'295u);
}

TEST(scan_statistics, counts_an_answer_within_a_microsecond) {
  EXPECT_EQ(statistics_of({0}).rtt_us(0.5), 0u);
  EXPECT_EQ(statistics_of({0, 0, 0, 9}).rtt_us(0.75), 0u);
}

TEST(scan_statistics, has_quantiles_close_below_those_of_the_sorted_times) {
  std::mt19937 random(4);
  for (unsigned round = 0; round < testing::rounds(200); ++round) {
    const double widest = std::pow(2, 1 + round % 31);
    std::vector<std::uint32_t> rtts(1 + random() % 300);
    for (std::uint32_t& rtt : rtts) {
      rtt = static_cast<std::uint32_t>(std::uniform_real_distribution<double>(0, widest)(random));
    }
    const scan_statistics statistics = statistics_of(rtts);
    std::sort(rtts.begin(), rtts.end());
    for (const double share : {0.01, 0.25, 0.5, 0.9, 0.95, 0.99}) {
      const auto rank =
          static_cast<std::size_t>(std::ceil(share * static_cast<double>(rtts.size())));
      const double truth = rtts[std::max<std::size_t>(rank, 1) - 1];
      const double found = statistics.rtt_us(share).value();
      EXPECT_LE(found, truth);
      EXPECT_GE(found, truth * (1 - 1.0 / 64));
    }
  }
}

TEST(statistics_text, has_a_line_for_each_subject) {
  scan_summary summary;
  summary.planned = 512;
  summary.open = 4;
  summary.closed = 22;
  summary.filtered = 486;
  summary.syns = 938;
  summary.duration_ms = 1120;
  summary.loss_estimate = 0.0384;
  summary.back_pressure = 7;
  const process_usage usage{.cpu_us = 41'000, .most_memory = 12 << 20};
  EXPECT_EQ(statistics_text(statistics_of({61, 140, 290, 3'200}), summary, usage),
            "time      1.12 s, 457 probes/s\n"
            "SYNs      938, 1.83 a probe\n"
            "answers   4; the first half within 140 us, 95 % within 3.2 ms; shortest 61 us, "
            "longest 3.2 ms\n"
            "loss      3.8 % of the TCP answers took a repeated SYN\n"
            "put off   7 attempts, for want of descriptors, ports or memory\n"
            "process   41.0 ms of CPU, 80.1 us a probe; 12.0 MiB of memory\n");
}

TEST(statistics_text, of_a_scan_that_did_not_begin_divides_by_nothing) {
  EXPECT_EQ(statistics_text({}, {}),
            "time      0 us, 0 probes/s\n"
            "SYNs      0, 0.00 a probe\n"
            "answers   none\n"
            "loss      0.0 % of the TCP answers took a repeated SYN\n"
            "put off   0 attempts, for want of descriptors, ports or memory\n");
}

TEST(usage_of_process, grows_with_what_is_used) {
  const process_usage before = usage_of_process();
  std::vector<char> memory(64U << 20, 1);
  volatile std::uint64_t work = 0;
  while (usage_of_process().cpu_us == before.cpu_us) work = work + 1;
  EXPECT_GE(usage_of_process().most_memory, memory.size());
}

}  // namespace
}  // namespace netscan
