#include "report/yaml_text.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

namespace netscan::detail {
namespace {

TEST(a_yaml_scalar, is_plain_where_every_reader_takes_it_for_a_string) {
  for (const char* plain :
       {"default", "metallb-system", "a.b", "e3", "truer", "10.0.0.232/32", "10.0.0.1-10.0.0.5",
        "fd00::1/128", "fd00::1-fd00::5", "externalIP", "10.0.0.232", "a_b"}) {
    EXPECT_EQ(yaml_scalar(plain), plain);
  }
}

TEST(a_yaml_scalar, is_quoted_where_some_reader_would_take_it_for_something_else) {
  for (const std::string text :
       {"true", "no",  "on",   "y",          "null",   "1",       "1e3",
        "0x1f", "1.5", "1_0",  "2026-01-05", "::/128", "::1/128", "fd00::1-fe00::",
        "True", "NO",  "Null", "",           "...",    "fd00::1", "a b",
        "a: b", "-",   "<<",   "*a",         "ä"}) {
    EXPECT_EQ(yaml_scalar(text), '"' + text + '"');
  }
}

TEST(a_yaml_scalar, is_read_back_as_the_text_it_was) {
  for (const char* text :
       {"default", "true", "1e3", "::1/128", "::1-::5", "fd00::1-fe00::", "10.0.0.1-10.0.0.5",
        "fd00::/64", "", "...", "a \"b\" \\c", "it's", " a ", "# a", "a: b", "ä"}) {
    const YAML::Node list = YAML::Load("- " + yaml_scalar(text) + "\n- after\n");
    ASSERT_EQ(list.size(), 2u);
    EXPECT_EQ(list[0].as<std::string>(), text);
  }
}

TEST(a_yaml_scalar, in_quotes_is_read_back_as_the_text_it_was) {
  for (const char quote : {'\'', '"'}) {
    for (const char* text : {"", "a", "it's", "''", "a \"b\"", "\\n", "#", "a: b"}) {
      EXPECT_EQ(YAML::Load(yaml_quoted(text, quote)).as<std::string>(), text);
    }
  }
}

TEST(a_yaml_comment, stays_on_its_line_whatever_is_in_it) {
  EXPECT_EQ(yaml_comment("a\n- evil: 1\r\t\x7f"), "a\\x0a- evil: 1\\x0d\\x09\\x7f");
  EXPECT_EQ(yaml_comment("\xc2\x85 \xe2\x80\xa8"), "\\xc2\\x85 \\xe2\\x80\\xa8");
  EXPECT_EQ(yaml_comment(std::string_view("\0", 1)), "\\x00");
}

}  // namespace
}  // namespace netscan::detail
