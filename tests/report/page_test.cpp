#include "netscan/report/page.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "html_text.hpp"
#include "sample_scans.hpp"

namespace netscan {
namespace {

std::string data_of(const std::string& page) {
  constexpr std::string_view begin = "<script type=\"application/json\" id=\"data\">";
  const std::size_t start = page.find(begin) + begin.size();
  return page.substr(start, page.find("</script>", start) - start);
}

std::size_t occurrences(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++count;
  return count;
}

TEST(results_page, escapes_hostile_text_wherever_it_comes_from) {
  constexpr std::string_view hostile = "</script><img src=x onerror=alert(1)>\"'&\x01\x1b[31m";
  scan_results scan = testing::lab_scan();
  scan.header.vantage = hostile;
  scan.header.targets = {std::string(hostile)};
  scan.header.ports = hostile;
  page_options options;
  options.title = hostile;
  options.candidates.verdicts = {
      {{}, true, std::string(hostile), std::string(hostile), {std::string(hostile)}}};
  options.difference_vantages = {std::string(hostile), "b"};
  options.differences = {{std::string(hostile), {std::string(hostile)}, std::string(hostile)}};
  options.matrix = {std::string(hostile),
                    {std::string(hostile)},
                    {{std::string(hostile), {page_reach::rejected}}},
                    {{std::string(hostile), std::string(hostile)}}};
  const std::string page = results_page(std::vector{scan}, options);

  EXPECT_EQ(page.find("<img"), page.npos);
  EXPECT_EQ(page.find('\x01'), page.npos);
  EXPECT_EQ(page.find('\x1b'), page.npos);
  EXPECT_EQ(occurrences(page, "</script>"), 2U);
  const boost::json::value data = boost::json::parse(data_of(page));
  EXPECT_EQ(data.at("vantages").at(0).at("name").as_string(), hostile);
}

TEST(results_page, has_every_probe_once_and_the_best_record_of_it) {
  scan_results scan = testing::sample_scan();
  probe_record silent = scan.probes[2];
  silent.reason = probe_reason::no_response;
  silent.icmp.reset();
  scan.probes.push_back(silent);
  const std::string page = results_page(std::vector{scan}, {});
  const boost::json::value data = boost::json::parse(data_of(page));
  EXPECT_EQ(data.at("vantages").at(0).at("probes").as_int64(), 5);
  EXPECT_EQ(data.at("icmps").at(0), (boost::json::value{3, 13, "192.168.77.1"}));
}

TEST(results_page, forbids_every_request_and_is_the_same_each_time) {
  const std::vector scans{testing::lab_scan()};
  const std::string page = results_page(scans, {});
  EXPECT_NE(page.find("default-src 'none'; script-src 'sha256-"), page.npos);
  EXPECT_EQ(page.find("unsafe"), page.npos);
  EXPECT_EQ(page, results_page(scans, {}));
}

TEST(results_page, does_not_make_up_what_other_tools_leave_open) {
  scan_results scan = testing::lab_scan();
  const std::string syns = "<tr><th scope=\"row\">SYNs sent</th>";
  EXPECT_NE(results_page(std::vector{scan}, {}).find(syns + "<td>512</td>"), std::string::npos);
  scan.header.scanner = "nmap";
  scan.summary->duration_ms = 0;
  const std::string page = results_page(std::vector{scan}, {});
  EXPECT_NE(page.find(syns + "<td></td>"), page.npos);
  EXPECT_NE(page.find("<th scope=\"row\">Duration</th><td></td>"), page.npos);
}

TEST(results_page, draws_a_heat_map_of_few_elements_and_tells_what_it_leaves_out) {
  page_options options;
  options.matrix.summary = "300 vantages x 5000 endpoints";
  for (int i = 0; i < 300; ++i) {
    options.matrix.rows.push_back({fmt::format("v{}", i), {}});
    for (int column = 0; column < 100; ++column) {
      options.matrix.rows.back().cells.push_back(static_cast<page_reach>((i + column) % 5));
    }
  }
  for (int column = 0; column < 100; ++column) {
    options.matrix.groups.push_back(fmt::format("10.0.0.{}:443", column));
  }
  const std::string page = results_page(std::vector{testing::lab_scan()}, options);
  EXPECT_NE(page.find("Drawn are 250 of 300 vantages and 60 of 100 groups of endpoints"),
            page.npos);
  EXPECT_NE(page.find(">v249</text>"), page.npos);
  EXPECT_EQ(page.find(">v250</text>"), page.npos);
  const std::string map = page.substr(page.find("<svg class=\"heat\""));
  EXPECT_EQ(occurrences(map.substr(0, map.find("</svg>")), "<path"), 9U);
  EXPECT_NE(page.find("Nobody is cut off from anything."), page.npos);
  options.matrix.rows = {{"v0", std::vector(100, page_reach::unknown)}};
  EXPECT_EQ(results_page(std::vector{testing::lab_scan()}, options).find("Nobody is cut off"),
            std::string::npos);
  // Without vantages to show there is no section.
  EXPECT_EQ(results_page(std::vector{testing::lab_scan()}, {}).find("Who reaches what"), page.npos);
}

TEST(results_page, shows_conclusions_without_scans) {
  page_options options;
  for (const std::string vantage : {"node", "pc", "pc2"}) {
    options.difference_vantages.push_back(vantage);
    options.matrix.rows.push_back({vantage, {page_reach::reached}});
  }
  options.differences = {{"10.0.0.216:443", {"open", "no-response", "open"}, "blocked"}};
  options.matrix.groups = {"10.0.0.216:443"};
  const std::string page = results_page({}, options);
  EXPECT_NE(page.find("<h1>node, pc and pc2 compared</h1>"), page.npos);
  EXPECT_NE(page.find("<th scope=\"col\">From pc2</th>"), page.npos);
  EXPECT_NE(page.find("Who reaches what"), page.npos);
  for (const char* const section : {"id=\"overview\"", "id=\"interactive\"", "id=\"scans\""}) {
    EXPECT_EQ(page.find(section), page.npos) << section;
    EXPECT_NE(results_page(std::vector{testing::lab_scan()}, options).find(section), page.npos)
        << section;
  }
  options.difference_vantages.clear();
  EXPECT_NE(results_page({}, options).find("<h1>node, pc and pc2 compared</h1>"), page.npos);
}

TEST(results_page, says_what_it_is_told_where_nothing_differs) {
  page_options options;
  options.difference_vantages = {"node", "pc"};
  EXPECT_NE(results_page({}, options).find("<p>They agree on every endpoint"), std::string::npos);
  options.agreement = "Nothing is known of <b>";
  const std::string page = results_page({}, options);
  EXPECT_NE(page.find("<p>Nothing is known of &lt;b&gt;</p>"), page.npos);
  EXPECT_EQ(page.find("They agree"), page.npos);
}

TEST(results_page, puts_many_vantages_that_saw_the_same_into_one_cell) {
  page_options options;
  page_difference difference{"10.0.0.216:443", {}, "blocked"};
  for (int i = 0; i < 9; ++i) {
    options.difference_vantages.push_back(fmt::format("v<{}", i));
    difference.seen.push_back(i == 4 ? "no-response" : "open");
  }
  options.differences = {difference};
  const std::string page = results_page({}, options);
  EXPECT_NE(page.find("<h1>9 vantages compared</h1>"), page.npos);
  EXPECT_EQ(page.find("From v"), page.npos);
  EXPECT_NE(page.find("<td data-label=\"Seen\"><div>no-response from 1: v&lt;4</div>"
                      "<div>open from 8: v&lt;0, v&lt;1, v&lt;2, v&lt;3, ...</div></td>"),
            page.npos);
}

TEST(results_page, takes_any_scan) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const std::string page = results_page(std::vector{testing::random_scan(seed, 40)}, {});
    EXPECT_EQ(occurrences(page, "</script>"), 2U) << "seed " << seed;
    boost::system::error_code error;
    boost::json::parse(data_of(page), error);
    EXPECT_FALSE(error) << "seed " << seed;
  }
}

}  // namespace
}  // namespace netscan
