// Comparisons as text and as JSON.
#include <gtest/gtest.h>

#include <sstream>

#include <boost/json/parse.hpp>

#include "netscan/diagnose/comparison_json.hpp"
#include "netscan/diagnose/comparison_text.hpp"
#include "observations.hpp"

namespace netscan {
namespace {

namespace json = boost::json;
using testing::address;
using testing::check_of;
using testing::trace_ending;

/// A scan of 10.0.0.50, .216 and .232 on port 443.
results_file scan_from(const std::string& vantage, probe_reason at_216) {
  scan_results scan;
  scan.header.vantage = vantage;
  const std::pair<const char*, probe_reason> probes[] = {{"10.0.0.50", probe_reason::conn_refused},
                                                         {"10.0.0.216", at_216},
                                                         {"10.0.0.232", probe_reason::syn_ack}};
  for (const auto& [ip, reason] : probes) {
    probe_record record;
    record.ip = address(ip);
    record.port = 443;
    record.reason = reason;
    record.time = timestamp(std::chrono::milliseconds(1767607200123));
    scan.probes.push_back(record);
  }
  results_file file;
  file.scans.push_back(std::move(scan));
  return file;
}

comparison compared_files(const std::vector<results_file>& files) {
  return compare(files).value();
}

comparison lab_comparison() {
  results_file pc = scan_from("pc", probe_reason::no_response);
  pc.traces = {trace_ending("pc", probe_reason::no_response, {"192.168.77.1"})};
  return compared_files({scan_from("node", probe_reason::syn_ack), pc});
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  return longest;
}

TEST(comparison_text, shows_what_differs_and_what_it_means) {
  EXPECT_EQ(comparison_text(lab_comparison(), {}),
            "node and pc: 3 endpoints compared, 1 differs\n"
            "\n"
            "ENDPOINT        node  pc\n"
            "10.0.0.216:443  open  no-response\n"
            "    answers at node, silent from pc; trace from pc ends after 192.168.77.1:\n"
            "    blocked on the way, not at the service\n"
            "\n"
            "2 endpoints agree; --all shows them.\n");
}

TEST(comparison_text, shows_all_when_asked) {
  EXPECT_EQ(comparison_text(lab_comparison(), {.all = true}),
            "node and pc: 3 endpoints compared, 1 differs\n"
            "\n"
            "ENDPOINT        node    pc\n"
            "10.0.0.216:443  open    no-response\n"
            "    answers at node, silent from pc; trace from pc ends after 192.168.77.1:\n"
            "    blocked on the way, not at the service\n"
            "\n"
            "The same from all:\n"
            "\n"
            "ENDPOINT        node    pc\n"
            "10.0.0.50:443   closed  closed\n"
            "    closed from node and pc; inferred: the host is up, and nothing listens on\n"
            "    the port\n"
            "10.0.0.232:443  open    open\n"
            "    answers at node and pc\n");
}

TEST(comparison_text, shows_what_is_agreed_on_when_nothing_differs) {
  const std::string text = comparison_text(compared_files({scan_from("node", probe_reason::syn_ack),
                                                           scan_from("pc", probe_reason::syn_ack)}),
                                           {});
  EXPECT_TRUE(text.starts_with("node and pc: 3 endpoints compared, all agree\n"));
  EXPECT_NE(
      text.find("\n10.0.0.216:443  open    open\n10.0.0.232:443\n    answers at node and pc\n"),
      std::string::npos)
      << text;
  EXPECT_EQ(text.find("--all"), std::string::npos);
}

TEST(comparison_text, without_a_trace_tells_how_to_get_one) {
  const std::string text =
      comparison_text(compared_files({scan_from("node", probe_reason::syn_ack),
                                      scan_from("pc", probe_reason::no_response)}),
                      {});
  EXPECT_NE(text.find("\nA trace shows where it is blocked. At pc:\n"
                      "  netscan trace 10.0.0.216:443 --vantage pc -o pc-trace.ndjson\n"),
            std::string::npos)
      << text;
  // Not with a name that a shell would take for something else.
  const std::string other =
      comparison_text(compared_files({scan_from("node", probe_reason::syn_ack),
                                      scan_from("pc; reboot", probe_reason::no_response)}),
                      {});
  EXPECT_EQ(other.find("netscan trace"), std::string::npos);
}

TEST(comparison_text, a_matrix_that_does_not_fit_becomes_a_list) {
  std::vector<results_file> files;
  for (int i = 1; i <= 12; ++i) {
    files.push_back(scan_from("vantage-" + std::to_string(i),
                              i == 5 ? probe_reason::no_response : probe_reason::syn_ack));
  }
  const std::string text = comparison_text(compared_files(files), {});
  EXPECT_NE(text.find("10.0.0.216:443\n"
                      "  no-response  vantage-5\n"
                      "  open         vantage-1, vantage-2, vantage-3 and 8 more\n"),
            std::string::npos)
      << text;
  EXPECT_LE(longest_line(text), 80U);
  const std::string wide = comparison_text(compared_files(files), {.width = 200});
  EXPECT_NE(wide.find("ENDPOINT        vantage-1  vantage-2"), std::string::npos) << wide;
}

TEST(comparison_text, many_endpoints_are_a_few_lines) {
  scan_results node, pc;
  node.header.vantage = "node";
  pc.header.vantage = "pc";
  for (std::uint32_t i = 0; i < 200; ++i) {
    probe_record record;
    record.ip = ip_address::v4(0x0a000000 + 2 * i);
    record.port = 443;
    record.reason = probe_reason::syn_ack;
    node.probes.push_back(record);
    record.reason = probe_reason::no_response;
    pc.probes.push_back(record);
  }
  results_file file;
  file.scans = {node, pc};
  const std::string text = comparison_text(compared_files({file}), {});
  EXPECT_NE(text.find("10.0.0.0:443  open  no-response\n"
                      "10.0.0.2:443\n"
                      "10.0.0.4:443\n"
                      "and 197 more\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 12) << text;
}

TEST(comparison_text, colours_the_cells_by_what_they_say) {
  const std::string text = comparison_text(lab_comparison(), {.colour = true});
  EXPECT_NE(text.find("10.0.0.216:443  \033[32mopen\033[0m  \033[31mno-response\033[0m\n"),
            std::string::npos)
      << text;
}

TEST(comparison_text, is_printable_whatever_the_results_hold) {
  results_file pc;
  pc.checks = {check_of("p\x1b[31mc", check_layer::tls, check_problem::handshake)};
  pc.checks[0].target = "https://gitlab.ailab.com/\x1b]0;x\x07";
  pc.checks[0].steps[0].tls->detail = "bad\r\n\x1b[2J";
  results_file node;
  node.checks = {check_of("node", check_layer::tls, check_problem::none)};
  node.checks[0].target = pc.checks[0].target;
  for (const unsigned width : {40U, 200U}) {
    for (const char c : comparison_text(compared_files({pc, node}), {.width = width})) {
      EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
    }
  }
}

TEST(comparison_json, is_one_document) {
  const json::value value = json::parse(comparison_json(lab_comparison()));
  EXPECT_EQ(value.at("type"), "comparison");
  EXPECT_EQ(value.at("vantages"), (json::array{"node", "pc"}));
  EXPECT_EQ(value.at("compared"), 3);
  EXPECT_EQ(value.at("differing"), 1);
  ASSERT_EQ(value.at("groups").as_array().size(), 3U);
  const json::value& group = value.at("groups").at(0);
  EXPECT_EQ(group.at("diagnosis"), "blocked");
  EXPECT_EQ(group.at("differ"), true);
  EXPECT_EQ(group.at("inferred"), false);
  EXPECT_EQ(group.at("traced"), true);
  EXPECT_EQ(group.at("count"), 1);
  EXPECT_EQ(group.at("endpoints").at(0),
            (json::object{{"addresses", "10.0.0.216"}, {"ports", "443"}}));
  EXPECT_EQ(group.at("seen").at(1).at("vantage"), "pc");
  EXPECT_EQ(group.at("seen").at(1).at("sight"), "silent");
  EXPECT_EQ(group.at("seen").at(1).at("outcome"), "filtered");
  EXPECT_EQ(group.at("seen").at(1).at("word"), "no-response");
  EXPECT_EQ(group.at("seen").at(1).at("time"), "2026-01-05T10:00:00.123Z");
}

TEST(comparison_text, says_of_how_many_nothing_is_known) {
  const auto summary_of = [](std::uint64_t differing, std::uint64_t unknown) {
    comparison c;
    c.vantages = {"node", "pc"};
    c.compared = 5;
    c.differing = differing;
    c.unknown = unknown;
    const std::string text = comparison_text(c, {});
    return text.substr(0, text.find('\n'));
  };
  EXPECT_EQ(summary_of(0, 5), "node and pc: 5 endpoints compared, nothing is known of any");
  EXPECT_EQ(summary_of(0, 1), "node and pc: 5 endpoints compared, all agree, 1 is not known");
  EXPECT_EQ(summary_of(1, 2), "node and pc: 5 endpoints compared, 1 differs, 2 are not known");
}

TEST(comparison_json, lines_are_the_same_groups_and_the_sums) {
  const comparison c = lab_comparison();
  const json::value document = json::parse(comparison_json(c));
  std::istringstream lines(comparison_ndjson(c));
  std::vector<json::value> values;
  for (std::string line; std::getline(lines, line);) values.push_back(json::parse(line));
  ASSERT_EQ(values.size(), 4U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(values[i], document.at("groups").at(i));
  EXPECT_EQ(values[3].at("differing"), 1);
  EXPECT_EQ(values[3].as_object().if_contains("groups"), nullptr);
}

TEST(comparison_json, keeps_any_name_valid) {
  results_file file;
  file.checks = {check_of("p\x1b\xff\"c", check_layer::tls, check_problem::cert_expired),
                 check_of("node", check_layer::tls, check_problem::none)};
  boost::system::error_code error;
  json::parse(comparison_json(compared_files({file})), error);
  EXPECT_FALSE(error);
}

}  // namespace
}  // namespace netscan
