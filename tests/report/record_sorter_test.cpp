#include "record_sorter.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <random>

#include "report_support.hpp"
#include "temporary_folder.hpp"

namespace netscan {
namespace {

using detail::is_better;
using detail::record_sorter;

/// A record of one of a few probes, so that many are of the same.
probe_record record_of_few(std::mt19937_64& random) {
  probe_record record = testing::random_record(random);
  record.ip = random() % 2 == 0
                  ? ip_address::v4(static_cast<std::uint32_t>(random() % 7))
                  : ip_address::v6(0xfe80ULL << 48, random() % 5, random() % 2 == 0 ? 0 : 1);
  record.port = static_cast<std::uint16_t>(1 + random() % 5);
  record.time = timestamp(std::chrono::milliseconds(random() % 3));
  return record;
}

std::vector<probe_record> sorted(record_sorter& sorter) {
  std::vector<probe_record> all;
  const auto error = sorter.hand_out([&](std::span<const probe_record> records) {
    EXPECT_FALSE(records.empty());
    all.insert(all.end(), records.begin(), records.end());
    return boost::system::error_code();
  });
  EXPECT_FALSE(error) << error.message();
  return all;
}

probe_record with(probe_reason reason, int time) {
  probe_record record;
  record.reason = reason;
  record.time = timestamp(std::chrono::milliseconds(time));
  return record;
}

TEST(is_better, prefers_an_answer_to_silence_and_silence_to_an_error) {
  const auto open = with(probe_reason::syn_ack, 1);
  const auto rejected = with(probe_reason::admin_prohibited, 1);
  const auto silent = with(probe_reason::no_response, 9);
  const auto failed = with(probe_reason::local_error, 99);
  EXPECT_TRUE(is_better(open, silent));
  EXPECT_FALSE(is_better(silent, open));
  EXPECT_TRUE(is_better(rejected, silent));
  EXPECT_TRUE(is_better(silent, failed));
  EXPECT_TRUE(is_better(open, failed));
  EXPECT_FALSE(is_better(failed, silent));
}

TEST(is_better, prefers_the_later_of_two_of_a_kind) {
  EXPECT_TRUE(is_better(with(probe_reason::conn_refused, 2), with(probe_reason::syn_ack, 1)));
  EXPECT_TRUE(is_better(with(probe_reason::syn_ack, 2), with(probe_reason::conn_refused, 1)));
  EXPECT_TRUE(is_better(with(probe_reason::no_response, 2), with(probe_reason::no_response, 1)));
}

TEST(is_better, is_an_order) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 20'000; ++i) {
    const probe_record a = record_of_few(random);
    probe_record b = record_of_few(random);
    b.ip = a.ip;
    b.port = a.port;
    EXPECT_FALSE(is_better(a, a));
    ASSERT_EQ(is_better(a, b), a != b && !is_better(b, a));
  }
}

TEST(record_sorter, keeps_the_best_of_each_probe_in_order_whatever_fits_in_memory) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 200; ++round) {
    std::vector<probe_record> records(random() % 300);
    std::map<std::pair<ip_address, std::uint16_t>, probe_record> best;
    for (probe_record& record : records) {
      record = record_of_few(random);
      const auto [kept, is_new] = best.try_emplace({record.ip, record.port}, record);
      if (!is_new && is_better(record, kept->second)) kept->second = record;
    }
    std::vector<probe_record> expected;
    for (const auto& [probe, record] : best) expected.push_back(record);

    record_sorter sorter(1 + random() % 400);
    for (const probe_record& record : records) ASSERT_FALSE(sorter.add(record));
    ASSERT_EQ(sorted(sorter), expected);
  }
}

TEST(record_sorter, sorts_more_than_a_batch_and_a_read) {
  std::mt19937_64 random(5);
  std::vector<probe_record> records;
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    records.push_back(testing::random_record(random));
    records.back().ip = ip_address::v4(i);
  }
  const std::vector<probe_record> expected = records;
  std::shuffle(records.begin(), records.end(), random);
  record_sorter sorter(30'000);
  for (const probe_record& record : records) ASSERT_FALSE(sorter.add(record));
  EXPECT_EQ(sorted(sorter), expected);
}

TEST(record_sorter, stops_with_the_sinks_error) {
  for (const std::size_t in_memory : {10U, 10'000U}) {
    record_sorter sorter(in_memory);
    std::mt19937_64 random(6);
    for (int i = 0; i < 5000; ++i) ASSERT_FALSE(sorter.add(testing::random_record(random)));
    int calls = 0;
    const auto error = sorter.hand_out([&](std::span<const probe_record>) {
      ++calls;
      return boost::system::error_code(ENOSPC, boost::system::system_category());
    });
    EXPECT_EQ(error.value(), ENOSPC);
    EXPECT_EQ(calls, 1);
  }
}

TEST(record_sorter, leaves_nothing_behind_and_says_when_there_is_no_place) {
  const testing::temporary_folder folder;
  ::setenv("TMPDIR", (folder / ".").c_str(), 1);
  record_sorter sorter(1);
  EXPECT_FALSE(sorter.add(probe_record{}));
  EXPECT_TRUE(std::filesystem::is_empty(folder / "."));
  ::setenv("TMPDIR", (folder / "none").c_str(), 1);
  record_sorter without_place(1);
  EXPECT_EQ(without_place.add(probe_record{}).value(), ENOENT);
  ::unsetenv("TMPDIR");
}

}  // namespace
}  // namespace netscan
