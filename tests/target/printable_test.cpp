#include "netscan/target/printable.hpp"

#include <gtest/gtest.h>

#include <random>

#include "netscan/target/status.hpp"

namespace netscan {
namespace {

TEST(printable, leaves_readable_text_as_it_is) {
  for (const char* text : {"", "10.0.0.1", "Köln €5 😀", "a\\x1b", "tilde~"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(printable, escapes_what_a_terminal_may_take_for_a_command) {
  EXPECT_EQ(printable("\x1b[31mred\x1b[0m\a\r\n\t\x7f"),
            "\\x1b[31mred\\x1b[0m\\x07\\x0d\\x0a\\x09\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\xc2\\x9b31m");  // the 8-bit CSI, as UTF-8
  EXPECT_EQ(printable("\x9b"
                      "31m"),
            "\\x9b31m");  // and alone
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(printable, escapes_what_is_no_utf8) {
  // Overlong, surrogate, beyond the last code point, cut off.
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
  EXPECT_EQ(printable("\xe2\x82"), "\\xe2\\x82");
}

TEST(printable, cuts_long_text_between_characters) {
  EXPECT_EQ(printable("abcdef", 3), "abc...");
  EXPECT_EQ(printable("abc", 3), "abc");
  EXPECT_EQ(printable("ab€", 3), "ab...");
}

/// The UTF-8 of a code point, by the table of RFC 3629 section 3.
std::string utf8(std::uint32_t code) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  const auto next = [&](int shift) { return byte(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xc0 | code >> 6), next(0)};
  if (code < 0x10000) return {byte(0xe0 | code >> 12), next(6), next(0)};
  return {byte(0xf0 | code >> 18), next(12), next(6), next(0)};
}

TEST(printable, goes_by_the_kind_of_each_code_point) {
  for (std::uint32_t code = 0; code < 0x110000 + 0x1000; ++code) {
    const std::string text = utf8(code);
    const bool is_character = code < 0x110000 && (code < 0xd800 || code > 0xdfff);
    const bool is_control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    ASSERT_EQ(utf8_sequence_length(text), is_character ? text.size() : 0u) << code;
    ASSERT_EQ(printable(text) == text, is_character && !is_control) << code;
  }
}

TEST(printable, makes_of_any_bytes_a_text_that_it_leaves_as_it_is) {
  std::mt19937_64 random(16);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 12, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const std::string text = printable(bytes);
    ASSERT_EQ(printable(text), text);
    for (const char c : text) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    const std::size_t most = random() % 12;
    ASSERT_LE(printable(bytes, most).size(), most + 3 + 3);
  }
}

TEST(invalid_argument, is_printable_and_of_bounded_length) {
  const absl::Status status = invalid_argument("bad '{}'", std::string(5000, 'x') + "\x1b");
  EXPECT_LE(message_of(status).size(), 1100u);
  EXPECT_EQ(message_of(invalid_argument("bad '{}'", "\x1b")), "bad '\\x1b'");
}

}  // namespace
}  // namespace netscan
