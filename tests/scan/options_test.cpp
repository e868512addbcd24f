#include "netscan/scan/options.hpp"

#include <gtest/gtest.h>

#include "netscan/target/status.hpp"

namespace netscan {
namespace {

using namespace std::chrono_literals;

std::string refusal(const scan_options& options) {
  return std::string(message_of(validate(options)));
}

TEST(scan_options, say_what_is_out_of_range) {
  EXPECT_TRUE(validate({}).ok());
  EXPECT_TRUE(validate({.timeout = 1ms, .retries = 0, .concurrency = 1, .threads = 1}).ok());
  EXPECT_TRUE(
      validate({.timeout = 10min, .retries = 100, .concurrency = 1'000'000, .threads = 256}).ok());
  EXPECT_EQ(refusal({.timeout = 0ms}), "timeout 0 ms is out of range: 1 ms to 10 minutes");
  EXPECT_EQ(refusal({.timeout = 600001ms}),
            "timeout 600001 ms is out of range: 1 ms to 10 minutes");
  EXPECT_EQ(refusal({.retries = 101}), "101 retries are out of range: 0 to 100");
  EXPECT_EQ(refusal({.concurrency = 1'000'001}),
            "concurrency 1000001 is out of range: 1 to 1000000");
  EXPECT_EQ(refusal({.threads = 257}), "257 threads are out of range: 1 to 256");
}

TEST(timing, has_words_that_are_read_back) {
  for (const timing value : {timing::fast, timing::standard, timing::thorough}) {
    EXPECT_EQ(parse_timing(to_string(value)), value);
  }
  EXPECT_EQ(to_string(timing::standard), "default");
  EXPECT_EQ(parse_timing("standard"), std::nullopt);
  EXPECT_EQ(parse_timing(""), std::nullopt);
}

}  // namespace
}  // namespace netscan
