#include "netscan/probe/packed_record.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <limits>
#include <random>

namespace netscan {
namespace {

ip_address random_address(std::mt19937_64& random) {
  switch (random() % 4) {
    case 0:
      return ip_address::v6(random(), random());
    case 1:
      return ip_address::v6(0xfe80ULL << 48, random(), 1);  // lo, which every host has
    default:
      return ip_address::v4(static_cast<std::uint32_t>(random()));
  }
}

probe_record random_record(std::mt19937_64& random) {
  probe_record r;
  r.ip = random_address(random);
  r.port = static_cast<std::uint16_t>(random());
  r.reason = static_cast<probe_reason>(random() %
                                       (static_cast<std::uint64_t>(probe_reason::local_error) + 1));
  r.attempts = static_cast<std::uint16_t>(random());
  if (random() % 2 == 0) {
    r.icmp = icmp_evidence{static_cast<std::uint8_t>(random()), static_cast<std::uint8_t>(random()),
                           random_address(random)};
  }
  if (random() % 2 == 0) r.rtt_us = static_cast<std::uint32_t>(random());
  if (random() % 2 == 0) r.local_errno = static_cast<std::int32_t>(random());
  r.time = timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(random())));
  return r;
}

TEST(packed_record, is_the_record_again) {
  std::mt19937_64 random(1);
  std::string bytes;
  std::vector<probe_record> records;
  for (int i = 0; i < 10'000; ++i) {
    records.push_back(random_record(random));
    append_packed(bytes, records.back());
  }
  std::string_view rest = bytes;
  for (const probe_record& record : records) ASSERT_EQ(take_packed(rest), record);
  EXPECT_TRUE(rest.empty());
}

TEST(packed_record, is_small) {
  probe_record record;
  record.ip = ip_address::v4(0x0a000001);
  std::string bytes;
  append_packed(bytes, record);
  EXPECT_EQ(bytes.size(), 19u);
  record.rtt_us = 400;
  record.icmp = icmp_evidence{3, 13, ip_address::v4(0x0a000002)};
  bytes.clear();
  append_packed(bytes, record);
  EXPECT_EQ(bytes.size(), 30u);
}

TEST(packed_record, has_a_form_that_stays_what_it_is) {
  // A journal is read by later versions.
  probe_record record;
  record.ip = ip_address::v4(0x0a000102);
  record.port = 443;
  record.reason = probe_reason::admin_prohibited;
  record.attempts = 2;
  record.rtt_us = 0x01020304;
  record.icmp = icmp_evidence{3, 13, ip_address::v6(0xfd00ULL << 48, 1)};
  record.time = timestamp(std::chrono::milliseconds(0x0102030405));
  std::string bytes;
  append_packed(bytes, record);
  const unsigned char expected[] = {17, 3, 0xbb, 1, 2,  0,    5, 4, 3, 2, 1,  0, 0, 0,
                                    4,  2, 1,    0, 10, 4,    3, 2, 1, 3, 13, 6, 0, 0,
                                    0,  0, 0,    0, 0,  0xfd, 1, 0, 0, 0, 0,  0, 0, 0};
  EXPECT_EQ(bytes, std::string(std::begin(expected), std::end(expected)));
  EXPECT_EQ(static_cast<int>(probe_reason::local_error), 26);
}

TEST(packed_record, that_is_cut_off_is_none) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 500; ++i) {
    std::string bytes;
    append_packed(bytes, random_record(random));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const std::string_view cut = std::string_view(bytes).substr(0, size);
      std::string_view rest = cut;
      ASSERT_EQ(take_packed(rest), std::nullopt);
      ASSERT_EQ(rest.size(), size) << "something was taken";
    }
  }
}

TEST(packed_record, of_an_unknown_reason_member_or_link_is_none) {
  probe_record record;
  record.ip = ip_address::v6(0xfe80ULL << 48, 1, 1);
  std::string good;
  append_packed(good, record);
  ASSERT_NE(good.find("%lo"), good.npos);
  const auto is_none = [](std::string bytes) {
    std::string_view rest = bytes;
    return !take_packed(rest);
  };
  EXPECT_FALSE(is_none(good));
  std::string bytes = good;
  bytes[0] = 27;
  EXPECT_TRUE(is_none(bytes));
  bytes = good;
  bytes[1] = 8;
  EXPECT_TRUE(is_none(bytes));
  bytes = good;
  bytes[14] = 5;
  EXPECT_TRUE(is_none(bytes));
  bytes = good;
  bytes.replace(bytes.find("%lo"), 3, "%xy");
  EXPECT_TRUE(is_none(bytes));
}

TEST(packed_record, of_any_bytes_is_a_record_or_none) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 100'000; ++i) {
    std::string bytes(random() % 80, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    if (!bytes.empty()) bytes[0] = static_cast<char>(random() % 28);
    if (bytes.size() > 1) bytes[1] = static_cast<char>(random() % 9);
    std::string_view rest = bytes;
    const auto record = take_packed(rest);
    if (!record) continue;
    std::string again;
    append_packed(again, *record);
    std::string_view rest_again = again;
    ASSERT_EQ(take_packed(rest_again), record);
  }
}

}  // namespace
}  // namespace netscan
