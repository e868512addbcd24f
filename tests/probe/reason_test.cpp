#include "netscan/probe/reason.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string_view>

#include "netscan/probe/record.hpp"

namespace netscan {
namespace {

constexpr int reasons = static_cast<int>(probe_reason::local_error) + 1;

TEST(probe_reason, has_a_word_of_its_own_that_reads_back) {
  std::set<std::string_view> words;
  for (int i = 0; i < reasons; ++i) {
    const auto reason = static_cast<probe_reason>(i);
    EXPECT_TRUE(words.insert(to_string(reason)).second);
    EXPECT_EQ(parse_probe_reason(to_string(reason)), reason);
  }
  EXPECT_FALSE(parse_probe_reason("because"));
  EXPECT_FALSE(parse_probe_reason(""));
}

TEST(probe_reason, has_the_words_that_records_are_written_with) {
  const std::set<std::string_view> words = {
      "syn-ack", "conn-refused", "no-response", "port-unreach", "admin-prohibited",
      "host-prohibited", "net-prohibited", "host-unreach", "net-unreach", "no-neighbor",
      "time-exceeded", "local-error",
      // The other codes, each by its own name.
      "proto-unreach", "fragmentation-needed", "source-route-failed", "net-unknown", "host-unknown",
      "source-isolated", "net-tos-unreach", "host-tos-unreach", "precedence-violation",
      "precedence-cutoff", "beyond-scope", "source-policy-failed", "route-rejected",
      "parameter-problem", "other-icmp"};
  std::set<std::string_view> known;
  for (int i = 0; i < reasons; ++i) known.insert(to_string(static_cast<probe_reason>(i)));
  EXPECT_EQ(known, words);
  for (const std::string_view word : words) {
    EXPECT_TRUE(parse_probe_reason(word).has_value()) << word;
    EXPECT_FALSE(parse_probe_reason(word.substr(1))) << word;
    EXPECT_FALSE(parse_probe_reason(word.substr(0, word.size() - 1))) << word;
    EXPECT_FALSE(parse_probe_state(word)) << word;
  }
  for (const char* word : {"SYN-ACK", "syn_ack", "syn-ack ", " syn-ack", "open"}) {
    EXPECT_FALSE(parse_probe_reason(word)) << word;
  }
}

TEST(probe_state, has_nmaps_words) {
  EXPECT_EQ(to_string(probe_state::open), "open");
  EXPECT_EQ(to_string(probe_state::closed), "closed");
  EXPECT_EQ(to_string(probe_state::filtered), "filtered");
  EXPECT_EQ(to_string(probe_state::error), "error");
  for (const char* word : {"open", "closed", "filtered", "error"}) {
    EXPECT_EQ(to_string(*parse_probe_state(word)), word);
  }
  EXPECT_FALSE(parse_probe_state("unfiltered"));
}

TEST(probe_reason, belongs_to_a_state) {
  const auto state_of_word = [](std::string_view word) {
    return state_of(*parse_probe_reason(word));
  };
  EXPECT_EQ(state_of_word("syn-ack"), probe_state::open);
  EXPECT_EQ(state_of_word("conn-refused"), probe_state::closed);
  EXPECT_EQ(state_of_word("local-error"), probe_state::error);
  for (const char* word :
       {"no-response", "port-unreach", "admin-prohibited", "host-prohibited", "net-prohibited",
        "host-unreach", "net-unreach", "no-neighbor", "time-exceeded"}) {
    EXPECT_EQ(state_of_word(word), probe_state::filtered) << word;
  }
}

TEST(reason_of_icmp, follows_the_rfcs) {
  const auto v4 = [](int type, int code) {
    return to_string(reason_of_icmp(ip_family::v4, static_cast<std::uint8_t>(type),
                                    static_cast<std::uint8_t>(code)));
  };
  // RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1
  EXPECT_EQ(v4(3, 0), "net-unreach");
  EXPECT_EQ(v4(3, 1), "host-unreach");
  EXPECT_EQ(v4(3, 2), "proto-unreach");
  EXPECT_EQ(v4(3, 3), "port-unreach");
  EXPECT_EQ(v4(3, 4), "fragmentation-needed");
  EXPECT_EQ(v4(3, 5), "source-route-failed");
  EXPECT_EQ(v4(3, 6), "net-unknown");
  EXPECT_EQ(v4(3, 7), "host-unknown");
  EXPECT_EQ(v4(3, 8), "source-isolated");
  EXPECT_EQ(v4(3, 9), "net-prohibited");
  EXPECT_EQ(v4(3, 10), "host-prohibited");
  EXPECT_EQ(v4(3, 11), "net-tos-unreach");
  EXPECT_EQ(v4(3, 12), "host-tos-unreach");
  EXPECT_EQ(v4(3, 13), "admin-prohibited");
  EXPECT_EQ(v4(3, 14), "precedence-violation");
  EXPECT_EQ(v4(3, 15), "precedence-cutoff");
  EXPECT_EQ(v4(3, 16), "other-icmp");
  EXPECT_EQ(v4(11, 0), "time-exceeded");
  EXPECT_EQ(v4(11, 1), "other-icmp");
  EXPECT_EQ(v4(12, 0), "parameter-problem");
  EXPECT_EQ(v4(4, 0), "other-icmp");
  const auto v6 = [](int type, int code) {
    return to_string(reason_of_icmp(ip_family::v6, static_cast<std::uint8_t>(type),
                                    static_cast<std::uint8_t>(code)));
  };
  // RFC 4443 3
  EXPECT_EQ(v6(1, 0), "net-unreach");
  EXPECT_EQ(v6(1, 1), "admin-prohibited");
  EXPECT_EQ(v6(1, 2), "beyond-scope");
  EXPECT_EQ(v6(1, 3), "host-unreach");
  EXPECT_EQ(v6(1, 4), "port-unreach");
  EXPECT_EQ(v6(1, 5), "source-policy-failed");
  EXPECT_EQ(v6(1, 6), "route-rejected");
  EXPECT_EQ(v6(1, 7), "other-icmp");
  EXPECT_EQ(v6(2, 0), "fragmentation-needed");
  EXPECT_EQ(v6(3, 0), "time-exceeded");
  EXPECT_EQ(v6(4, 1), "parameter-problem");
}

TEST(reason_of_icmp, knows_the_types_and_codes_of_the_rfcs_and_no_others) {
  using table = std::map<std::pair<int, int>, std::string_view>;
  table v4 = {{{3, 0}, "net-unreach"},           {{3, 1}, "host-unreach"},
              {{3, 2}, "proto-unreach"},         {{3, 3}, "port-unreach"},
              {{3, 4}, "fragmentation-needed"},  {{3, 5}, "source-route-failed"},
              {{3, 6}, "net-unknown"},           {{3, 7}, "host-unknown"},
              {{3, 8}, "source-isolated"},       {{3, 9}, "net-prohibited"},
              {{3, 10}, "host-prohibited"},      {{3, 11}, "net-tos-unreach"},
              {{3, 12}, "host-tos-unreach"},     {{3, 13}, "admin-prohibited"},
              {{3, 14}, "precedence-violation"}, {{3, 15}, "precedence-cutoff"},
              {{11, 0}, "time-exceeded"}};
  table v6 = {{{1, 0}, "net-unreach"},    {{1, 1}, "admin-prohibited"},
              {{1, 2}, "beyond-scope"},   {{1, 3}, "host-unreach"},
              {{1, 4}, "port-unreach"},   {{1, 5}, "source-policy-failed"},
              {{1, 6}, "route-rejected"}, {{3, 0}, "time-exceeded"}};
  for (int code = 0; code < 256; ++code) {
    v4[{12, code}] = "parameter-problem";
    v6[{4, code}] = "parameter-problem";
    v6[{2, code}] = "fragmentation-needed";  // RFC 4443 3.2: the code is ignored by the receiver
  }
  for (int type = 0; type < 256; ++type) {
    for (int code = 0; code < 256; ++code) {
      for (const auto& [family, known] : {std::pair(ip_family::v4, &v4), {ip_family::v6, &v6}}) {
        const auto found = known->find({type, code});
        const probe_reason reason = reason_of_icmp(family, static_cast<std::uint8_t>(type),
                                                   static_cast<std::uint8_t>(code));
        ASSERT_EQ(to_string(reason), found == known->end() ? "other-icmp" : found->second)
            << type << '/' << code;
        // Nothing that comes by ICMP is an answer of the host's TCP.
        ASSERT_EQ(state_of(reason), probe_state::filtered);
      }
    }
  }
}

TEST(probe_reason, is_filtered_but_for_the_three_that_are_not) {
  for (int i = 0; i < reasons; ++i) {
    const auto reason = static_cast<probe_reason>(i);
    const std::string_view word = to_string(reason);
    const std::string_view state = word == "syn-ack"        ? "open"
                                   : word == "conn-refused" ? "closed"
                                   : word == "local-error"  ? "error"
                                                            : "filtered";
    EXPECT_EQ(to_string(state_of(reason)), state) << word;
    probe_record record;
    record.reason = reason;
    EXPECT_EQ(record.state(), state_of(reason));
  }
}

TEST(count, adds_up_over_any_records_and_touches_nothing_else) {
  std::mt19937_64 random(19);
  scan_summary summary;
  summary.planned = 5'000;
  summary.skipped = 3;
  summary.not_started = 4;
  summary.syns = 5;
  std::map<std::string_view, std::uint64_t> truth;
  for (std::uint64_t i = 1; i <= 5'000; ++i) {
    probe_record record;
    record.reason = static_cast<probe_reason>(random() % reasons);
    ++truth[to_string(record.state())];
    count(summary, record);
    ASSERT_EQ(summary.ended(), i);
  }
  scan_summary expected;
  expected.planned = 5'000;
  expected.skipped = 3;
  expected.not_started = 4;
  expected.syns = 5;
  expected.open = truth["open"];
  expected.closed = truth["closed"];
  expected.filtered = truth["filtered"];
  expected.error = truth["error"];
  EXPECT_EQ(summary, expected);
}

TEST(count, adds_a_record_to_its_state) {
  scan_summary summary;
  for (const probe_reason reason :
       {probe_reason::syn_ack, probe_reason::conn_refused, probe_reason::conn_refused,
        probe_reason::no_response, probe_reason::port_unreach, probe_reason::no_neighbor,
        probe_reason::local_error}) {
    probe_record record;
    record.reason = reason;
    count(summary, record);
  }
  EXPECT_EQ(summary.open, 1u);
  EXPECT_EQ(summary.closed, 2u);
  EXPECT_EQ(summary.filtered, 3u);
  EXPECT_EQ(summary.error, 1u);
  EXPECT_EQ(summary.ended(), 7u);
}

TEST(is_rejection, is_a_decision_and_not_a_finding) {
  for (int i = 0; i < reasons; ++i) {
    const auto reason = static_cast<probe_reason>(i);
    const std::string_view word = to_string(reason);
    const bool decided = word.ends_with("-prohibited") || word.starts_with("precedence-") ||
                         word == "port-unreach" || word == "proto-unreach" ||
                         word == "source-policy-failed" || word == "route-rejected";
    EXPECT_EQ(is_rejection(reason), decided) << word;
  }
}

ip_address ip(const char* text) {
  return *parse_ip_address(text);
}

TEST(on_link, goes_by_the_networks_of_the_source_addresses) {
  const std::vector<source_address> sources = {{ip("10.0.0.11"), 24, "eth0"},
                                               {ip("10.1.0.1"), 16, "eth1"}};
  EXPECT_EQ(on_link(sources, ip("10.0.0.216")), true);
  EXPECT_EQ(on_link(sources, ip("10.1.9.9")), true);
  EXPECT_EQ(on_link(sources, ip("10.0.1.1")), false);
}

TEST(on_link, does_not_guess) {
  EXPECT_EQ(on_link({}, ip("10.0.0.1")), std::nullopt);
  const std::vector<source_address> v6 = {{ip("fd00::1"), 64, "eth0"}};
  EXPECT_EQ(on_link(v6, ip("10.0.0.1")), std::nullopt);
  const std::vector<source_address> host_only = {{ip("fd00::1"), 128, "eth0"}};
  EXPECT_EQ(on_link(host_only, ip("fd00::2")), std::nullopt);
  const std::vector<source_address> unknown = {{ip("10.0.0.1"), 0, ""}};
  EXPECT_EQ(on_link(unknown, ip("10.0.0.2")), std::nullopt);
}

}  // namespace
}  // namespace netscan
