#include "netscan/target/printable.hpp"

#include <gtest/gtest.h>

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

TEST(invalid_argument, is_printable_and_of_bounded_length) {
  const absl::Status status = invalid_argument("bad '{}'", std::string(5000, 'x') + "\x1b");
  EXPECT_LE(message_of(status).size(), 1100u);
  EXPECT_EQ(message_of(invalid_argument("bad '{}'", "\x1b")), "bad '\\x1b'");
}

}  // namespace
}  // namespace netscan
