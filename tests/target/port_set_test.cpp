#include "netscan/target/port_set.hpp"

#include <gtest/gtest.h>
#include <netdb.h>

#include <random>
#include <set>

#include "netscan/target/status.hpp"
#include "rounds.hpp"

namespace netscan {
namespace {

TEST(port_set, agrees_with_a_set_of_numbers) {
  std::mt19937_64 random(3);
  for (unsigned round = 0; round < testing::rounds(300); ++round) {
    std::set<std::uint16_t> truth;
    std::vector<port_range> ranges;
    for (auto count = random() % 6; count > 0; --count) {
      const auto first =
          static_cast<std::uint16_t>(random() % 2 == 0 ? 1 + random() % 60 : 65480 + random() % 50);
      const auto last =
          static_cast<std::uint16_t>(std::min<std::uint64_t>(65535, first + random() % 20));
      ranges.push_back({first, last});
      for (std::uint32_t port = first; port <= last; ++port)
        truth.insert(static_cast<std::uint16_t>(port));
    }
    const port_set set = port_set::of(ranges);
    ASSERT_EQ(set.size(), truth.size());
    std::uint32_t index = 0;
    for (const std::uint16_t port : truth) ASSERT_EQ(set.at(index++), port);
    for (std::uint32_t port = 1; port <= 65535; ++port) {
      ASSERT_EQ(set.contains(static_cast<std::uint16_t>(port)),
                truth.contains(static_cast<std::uint16_t>(port)));
    }
    if (!truth.empty()) {
      ASSERT_EQ(*parse_ports(to_string(set)), set);
    }
  }
}

TEST(parse_ports, reads_what_is_documented) {
  const auto text_of = [](std::string_view text) { return to_string(parse_ports(text).value()); };
  EXPECT_EQ(text_of("80"), "80");
  EXPECT_EQ(text_of("443,80,80"), "80,443");
  EXPECT_EQ(text_of("8000-8100"), "8000-8100");
  EXPECT_EQ(text_of("-1023"), "1-1023");
  EXPECT_EQ(text_of("60000-"), "60000-65535");
  EXPECT_EQ(text_of("-"), "1-65535");
  EXPECT_EQ(text_of("1-2,3-4"), "1-4");
  EXPECT_EQ(text_of("65535"), "65535");
}

TEST(parse_ports, knows_the_systems_services) {
  for (const char* name : {"http", "https", "ssh"}) {
    const servent* entry = getservbyname(name, "tcp");
    ASSERT_NE(entry, nullptr);
    const port_set ports = parse_ports(name).value();
    EXPECT_EQ(ports.size(), 1u);
    EXPECT_EQ(ports.at(0), ntohs(static_cast<std::uint16_t>(entry->s_port)));
  }
}

TEST(parse_ports, names_what_is_wrong) {
  const auto error = [](std::string_view text) {
    return std::string(message_of(parse_ports(text).status()));
  };
  EXPECT_EQ(error("0"), "bad port '0': ports go from 1 to 65535");
  EXPECT_EQ(error("80,70000"), "bad port '70000': ports go from 1 to 65535");
  EXPECT_EQ(error("99999999999999999999"),
            "bad port '99999999999999999999': ports go from 1 to 65535");
  EXPECT_EQ(error("0-10"), "bad port '0-10': ports go from 1 to 65535");
  EXPECT_EQ(error("90-80"), "bad port '90-80': the range ends before it starts");
  EXPECT_EQ(error(""), "bad port '': an empty item; write for example 80,443");
  EXPECT_EQ(error("80,"), "bad port '': an empty item; write for example 80,443");
  EXPECT_EQ(error("8 0"),
            "bad port '8 0': expected a number, a range as in 8000-8100, a service name or top:N");
  EXPECT_EQ(error("-1-5"),
            "bad port '-1-5': expected a number, a range as in 8000-8100, a service name or top:N");
  EXPECT_EQ(error("no-such-service"),
            "bad port 'no-such-service': no TCP service of this name in the services database "
            "(/etc/services)");
  EXPECT_NE(error("top:0").find("1 to"), std::string::npos);
  EXPECT_NE(error("top:100000").find("1 to"), std::string::npos);
  EXPECT_NE(error("top:x").find("1 to"), std::string::npos);
}

TEST(common_ports, are_many_and_each_once) {
  std::set<std::uint16_t> seen;
  for (const common_port& entry : common_ports()) {
    EXPECT_TRUE(seen.insert(entry.port).second) << entry.port;
    EXPECT_NE(entry.port, 0);
    EXPECT_FALSE(entry.service.empty());
  }
  EXPECT_GE(seen.size(), 100u);
  for (const std::size_t count : {std::size_t{1}, std::size_t{100}, seen.size()}) {
    EXPECT_EQ(parse_ports("top:" + std::to_string(count))->size(), count);
  }
  EXPECT_EQ(to_string(*parse_ports("top:2")), "80,443");
}

TEST(parse_ports, agrees_with_a_set_of_numbers) {
  std::mt19937_64 random(15);
  for (int round = 0; round < 500; ++round) {
    std::set<std::uint32_t> truth;
    std::string text;
    for (auto count = 1 + random() % 6; count > 0; --count) {
      std::uint32_t first = 1 + static_cast<std::uint32_t>(random() % 65535);
      std::uint32_t last = std::min(65535u, first + static_cast<std::uint32_t>(random() % 300));
      if (!text.empty()) text += ',';
      switch (random() % 6) {
        case 0:
          first = 1;
          text += '-' + std::to_string(last = 1 + last % 200);
          break;
        case 1:
          last = 65535;
          text += std::to_string(first = 65535 - first % 200) + '-';
          break;
        case 2:
          text += std::to_string(last = first);
          break;
        case 3:
          first = last = 443;
          text += "https";
          break;
        default:
          text += std::to_string(first) + '-' + std::to_string(last);
      }
      for (std::uint32_t port = first; port <= last; ++port) truth.insert(port);
    }
    const auto ports = parse_ports(text);
    ASSERT_TRUE(ports.ok()) << text;
    ASSERT_EQ(ports->size(), truth.size()) << text;
    std::uint32_t index = 0;
    for (const std::uint32_t port : truth) ASSERT_EQ(ports->at(index++), port) << text;
    ASSERT_EQ(*parse_ports(to_string(*ports)), *ports);
  }
}

TEST(parse_ports, takes_no_name_that_only_begins_as_one) {
  for (const std::string_view text : {std::string_view("http\0", 5), std::string_view("http\0x", 6),
                                      std::string_view("http ", 5), std::string_view(" http", 5)}) {
    EXPECT_FALSE(parse_ports(text).ok());
  }
  EXPECT_FALSE(parse_ports(std::string_view("80\0", 3)).ok());
  EXPECT_FALSE(parse_ports("HTTP").ok());  // the database is case-sensitive
}

TEST(parse_ports, shows_no_control_characters_and_says_why_however_long_the_item) {
  const auto error = [](std::string_view text) {
    return std::string(message_of(parse_ports(text).status()));
  };
  EXPECT_EQ(error("80,\x1b[2J"),
            "bad port '\\x1b[2J': no TCP service of this name in the services database "
            "(/etc/services)");
  EXPECT_EQ(error("8\n0"),
            "bad port '8\\x0a0': expected a number, a range as in 8000-8100, a service name or "
            "top:N");
  for (const std::string& text : {std::string(10'000'000, '7'), std::string(10'000'000, 'x'),
                                  "top:" + std::string(10'000'000, '9'), std::string(5'000, '-'),
                                  std::string(10'000'000, '\x1b')}) {
    const std::string message = error(text);
    EXPECT_LT(message.size(), 1000u);
    EXPECT_NE(message.find("...': "), std::string::npos) << message;
  }
  EXPECT_EQ(error(std::string(1'000'000, ',')),
            "bad port '': an empty item; write for example 80,443");
}

TEST(common_ports, go_by_the_names_of_the_services_database_where_it_has_them) {
  for (const common_port& entry : common_ports()) {
    const std::string name(entry.service);
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos)
        << name;
    if (const servent* found = getservbyname(name.c_str(), "tcp")) {
      EXPECT_EQ(entry.port, ntohs(static_cast<std::uint16_t>(found->s_port))) << name;
    }
  }
}

TEST(common_ports, are_taken_from_the_front) {
  std::set<std::uint16_t> first;
  for (std::size_t count = 1; count <= common_ports().size(); ++count) {
    first.insert(common_ports()[count - 1].port);
    const port_set ports = *parse_ports("top:" + std::to_string(count));
    ASSERT_EQ(ports.size(), count);
    for (const std::uint16_t port : first) ASSERT_TRUE(ports.contains(port));
  }
  for (const char* text : {"top:", "top:-1", "top:1-5", "top: 5", "top:0x5"}) {
    EXPECT_FALSE(parse_ports(text).ok()) << text;
  }
}

}  // namespace
}  // namespace netscan
