#include "netscan/target/target_list.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <set>

#include "netscan/target/status.hpp"
#include "rounds.hpp"

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

TEST(parse_targets, takes_octets_as_the_product_of_their_lists) {
  std::mt19937_64 random(17);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::set<unsigned>> octets(4);
    std::string text;
    for (std::size_t i = 0; i < 4; ++i) {
      if (i > 0) text += '.';
      for (auto count = 1 + random() % 3; count > 0; --count) {
        unsigned first = static_cast<unsigned>(random() % 4 == 0 ? 255 : 1 + random() % 220);
        const unsigned last = std::min(255u, first + static_cast<unsigned>(random() % 4));
        if (i == 0) first = std::min(first, 223u);
        if (i == 0 && last > 223) continue;
        if (text.size() > 0 && text.back() != '.') text += ',';
        text += last == first && random() % 2 == 0
                    ? std::to_string(first)
                    : std::to_string(first) + '-' + std::to_string(last);
        for (unsigned octet = first; octet <= last; ++octet) octets[i].insert(octet);
      }
      if (octets[i].empty()) {
        octets[i] = {10};
        text += "10";
      }
    }
    std::set<ip_address> truth;
    for (const unsigned a : octets[0]) {
      for (const unsigned b : octets[1]) {
        for (const unsigned c : octets[2]) {
          for (const unsigned d : octets[3]) {
            truth.insert(ip_address::v4(a << 24 | b << 16 | c << 8 | d));
          }
        }
      }
    }
    const auto list = parse_targets(texts{text});
    ASSERT_TRUE(list.ok()) << text << list.status();
    ASSERT_EQ(list->addresses.size(), truth.size()) << text;
    std::uint64_t index = 0;
    for (const ip_address& address : truth) ASSERT_EQ(list->addresses.at(index++), address) << text;
  }
}

TEST(parse_targets, leaves_out_of_a_large_block_what_cannot_be_connected_to) {
  // Each range around whatever is left out, and what stays of it.
  const char* const cases[][2] = {
      {"0.0.0.0/0", "1.0.0.0-223.255.255.255 240.0.0.0-255.255.255.254"},
      {"223.255.255.255-224.0.0.1", "223.255.255.255"},
      {"239.255.255.255-240.0.0.0", "240.0.0.0"},
      {"255.255.255.254/31", "255.255.255.254"},
      {"0-1.0.0.0", "1.0.0.0"},
      {"::/127", "::1"},
      {"::fffe:ffff:ffff-::1:0:0:0", "::fffe:ffff:ffff ::1:0:0:0"},
      {"::/0",
       "::1-::fffe:ffff:ffff ::1:0:0:0-fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
       "fec0::/10"},
      {"fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff-fe80::5",
       "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
      {"fe80::/9", "fec0::/10"},
      {"feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff-ff00::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
      {"fe80::%lo/10", "fe80::%lo/10"},
      {"::%lo/127", "::1%lo"},
      {"fe00::%lo/7", "fe00::%lo/8"},
  };
  for (const auto& [text, left] : cases) {
    EXPECT_EQ(ranges_of({text}), left) << text;
    const auto list = parse_targets(texts{text});
    ASSERT_TRUE(list.ok()) << text;
    const bool nothing_left_out = std::string_view(text) == "fe80::%lo/10";
    ASSERT_EQ(list->notices.size(), nothing_left_out ? 0u : 1u) << text;
    if (!nothing_left_out) {
      EXPECT_EQ(list->notices[0].find('\'' + std::string(text) + "' contains addresses"), 0u);
    }
    for (const address_range& range : list->addresses.ranges()) {
      EXPECT_FALSE(why_not_probeable(range.first).has_value()) << to_string(range);
      EXPECT_FALSE(why_not_probeable(range.last).has_value()) << to_string(range);
    }
  }
  for (const char* text : {"ff02::%lo/16", "::ffff:0:0%lo/96", "224.0.0.0-239.255.255.255",
                           "0.0.0.0/8", "fe80::1-fe80::5"}) {
    EXPECT_FALSE(parse_targets(texts{text}).ok()) << text;
  }
}

TEST(parse_targets, takes_no_name_that_a_resolver_reads_as_a_number) {
  // inet_aton(3), and so getaddrinfo(3), would make addresses of these.
  for (const char* text : {"0x7f.0.0.1", "0x7f000001", "0X7F000001", "10.0.0.0x5", "1.2.3.0x",
                           "node.7", "127.1", "2130706433", "node.7."}) {
    EXPECT_EQ(ranges_of({text}).find("error: bad target '"), 0u) << text;
  }
  for (const char* text : {"0xyz", "7up", "node7", "7.node", "0x7f.example", "1e100.net"}) {
    const auto list = parse_targets(texts{text});
    ASSERT_TRUE(list.ok()) << text;
    EXPECT_EQ(list->names, texts{text});
  }
}

TEST(parse_targets, takes_names_up_to_their_greatest_length) {
  const std::string label(63, 'a');
  const std::string longest = label + '.' + label + '.' + label + '.' + label.substr(2);
  ASSERT_EQ(longest.size(), 253u);  // RFC 1035 2.3.4, less the length byte and the root
  EXPECT_TRUE(parse_targets(texts{longest}).ok());
  EXPECT_TRUE(parse_targets(texts{longest + '.'}).ok());
  EXPECT_FALSE(parse_targets(texts{'a' + longest}).ok());
  EXPECT_FALSE(parse_targets(texts{longest + 'a'}).ok());
  EXPECT_FALSE(parse_targets(texts{label + "a.example"}).ok());
}

TEST(parse_targets, collects_many_names_without_comparing_each_to_all) {
  constexpr unsigned names = testing::rounds(50'000);
  std::string content;
  for (unsigned i = 0; i < 2 * names; ++i) {
    content += "node-" + std::to_string(i % names) + ".example\n";
  }
  const temporary_file file(content);
  const auto list = parse_targets(texts{"@" + file.path()});
  ASSERT_TRUE(list.ok());
  ASSERT_EQ(list->names.size(), names);
  EXPECT_EQ(list->names[0], "node-0.example");
  EXPECT_EQ(list->names[names - 1], "node-" + std::to_string(names - 1) + ".example");
  EXPECT_EQ(list->expressions, list->names);
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
  EXPECT_EQ(ranges_of({"@/tmp"}), "error: cannot read target file '/tmp': Is a directory");
  EXPECT_EQ(ranges_of({"@@x"}), "error: cannot read target file '@x': No such file or directory");
  EXPECT_EQ(parse_targets(texts{"@/no/such/file"}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ranges_of({"@"}).find("error: bad target '@': "), 0u);
  EXPECT_EQ(ranges_of({"@" + file.path() + std::string("\0x", 2)}).find("error: bad target '@"),
            0u);
}

TEST(parse_targets, needs_a_target_in_all_files_together_and_not_in_each) {
  const temporary_file empty("");
  EXPECT_EQ(ranges_of({"@" + empty.path(), "10.0.0.1"}), "10.0.0.1");
  EXPECT_NE(ranges_of({"@" + empty.path(), "@" + empty.path()}).find("error: no targets"),
            std::string::npos);
}

TEST(parse_targets, names_the_line_of_a_file_that_is_wrong) {
  for (const std::size_t line : {1u, 2u, 1000u}) {
    for (const std::string ending : {"\n", "\r\n"}) {
      std::string content;
      for (std::size_t i = 1; i < line; ++i)
        content += (i % 2 == 0 ? "# note" : "10.0.0.1") + ending;
      const temporary_file file(content + "10.0.0.1 oops! # 10.0.0.999" + ending + "10.0.0.999");
      EXPECT_EQ(ranges_of({"@" + file.path()}), "error: " + file.path() + ':' +
                                                    std::to_string(line) +
                                                    ": bad target 'oops!': neither an address nor "
                                                    "a host name");
    }
  }
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
                           "1-255.1-255.1-255.1-255",
                           "1-255.1-255.1-255.1-255,1,2",
                           "10.0.0.0/-1",
                           "10.0.0.0/0x8",
                           "10.0.0.010-20",
                           "10.0.0.5-020",
                           "10.0.00.5,6",
                           "10.0.0.1-10.0.0.x",
                           "10.0.0.5-6-7",
                           "10..0.1-2",
                           "https://gitlab.example",
                           "gitlab.example:443",
                           "[10.0.0.1]",
                           "[fd00::1",
                           "fd00::1]",
                           "[]",
                           "\xc3\xa9.example"}) {
    const auto list = parse_targets(texts{"10.0.0.1", text});
    ASSERT_FALSE(list.ok()) << text;
    EXPECT_EQ(list.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(std::string(message_of(list.status())).find("bad target '"), 0u)
        << message_of(list.status());
  }
  EXPECT_EQ(ranges_of({}).find("error: no targets"), 0u);
}

TEST(parse_targets, shows_no_control_characters_of_its_input) {
  for (const std::string text :
       {"10.0.0.1\x1b[31m", "\a/8", "x\ny", "\xff\xfe", "fd00::\r1", "fe80::1%\x1b",
        "10.0.0.1-\x1b", "@/no/\x1b[2J/file", "@/no\n/file"}) {
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
  EXPECT_FALSE(parse_targets(texts{"1.1.1." + std::string(10'000'000, ',')}).ok());
  EXPECT_FALSE(parse_targets(texts{std::string(10'000'000, '\x1b')}).ok());
  EXPECT_FALSE(parse_targets(texts{"fd00::1" + std::string(1'000'000, '-')}).ok());
  EXPECT_FALSE(parse_targets(texts{"@" + std::string(10'000'000, 'x')}).ok());
  std::mt19937_64 random(18);
  std::string bytes(10'000'000, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  EXPECT_FALSE(parse_targets(texts{bytes}).ok());
  const temporary_file file(bytes);
  EXPECT_FALSE(parse_targets(texts{"@" + file.path()}).ok());
}

TEST(parse_targets, says_what_is_wrong_however_long_the_text) {
  for (const std::string& text :
       {std::string(10'000, 'a'), std::string(10'000, '1'), "10.0.0.1/" + std::string(10'000, '1'),
        "fd00::" + std::string(10'000, '1'), "10.0.0.1-" + std::string(10'000, 'x'),
        std::string(3'000, '\x1b')}) {
    const std::string message = ranges_of({text});
    EXPECT_EQ(message.find("error: bad target '"), 0u);
    EXPECT_NE(message.find("...': "), std::string::npos) << message;
    EXPECT_LT(message.size(), 1000u);
  }
}

TEST(parse_targets, is_not_made_to_multiply_octets_past_64_bits) {
  // 2^21 values in each of three octets and 2 in the last: as a 64-bit number, 0 ranges.
  std::string list = "1";
  while (list.size() < (std::size_t{1} << 22) - 1) list += ",1";
  EXPECT_FALSE(parse_targets(texts{list + '.' + list + '.' + list + ".1,1"}).ok());
}

TEST(parse_targets, takes_the_longest_list_of_octets) {
  std::string every = "0";
  for (int octet = 1; octet < 256; ++octet) every += ',' + std::to_string(octet);
  EXPECT_EQ(ranges_of({"10.0.0." + every}), "10.0.0.0/24");
  EXPECT_EQ(ranges_of({"10." + every + ".1-2.7"}).find("10.0.1.7 10.0.2.7 10.1.1.7"), 0u);
}

}  // namespace
}  // namespace netscan
