#include "netscan/remedy/candidate_report.hpp"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include <boost/json/parse.hpp>

#include "lab_candidates.hpp"

namespace netscan {
namespace {

using testing::ip;
using testing::lab_candidates;
using testing::lab_pc;
using testing::lan;

std::string text_of(const boost::json::value& value) {
  return std::string(value.as_string());
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

TEST(the_explanation, has_taken_addresses_with_their_caveats_and_refused_ones_by_reason) {
  const std::string text = candidates_text(lab_candidates());
  EXPECT_TRUE(
      text.starts_with("--select open on ports 80,443: 2 of 256 addresses taken\n\ntaken\n"
                       "  10.0.0.232\n"
                       "    80,443: syn-ack; passed, and somebody answers there\n"
                       "    ! in use: somebody answers on its link too (node 80,443: "
                       "syn-ack); it must be yours, or MetalLB\n    will fight over it\n"))
      << text;
  EXPECT_TRUE(has(text, "\nrefused: 254\n"));
  EXPECT_TRUE(has(text,
                  "  10.0.0.60-10.0.0.69  (10)\n"
                  "    80,443: admin-prohibited from 192.168.77.1\n"));
  EXPECT_TRUE(has(text, "  10.0.0.0\n    never taken: it is the network address of 10.0.0.0/24\n"));
}

TEST(the_explanation, names_every_address_once) {
  // Each line of two spaces has addresses; their union, counted, is the subnet.
  std::istringstream in(
      candidates_text(lab_candidates({.selection = candidate_selection::passable})));
  std::vector<address_range> ranges;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("  1")) continue;
    std::istringstream words(line);
    for (std::string word; words >> word && word.front() != '(';) {
      if (word.back() == ',') word.pop_back();
      const auto range = parse_address_range(word);
      ranges.push_back(range.ok() ? *range : address_range{ip(word), ip(word)});
    }
  }
  std::size_t sum = 0;
  for (const address_range& range : ranges) sum += static_cast<std::size_t>(range.span()) + 1;
  EXPECT_EQ(sum, 256u);
  EXPECT_EQ(address_set::of(ranges), address_set::of({*parse_cidr("10.0.0.0/24")}));
}

TEST(the_explanation, has_lines_of_a_hundred_columns_and_no_control_characters) {
  std::vector<scan_results> clients = {lab_pc(1100), lab_pc(1100)};
  clients[1].header.vantage = "\x1b[31mred\n";
  const std::string text = candidates_text(find_candidates(clients, {}, {}).value());
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) EXPECT_LE(line.size(), 110u) << line;
  EXPECT_FALSE(has(text, "\x1b"));
  EXPECT_TRUE(has(text, "\\x1b[31mred\\x0a"));
}

TEST(the_explanation, tells_what_max_left_out_and_the_advice) {
  const std::string cut = candidates_text(lab_candidates({.max = 1}));
  EXPECT_TRUE(has(cut, "1 of 256 addresses taken"));
  EXPECT_TRUE(has(cut, "\naccepted, and left out by --max: 1\n  10.0.0.249\n"));
  const std::vector<scan_results> silent = {
      testing::scan_of("pc", {testing::seen(lan(7), 80, probe_reason::no_response),
                              testing::seen(lan(7), 443, probe_reason::no_response)})};
  const std::string none = candidates_text(find_candidates(silent, {}, {}).value());
  EXPECT_TRUE(has(none, "0 of 1 address taken"));
  EXPECT_TRUE(has(none, "have the firewall let an address through")) << none;
}

TEST(the_json, has_every_address_with_what_was_judged) {
  const candidate_list list = lab_candidates({.nodes = address_set::of({{lan(20), lan(20)}})});
  const boost::json::value document = boost::json::parse(candidates_json(list));
  EXPECT_EQ(document.at("type"), "candidates");
  EXPECT_EQ(document.at("select"), "open");
  EXPECT_EQ(document.at("ports"), "80,443");
  EXPECT_EQ(document.at("chosen"), (boost::json::array{"10.0.0.232", "10.0.0.249"}));
  EXPECT_EQ(document.at("scans").as_array().size(), 2u);
  EXPECT_EQ(document.at("scans").at(1).at("role"), "owner");
  EXPECT_EQ(document.at("scans").at(0).at("start"), "2026-01-05T10:00:00.123Z");
  const boost::json::array& addresses = document.at("addresses").as_array();
  ASSERT_EQ(addresses.size(), list.judged.size());
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const candidate& judged = list.judged[i];
    EXPECT_EQ(text_of(addresses[i].at("ip")), to_string(judged.address));
    EXPECT_EQ(addresses[i].at("accepted"), judged.accepted);
    EXPECT_EQ(text_of(addresses[i].at("reason")), judged.reason);
    EXPECT_EQ(addresses[i].at("kind").is_null(), !judged.kind);
    EXPECT_EQ(addresses[i].at("caveats").as_array().size(), judged.caveats.size());
  }
  EXPECT_EQ(addresses[20].at("reason"), "never taken: it is a node's address");
}

TEST(the_json, is_json_whatever_a_vantage_is_called) {
  std::vector<scan_results> clients = {lab_pc(), lab_pc()};
  clients[1].header.vantage = "\xff\"\n";
  const std::string text = candidates_json(find_candidates(clients, {}, {}).value());
  EXPECT_EQ(boost::json::parse(text).at("scans").at(1).at("vantage"), "\\xff\"\\x0a");
}

}  // namespace
}  // namespace netscan
