// Who reaches what, as text and as JSON.
#include "netscan/diagnose/reachability_output.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

#include <boost/json/parse.hpp>

#include "netscan/diagnose/comparison_json.hpp"
#include "observations.hpp"

namespace netscan {
namespace {

namespace json = boost::json;

/// A sweep of ports 80 and 443 of .216 and .232: what it met at each address.
results_file sweep_of_two(const std::string& vantage, probe_reason at_216, probe_reason at_232) {
  results_file file;
  scan_results& scan = file.scans.emplace_back();
  scan.header.vantage = vantage;
  for (const auto& [ip, reason] : {std::pair("10.0.0.216", at_216), {"10.0.0.232", at_232}}) {
    for (const std::uint16_t port : {std::uint16_t{80}, std::uint16_t{443}}) {
      probe_record& record = scan.probes.emplace_back();
      record.ip = testing::address(ip);
      record.port = port;
      record.reason = reason;
      if (is_rejection(reason)) {
        record.icmp = icmp_evidence{3, 13, testing::address("192.168.79.1")};
      }
    }
  }
  return file;
}

std::vector<results_file> two_firewalls() {
  constexpr auto open = probe_reason::syn_ack;
  return {sweep_of_two("node", open, open), sweep_of_two("pc", probe_reason::no_response, open),
          sweep_of_two("pc2", open, probe_reason::admin_prohibited),
          sweep_of_two("pc3", open, probe_reason::admin_prohibited)};
}

reachability made_of(const std::vector<results_file>& files) {
  reachability_builder builder;
  for (const results_file& file : files) EXPECT_TRUE(builder.add(file).ok());
  return std::move(builder).finish().value();
}

TEST(reachability_text, is_a_table_of_groups_and_the_cuts) {
  EXPECT_EQ(reachability_text(made_of(two_firewalls()), {}),
            "Who reaches what, 4 vantages x 4 endpoints: 10 reached, 6 cut, 0 unknown\n"
            "\n"
            "             T1   T2\n"
            "node         +    +\n"
            "pc           -    +\n"
            "pc2 and pc3  +    -\n"
            "\n"
            "  T1  10.0.0.216:80,443\n"
            "  T2  10.0.0.232:80,443\n"
            "\n"
            "1.  10.0.0.216:80,443\n"
            "    pc is cut off from what others reach: no-response (2); inferred: dropped by\n"
            "    something on the way\n"
            "\n"
            "2.  10.0.0.232:80,443\n"
            "    pc2 and pc3 are cut off from what others reach: rejected by 192.168.79.1\n"
            "    (admin-prohibited, 4)\n");
}

TEST(reachability_text, says_so_where_nothing_is_cut_and_nothing_known) {
  constexpr auto open = probe_reason::syn_ack;
  constexpr auto error = probe_reason::local_error;
  const std::string text =
      reachability_text(made_of({sweep_of_two("a", open, open), sweep_of_two("b", open, open),
                                 sweep_of_two("c", error, error)}),
                        {});
  EXPECT_NE(text.find("\na and b  +\nc        ?\n"), text.npos) << text;
  EXPECT_NE(text.find("\nNobody is cut off from anything.\n"), text.npos) << text;
  EXPECT_NE(text.find("\nNothing is known from c.\n"), text.npos) << text;

  const std::string blind = reachability_text(
      made_of({sweep_of_two("a", error, error), sweep_of_two("b", error, error)}), {});
  EXPECT_EQ(blind.find("Nobody is cut off"), blind.npos) << blind;
  EXPECT_NE(blind.find("\nNothing is known from a and b.\n"), blind.npos) << blind;
}

/// Vantages of which each is cut off from an address of its own.
std::vector<results_file> everyone_differs(unsigned number) {
  std::vector<results_file> files;
  for (unsigned vantage = 0; vantage < number; ++vantage) {
    scan_results scan;
    scan.header.vantage = fmt::format("v{}", vantage);
    for (unsigned i = 0; i < number; ++i) {
      probe_record& record = scan.probes.emplace_back();
      record.ip = testing::address(fmt::format("10.0.0.{}", 2 * i));
      record.port = 443;
      record.reason = i == vantage ? probe_reason::no_response : probe_reason::syn_ack;
    }
    files.emplace_back().scans.push_back(std::move(scan));
  }
  return files;
}

TEST(reachability_text, shows_what_fits_and_counts_the_rest) {
  const reachability matrix = made_of(everyone_differs(50));
  const std::string text = reachability_text(matrix, {});
  EXPECT_NE(text.find("\nand 10 more groups of vantages\n"), text.npos) << text;
  EXPECT_NE(text.find("\n  and 35 more groups of endpoints; --format json has them\n"), text.npos)
      << text;
  EXPECT_NE(text.find("\n30 more cuts; --all shows them.\n"), text.npos) << text;
  const std::string all = reachability_text(matrix, {.all = true});
  EXPECT_NE(all.find("\n50. "), all.npos) << all;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST(reachability_text, is_printable_whatever_the_results_hold) {
  std::vector<results_file> files = two_firewalls();
  files[1].scans[0].header.vantage = "p\x1b[31m\r\nc";
  for (const unsigned width : {10U, 80U}) {
    for (const char c : reachability_text(made_of(files), {.width = width})) {
      EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
    }
  }
  boost::system::error_code error;
  json::parse(reachability_json(made_of(files)), error);
  EXPECT_FALSE(error);
}

TEST(reachability_json, has_the_matrix_and_the_cuts) {
  const json::value value = json::parse(reachability_json(made_of(two_firewalls())));
  EXPECT_EQ(value.at("type"), "reachability");
  EXPECT_EQ(value.at("endpoints"), 4);
  EXPECT_EQ(value.at("reached"), 10);
  EXPECT_EQ(value.at("cut"), 6);
  EXPECT_EQ(value.at("unknown"), 0);
  EXPECT_EQ(value.at("vantage_groups"), json::parse(R"([["node"],["pc"],["pc2","pc3"]])"));
  EXPECT_EQ(value.at("rows"), json::parse(R"(["++","-+","+-","+-"])"));
  EXPECT_EQ(
      value.at("target_groups").at(1),
      json::parse(R"({"count":2,"endpoints":[{"addresses":"10.0.0.232","ports":"80,443"}]})"));
  EXPECT_EQ(value.at("cuts").at(1), json::parse(R"json({"kind":"groups-cut-off",
      "vantages":["pc2","pc3"],"endpoints":[{"addresses":"10.0.0.232","ports":"80,443"}],
      "count":2,"pairs":4,"unknown":0,"inferred":false,"firewalls":["192.168.79.1"],
      "last_routers":[],"manners":[{"sight":"rejected","reason":"admin-prohibited",
      "sender":"192.168.79.1","pairs":4}],
      "sentence":"pc2 and pc3 are cut off from what others reach: rejected by 192.168.79.1 (admin-prohibited, 4)"})json"));
  EXPECT_EQ(value.at("blind"), json::array{});
}

TEST(reachability_json, stands_in_a_comparison_of_three_vantages) {
  std::vector<results_file> files = two_firewalls();
  const reachability matrix = made_of(files);
  const json::value alone = json::parse(reachability_json(matrix));
  const comparison compared = compare(files).value();
  EXPECT_EQ(json::parse(comparison_json(compared)).at("reachability"), alone);
  const std::string lines = comparison_ndjson(compared);
  EXPECT_NE(lines.find('\n' + reachability_json(matrix) + '\n'), lines.npos);
  const std::string text = comparison_text(compared, {});
  EXPECT_TRUE(text.ends_with("\n\n" + reachability_text(matrix, {}))) << text;

  files.resize(2);
  const comparison of_two = compare(files).value();
  EXPECT_FALSE(of_two.matrix);
  EXPECT_EQ(json::parse(comparison_json(of_two)).as_object().if_contains("reachability"), nullptr);
}

}  // namespace
}  // namespace netscan
