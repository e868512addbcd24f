#include "kubernetes_name.hpp"

#include <gtest/gtest.h>

#include <string>

#include "netscan/target/status.hpp"

namespace netscan::detail {
namespace {

bool subdomain(std::string_view text) {
  return check_dns1123_subdomain("name", text).ok();
}
bool label(std::string_view text) {
  return check_dns1123_label("namespace", text).ok();
}

TEST(a_subdomain, is_lower_case_labels_joined_by_dots) {
  for (const char* good : {"default", "a", "0", "a-b", "a.b-c.3", "1.2", "a--b"}) {
    EXPECT_TRUE(subdomain(good)) << good;
  }
  for (const char* bad : {"", "Default", "a_b", "-a", "a-", ".a", "a.", "a..b", "a.-b", "a b", "ä",
                          "a\n", "a: b", "a/b"}) {
    EXPECT_FALSE(subdomain(bad)) << bad;
  }
}

TEST(a_subdomain, has_at_most_253_characters_and_no_limit_for_a_part) {
  EXPECT_TRUE(subdomain(std::string(253, 'a')));
  EXPECT_FALSE(subdomain(std::string(254, 'a')));
}

TEST(a_label, is_one_part_of_at_most_63_characters) {
  EXPECT_TRUE(label("metallb-system"));
  EXPECT_TRUE(label(std::string(63, 'a')));
  EXPECT_FALSE(label(std::string(64, 'a')));
  for (const char* bad : {"", "a.b", "A", "-a", "a-"}) EXPECT_FALSE(label(bad)) << bad;
}

TEST(a_bad_name, is_named_with_the_rule) {
  EXPECT_EQ(
      message_of(check_dns1123_subdomain("pool name", "My_Pool")),
      "bad pool name 'My_Pool': it must be a DNS-1123 subdomain, at most 253 of a-z, 0-9, '-' "
      "and '.', with a letter or digit at both ends of each part");
  EXPECT_EQ(
      message_of(check_dns1123_label("namespace", "a.b")),
      "bad namespace 'a.b': it must be a DNS-1123 label, at most 63 of a-z, 0-9 and '-', with "
      "a letter or digit at both ends");
}

}  // namespace
}  // namespace netscan::detail
