#include "netscan/target/target_list.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "netscan/target/status.hpp"

namespace netscan {
namespace {

using texts = std::vector<std::string>;

std::string ranges_of(const texts& targets) {
  const auto list = parse_targets(targets);
  if (!list.ok()) return "error: " + std::string(message_of(list.status()));
  std::string text;
  for (const address_range& range : list->addresses.ranges()) {
    if (!text.empty()) text += ' ';
    text += to_string(range);
  }
  return text;
}

/// A file with this content while it lives.
class temporary_file {
 public:
  explicit temporary_file(const std::string& content) {
    const int fd = ::mkstemp(path_.data());
    EXPECT_EQ(::write(fd, content.data(), content.size()), static_cast<ssize_t>(content.size()));
    ::close(fd);
  }
  ~temporary_file() { ::unlink(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/netscan-targets-XXXXXX";
};

TEST(parse_targets, reads_what_is_documented) {
  EXPECT_EQ(ranges_of({"10.0.0.5"}), "10.0.0.5");
  EXPECT_EQ(ranges_of({"10.0.0.0/24"}), "10.0.0.0/24");
  EXPECT_EQ(ranges_of({"10.0.0.5-10.0.0.20"}), "10.0.0.5-10.0.0.20");
  EXPECT_EQ(ranges_of({"10.0.0.5-20"}), "10.0.0.5-10.0.0.20");
  EXPECT_EQ(ranges_of({"10.0.0.1,3,5-6"}), "10.0.0.1 10.0.0.3 10.0.0.5-10.0.0.6");
  EXPECT_EQ(ranges_of({"10.0.1-3.1,5"}), "10.0.1.1 10.0.1.5 10.0.2.1 10.0.2.5 10.0.3.1 10.0.3.5");
  EXPECT_EQ(ranges_of({"10.0.0-255.0-255"}), "10.0.0.0/16");
  EXPECT_EQ(ranges_of({"fd00::1", "[fd00::2]", "fd00::10-fd00::1f", "fd00:1::/64"}),
            "fd00::1-fd00::2 fd00::10/124 fd00:1::/64");
  EXPECT_EQ(ranges_of({"fe80::1%lo"}), "fe80::1%lo");
  EXPECT_EQ(ranges_of({"10.0.0.0/25", "10.0.0.128/25", "10.0.0.7"}), "10.0.0.0/24");
}

TEST(parse_targets, collects_names_once_and_in_lower_case) {
  const auto list =
      parse_targets(texts{"GitLab.example", "10.0.0.1", "gitlab.example", "host-1", "_x.y."});
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->names, (texts{"gitlab.example", "host-1", "_x.y."}));
  EXPECT_EQ(list->expressions, (texts{"gitlab.example", "10.0.0.1", "host-1", "_x.y."}));
}

TEST(parse_targets, says_what_it_took_differently) {
  auto list = parse_targets(texts{"10.0.0.5/24"});
  ASSERT_EQ(list->notices.size(), 1u);
  EXPECT_EQ(list->notices[0], "'10.0.0.5/24' has host bits set; taken as 10.0.0.0/24");
  EXPECT_EQ(list->expressions, texts{"10.0.0.0/24"});
  list = parse_targets(texts{"0.0.0.0/0"});
  ASSERT_EQ(list->notices.size(), 1u);
  EXPECT_EQ(ranges_of({"0.0.0.0/0"}), "1.0.0.0-223.255.255.255 240.0.0.0-255.255.255.254");
  EXPECT_TRUE(parse_targets(texts{"10.0.0.0/24"})->notices.empty());
}

TEST(parse_targets, keeps_a_range_a_range) {
  // A block says where a network begins and ends; a range that could be one does not.
  EXPECT_EQ(parse_targets(texts{"10.0.0.4-7"})->expressions, texts{"10.0.0.4-10.0.0.7"});
}

TEST(parse_targets, reads_files) {
  const temporary_file file(
      "# hosts\n10.0.0.1 10.0.0.2\r\n\n  10.0.0.16/28   # a block\ngitlab.example");
  EXPECT_EQ(ranges_of({"@" + file.path()}), "10.0.0.1-10.0.0.2 10.0.0.16/28");
  const temporary_file wrong("10.0.0.1\n10.0.0.2 10.0.0.999\n");
  EXPECT_EQ(ranges_of({"@" + wrong.path()})
                .find("error: " + wrong.path() + ":2: bad target '10.0.0.999'"),
            0u);
  const temporary_file nested("@" + file.path() + "\n");
  EXPECT_NE(ranges_of({"@" + nested.path()}).find(":1: bad target '@"), std::string::npos);
  const temporary_file empty("# nothing\n");
  EXPECT_NE(ranges_of({"@" + empty.path()}).find("error: no targets"), std::string::npos);
  EXPECT_NE(ranges_of({"@/no/such/file"}).find("cannot read target file '/no/such/file'"),
            std::string::npos);
  EXPECT_NE(ranges_of({"@/tmp"}).find("'/tmp'"), std::string::npos);
}

TEST(parse_targets, names_what_is_wrong) {
  for (const char* text : {"10.0.0.256",
                           "10.0.0.0/33",
                           "10.0.0",
                           "10.0.0.1-",
                           "10.0.0.9-5",
                           "10.0.0.1,",
                           "1.2.3.4.5",
                           "010.0.0.1",
                           "10.0.0.1-10.0.0.0",
                           "fd00::1-10.0.0.1",
                           "fd00::/129",
                           "a b",
                           "-x",
                           "x-",
                           "a..b",
                           "",
                           "0.0.0.0",
                           "224.0.0.1",
                           "255.255.255.255",
                           "::",
                           "ff02::1",
                           "::ffff:10.0.0.1",
                           "fe80::1",
                           "fe80::/64",
                           "224.0.0.0/8",
                           "10.0.0.1\x1b[31m",
                           "1-255.1-255.1-255.1-255,1,2"}) {
    const auto list = parse_targets(texts{"10.0.0.1", text});
    ASSERT_FALSE(list.ok()) << text;
    EXPECT_EQ(list.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(std::string(message_of(list.status())).find("bad target '"), 0u)
        << message_of(list.status());
  }
  EXPECT_EQ(ranges_of({}).find("error: no targets"), 0u);
}

TEST(parse_targets, shows_no_control_characters_of_its_input) {
  for (const std::string text : {"10.0.0.1\x1b[31m", "\a/8", "x\ny", "\xff\xfe", "fd00::\r1"}) {
    const auto list = parse_targets(texts{text});
    ASSERT_FALSE(list.ok());
    for (const char c : message_of(list.status())) {
      EXPECT_GE(static_cast<unsigned char>(c), 0x20) << message_of(list.status());
      EXPECT_LT(static_cast<unsigned char>(c), 0x7f) << message_of(list.status());
    }
  }
}

TEST(parse_targets, takes_garbage_of_any_size) {
  EXPECT_FALSE(parse_targets(texts{std::string(10'000'000, '1')}).ok());
  EXPECT_FALSE(parse_targets(texts{std::string(10'000'000, '.')}).ok());
  EXPECT_FALSE(parse_targets(texts{"1." + std::string(1'000'000, ',')}).ok());
}

}  // namespace
}  // namespace netscan
