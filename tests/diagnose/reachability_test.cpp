// Who reaches what: every pair told once and rightly, against a count pair by pair; and by name
// what each kind of cut says.
#include "netscan/diagnose/reachability.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "netscan/target/plan.hpp"
#include "netscan/target/status.hpp"
#include "observations.hpp"

namespace netscan {
namespace {

using testing::address;
using testing::trace_ending;

const timestamp noon(std::chrono::milliseconds(1767607200123));

probe_record seen(const std::string& ip, probe_reason reason, const std::string& sender = "") {
  probe_record record;
  record.ip = address(ip);
  record.port = 443;
  record.reason = reason;
  if (!sender.empty()) record.icmp = icmp_evidence{3, 13, address(sender)};
  record.time = noon;
  return record;
}

results_file sweep(const std::string& vantage, std::vector<probe_record> probes) {
  results_file file;
  file.scans.push_back({});
  file.scans.front().header.vantage = vantage;
  file.scans.front().header.start = noon;
  file.scans.front().probes = std::move(probes);
  return file;
}

reachability picture_of(const std::vector<results_file>& files,
                        const compare_options& options = {}) {
  reachability_builder builder(options);
  for (const results_file& file : files) EXPECT_TRUE(builder.add(file).ok());
  absl::StatusOr<reachability> picture = std::move(builder).finish();
  EXPECT_TRUE(picture.ok()) << picture.status();
  return picture.ok() ? *std::move(picture) : reachability();
}

std::string what_it_lacks(const std::vector<results_file>& files) {
  reachability_builder builder;
  for (const results_file& file : files) EXPECT_TRUE(builder.add(file).ok());
  const absl::StatusOr<reachability> picture = std::move(builder).finish();
  return picture.ok() ? "" : std::string(message_of(picture.status()));
}

/// `KIND VANTAGES | BLOCKS`, of each.
std::vector<std::string> cuts(const reachability& picture) {
  std::vector<std::string> texts;
  for (const cut& one : picture.cuts) {
    std::string text(to_string(one.kind));
    for (const std::size_t vantage : one.vantages) text += ' ' + picture.vantages[vantage];
    text += " |";
    for (const endpoint_block& block : one.blocks) text += ' ' + to_string(block);
    texts.push_back(text);
  }
  return texts;
}

using texts = std::vector<std::string>;
constexpr auto open = probe_reason::syn_ack;
constexpr auto closed = probe_reason::conn_refused;
constexpr auto silent = probe_reason::no_response;
constexpr auto prohibited = probe_reason::admin_prohibited;

TEST(reachability, names_the_firewall_between_two_groups) {
  const auto behind = [](const std::string& name, probe_reason at_232) {
    return sweep(name, {seen("10.0.0.216", open), seen("10.0.0.232", at_232, "192.168.79.1")});
  };
  const reachability picture =
      picture_of({sweep("node", {seen("10.0.0.216", open), seen("10.0.0.232", closed)}),
                  sweep("pc", {seen("10.0.0.216", silent), seen("10.0.0.232", open)}),
                  behind("pc2", prohibited), behind("pc3", prohibited)});
  EXPECT_EQ(cuts(picture), (texts{"groups-cut-off pc | 10.0.0.216:443",
                                  "groups-cut-off pc2 pc3 | 10.0.0.232:443"}));
  EXPECT_EQ(picture.cuts[0].sentence,
            "pc is cut off from what others reach: no-response (1); inferred: dropped by something "
            "on the way");
  EXPECT_TRUE(picture.cuts[0].inferred);
  EXPECT_EQ(picture.cuts[1].sentence,
            "pc2 and pc3 are cut off from what others reach: rejected by 192.168.79.1 "
            "(admin-prohibited, 2)");
  EXPECT_FALSE(picture.cuts[1].inferred);
  EXPECT_EQ(picture.cuts[1].firewalls, std::vector{address("192.168.79.1")});
  EXPECT_EQ(picture.vantage_groups, (std::vector<std::vector<std::size_t>>{{0}, {1}, {2, 3}}));
  EXPECT_TRUE(picture.differ());
}

TEST(reachability, a_trace_says_behind_whom_it_is_silent) {
  results_file pc = sweep("pc", {seen("10.0.0.216", silent), seen("10.0.0.232", open)});
  pc.traces = {trace_ending("pc", silent, {"192.168.77.1"})};
  const reachability picture = picture_of(
      {sweep("node", {seen("10.0.0.216", open), seen("10.0.0.232", open)}), std::move(pc)});
  ASSERT_EQ(picture.cuts.size(), 1U);
  EXPECT_EQ(picture.cuts[0].sentence,
            "pc is cut off from what others reach: no-response (1); traces end after 192.168.77.1; "
            "inferred: dropped at or behind 192.168.77.1");
}

TEST(reachability, the_same_cut_by_two_firewalls_is_two) {
  const auto from = [](const std::string& name, const std::string& sender) {
    return sweep(name, {seen("10.0.0.1", open), seen("10.0.0.2", prohibited, sender)});
  };
  const reachability picture =
      picture_of({sweep("node", {seen("10.0.0.1", open), seen("10.0.0.2", open)}),
                  from("a", "192.168.1.1"), from("b", "192.168.2.1"), from("c", "192.168.1.1")});
  EXPECT_EQ(cuts(picture),
            (texts{"groups-cut-off b | 10.0.0.2:443", "groups-cut-off a c | 10.0.0.2:443"}));
}

TEST(reachability, smallest_explanation_first) {
  const reachability picture = picture_of(
      {sweep("node", {seen("10.0.0.1", open), seen("10.0.0.2", open), seen("10.0.0.3", silent)}),
       sweep("lost",
             {seen("10.0.0.1", silent), seen("10.0.0.2", silent), seen("10.0.0.3", silent)}),
       sweep("pc", {seen("10.0.0.1", open), seen("10.0.0.2", silent), seen("10.0.0.3", silent)})});
  EXPECT_EQ(cuts(picture), (texts{"vantages-reach-nothing lost | 10.0.0.1-10.0.0.3:443",
                                  "reached-by-nobody node pc | 10.0.0.3:443",
                                  "groups-cut-off pc | 10.0.0.2:443"}));
  EXPECT_EQ(picture.cuts[0].sentence,
            "lost reaches nothing of what others reach: no-response (3); inferred: cut off as a "
            "whole");
  EXPECT_EQ(picture.cuts[1].sentence,
            "reached by none of 2 vantages: no-response (2); inferred: down, or closed to all");
}

TEST(reachability, vantages_with_rules_of_their_own_are_told_by_vantage) {
  // By endpoints these would be seven cuts, one for each set of vantages.
  std::vector<results_file> files(4);
  for (std::size_t vantage = 0; vantage < files.size(); ++vantage) {
    std::vector<probe_record> probes;
    for (unsigned set = 0; set < 8; ++set) {
      const bool is_cut = vantage < 3 && (set >> vantage & 1U) != 0;
      probes.push_back(seen(fmt::format("10.0.0.{}", set), is_cut ? silent : open));
    }
    files[vantage] = sweep(fmt::format("v{}", vantage), std::move(probes));
  }
  const reachability picture = picture_of(files);
  ASSERT_EQ(picture.cuts.size(), 3U);
  for (const cut& one : picture.cuts) EXPECT_EQ(one.endpoints, 4U);
}

TEST(reachability, a_reset_in_the_name_of_nobody_reaches_nobody) {
  results_file node = sweep(
      "node", {seen("10.0.0.80", probe_reason::no_neighbor, "10.0.0.11"), seen("10.0.0.1", open)});
  node.scans[0].header.sources = {{address("10.0.0.11"), 24, "eth0"}};
  const reachability picture = picture_of(
      {std::move(node), sweep("pc", {seen("10.0.0.80", closed), seen("10.0.0.1", open)})});
  EXPECT_EQ(picture.reached, 2U);
  EXPECT_EQ(picture.unknown, 1U);
  ASSERT_EQ(cuts(picture), (texts{"reached-by-nobody node | 10.0.0.80:443"}));
  EXPECT_TRUE(picture.cuts[0].is_free);
  EXPECT_TRUE(picture.cuts[0].sentence.starts_with(
      "not reached by node, nor known to be from elsewhere, and free: on its link nobody has the "
      "address: no-neighbor (1)"))
      << picture.cuts[0].sentence;
  EXPECT_FALSE(picture.differ());
}

TEST(reachability, an_errno_alone_decides_nothing) {
  results_file nmap = sweep("nmap", {seen("10.0.0.1", closed), seen("10.0.0.2", open)});
  nmap.scans[0].header.scanner = "nmap";
  nmap.scans[0].header.by_errno = true;
  const reachability picture = picture_of(
      {std::move(nmap), sweep("pc", {seen("10.0.0.1", silent), seen("10.0.0.2", open)})});
  EXPECT_EQ(picture.unknown, 1U);
  EXPECT_EQ(cuts(picture), (texts{"reached-by-nobody pc | 10.0.0.1:443"}));
  EXPECT_EQ(
      picture.cuts[0].sentence,
      "not reached by pc, nor known to be from elsewhere: no-response (1); inferred: down, or "
      "closed to it")
      << "nmap has asked, and may have reached it";
}

TEST(reachability, a_vantage_that_hardly_asked_is_not_called_cut_off_as_a_whole) {
  std::vector<probe_record> probes;
  for (int i = 1; i <= 10; ++i) probes.push_back(seen(fmt::format("10.0.0.{}", i), open));
  const auto sentence_of = [&](std::ptrdiff_t asked) {
    std::vector<probe_record> silence(probes.begin(), probes.begin() + asked);
    for (probe_record& record : silence) record.reason = silent;
    return picture_of({sweep("node", probes), sweep("pc", silence)}).cuts.at(0).sentence;
  };
  EXPECT_EQ(sentence_of(10),
            "pc reaches nothing of what others reach: no-response (10); inferred: cut off as a "
            "whole");
  EXPECT_EQ(sentence_of(6),
            "pc reaches nothing of what others reach: no-response (6); inferred: cut off as a "
            "whole (4 of the 10 pairs are not known)");
  EXPECT_EQ(sentence_of(1),
            "pc reaches nothing of what others reach: no-response (1) (9 of the 10 pairs are not "
            "known)");
}

TEST(reachability, who_could_not_ask_is_told_and_not_blamed) {
  const reachability picture =
      picture_of({sweep("node", {seen("10.0.0.1", open)}),
                  sweep("ill", {seen("10.0.0.1", probe_reason::local_error)}), sweep("idle", {})});
  EXPECT_TRUE(picture.cuts.empty());
  EXPECT_EQ(picture.blind, (std::vector<std::size_t>{1, 2}));
  EXPECT_TRUE(picture.is_known());
  EXPECT_FALSE(
      picture_of({sweep("ill", {seen("10.0.0.1", probe_reason::local_error)}), sweep("idle", {})})
          .is_known());
}

TEST(reachability, tells_that_checks_are_left_out) {
  std::vector<results_file> files = {sweep("node", {seen("10.0.0.1", open)}),
                                     sweep("pc", {seen("10.0.0.1", open)})};
  EXPECT_TRUE(picture_of(files).notices.empty());
  files[0].checks = {testing::check_of("node", check_layer::http, check_problem::none)};
  EXPECT_EQ(picture_of(files).notices, texts{"1 check is left out: who reaches what is of scans"});
}

TEST(reachability, an_answer_counts_more_than_silence_and_the_later_scan_more) {
  results_file early = sweep("pc", {seen("10.0.0.1", open), seen("10.0.0.2", open),
                                    seen("10.0.0.3", probe_reason::local_error)});
  results_file late =
      sweep("pc", {seen("10.0.0.1", silent), seen("10.0.0.2", prohibited, "192.168.77.1"),
                   seen("10.0.0.3", silent)});
  late.scans[0].header.start += std::chrono::hours(1);
  const results_file node =
      sweep("node", {seen("10.0.0.1", open), seen("10.0.0.2", open), seen("10.0.0.3", open)});
  for (const auto& files : {std::vector{node, early, late}, std::vector{node, late, early}}) {
    const reachability picture = picture_of(files);
    EXPECT_EQ(cuts(picture), (texts{"groups-cut-off pc | 10.0.0.2/31:443"}));
  }
}

TEST(reachability, only_what_is_asked_for) {
  compare_options options;
  options.only_addresses = address_set::of({{address("10.0.0.2"), address("10.0.0.2")}});
  const reachability picture =
      picture_of({sweep("node", {seen("10.0.0.1", open), seen("10.0.0.2", open)}),
                  sweep("pc", {seen("10.0.0.1", silent), seen("10.0.0.2", open)})},
                 options);
  EXPECT_EQ(picture.endpoints, 1U);
  EXPECT_TRUE(picture.cuts.empty());
}

TEST(reachability, says_what_it_lacks) {
  EXPECT_EQ(what_it_lacks({results_file()}),
            "there is no scan among the results: who reaches what is of scans");
  EXPECT_EQ(what_it_lacks({sweep("pc", {seen("10.0.0.1", open)})}),
            "all scans are of vantage 'pc': expected two or more; NAME=FILE names a file's");
  EXPECT_EQ(what_it_lacks({sweep("pc", {}), sweep("node", {})}),
            "no scan has a record of the endpoints to be compared");
}

// --- against a count pair by pair

struct swept_world {
  std::vector<results_file> files;
  /// By vantage and endpoint: '+', '-' or '?'.
  std::map<std::pair<std::size_t, endpoint>, char> truth;
  std::map<std::pair<std::size_t, endpoint>, probe_record> records;
};

swept_world random_sweeps(std::mt19937& random) {
  swept_world world;
  const std::size_t vantages = 2 + random() % 6;
  const auto endpoints = 1 + static_cast<unsigned>(random() % 14);
  const auto walls = static_cast<unsigned>(random() % 4);
  const auto unknown = random() % 40;
  std::vector<std::pair<unsigned, unsigned>> rules;  // vantages and endpoints, a bit each
  for (unsigned i = 0; i < walls; ++i)
    rules.emplace_back(static_cast<unsigned>(random() % 64),
                       static_cast<unsigned>(random() % 16384));
  const bool has_own_rules = random() % 3 == 0;
  for (std::size_t vantage = 0; vantage < vantages; ++vantage) {
    const auto own_rule = static_cast<unsigned>(has_own_rules ? random() % 16384 : 0);
    std::vector<probe_record> probes;
    for (unsigned i = 0; i < endpoints; ++i) {
      const std::string ip = fmt::format("10.0.0.{}", i);
      probe_record record = seen(ip, random() % 5 == 0 ? closed : open);
      for (unsigned wall = 0; wall < walls; ++wall) {
        if ((rules[wall].first >> vantage & 1U) == 0 || (rules[wall].second >> i & 1U) == 0)
          continue;
        record = wall % 2 == 0 ? seen(ip, prohibited, fmt::format("192.168.{}.1", wall))
                               : seen(ip, silent);
      }
      if ((own_rule >> i & 1U) != 0) record = seen(ip, silent);
      char truth = record.state() == probe_state::filtered ? '-' : '+';
      if (random() % 100 < unknown) {
        truth = '?';
        record = seen(ip, probe_reason::local_error);
      }
      const endpoint at{record.ip, record.port};
      world.truth[{vantage, at}] = truth;
      world.records[{vantage, at}] = record;
      if (truth != '?' || random() % 2 == 0) probes.push_back(record);
    }
    std::shuffle(probes.begin(), probes.end(), random);
    world.files.push_back(sweep(fmt::format("v{}", vantage), std::move(probes)));
  }
  return world;
}

std::vector<endpoint> endpoints_of(const std::vector<endpoint_block>& blocks) {
  std::vector<endpoint> all;
  for (const endpoint_block& block : blocks) {
    for (ip_address at = block.addresses.first;; at = advance(at, 1)) {
      for (std::uint32_t i = 0; i < block.ports.size(); ++i) all.push_back({at, block.ports.at(i)});
      if (at == block.addresses.last) break;
    }
  }
  return all;
}

/// What is true of a cut, pair by pair; adds its pairs to `told`.
void check_cut(const swept_world& world, const cut& one,
               std::set<std::pair<std::size_t, endpoint>>& told) {
  std::uint64_t pairs = 0;
  std::uint64_t unknown = 0;
  std::set<std::size_t> vantages_told;
  std::set<endpoint> endpoints_told;
  std::set<ip_address> senders;
  for (const endpoint& at : endpoints_of(one.blocks)) {
    for (const std::size_t vantage : one.vantages) {
      const char truth = world.truth.at({vantage, at});
      ASSERT_NE(truth, '+') << one.sentence;
      if (truth == '?') ++unknown;
      if (truth != '-') continue;
      ++pairs;
      vantages_told.insert(vantage);
      endpoints_told.insert(at);
      const probe_record& record = world.records.at({vantage, at});
      if (record.icmp) senders.insert(record.icmp->from);
      ASSERT_TRUE(told.insert({vantage, at}).second) << "told twice: " << one.sentence;
    }
  }
  EXPECT_EQ(one.pairs, pairs);
  EXPECT_EQ(one.unknown, unknown);
  EXPECT_EQ(vantages_told.size(), one.vantages.size()) << "each is cut off somewhere";
  EXPECT_EQ(endpoints_told.size(), one.endpoints);
  EXPECT_EQ(one.firewalls, (std::vector<ip_address>(senders.begin(), senders.end())));
  std::uint64_t in_manners = 0;
  for (const cut_manner& manner : one.manners) in_manners += manner.pairs;
  EXPECT_EQ(in_manners, pairs);
}

bool reaches_something(const swept_world& world, std::size_t vantage) {
  return std::any_of(world.truth.begin(), world.truth.end(), [&](const auto& pair) {
    return pair.first.first == vantage && pair.second == '+';
  });
}

bool is_reached(const swept_world& world, const endpoint& at) {
  return std::any_of(world.truth.begin(), world.truth.end(), [&](const auto& pair) {
    return pair.first.second == at && pair.second == '+';
  });
}

/// The kind that each pair that is cut belongs to.
cut_kind kind_of(const swept_world& world, std::size_t vantage, const endpoint& at) {
  const bool misses_something =
      std::any_of(world.truth.begin(), world.truth.end(), [&](const auto& pair) {
        return pair.first.first == vantage && pair.second == '-' &&
               is_reached(world, pair.first.second);
      });
  if (!reaches_something(world, vantage) && misses_something) {
    return cut_kind::vantages_reach_nothing;
  }
  return is_reached(world, at) ? cut_kind::groups_cut_off : cut_kind::reached_by_nobody;
}

TEST(reachability, tells_each_pair_once_and_rightly) {
  std::mt19937 random(11);
  std::map<cut_kind, std::size_t> kinds;
  for (int round = 0; round < 1500; ++round) {
    SCOPED_TRACE(round);
    const swept_world world = random_sweeps(random);
    reachability_builder builder;
    for (const results_file& file : world.files) EXPECT_TRUE(builder.add(file).ok());
    const absl::StatusOr<reachability> made = std::move(builder).finish();
    if (!made.ok()) continue;  // nobody asked anything
    const reachability& picture = *made;

    std::set<std::pair<std::size_t, endpoint>> told;
    int last_kind = 0;
    for (const cut& one : picture.cuts) {
      check_cut(world, one, told);
      EXPECT_LE(last_kind, static_cast<int>(one.kind));
      last_kind = static_cast<int>(one.kind);
      ++kinds[one.kind];
      for (const endpoint& at : endpoints_of(one.blocks)) {
        for (const std::size_t vantage : one.vantages) {
          if (world.truth.at({vantage, at}) != '-') continue;
          ASSERT_EQ(to_string(one.kind), to_string(kind_of(world, vantage, at)));
        }
      }
    }
    std::uint64_t reached = 0;
    std::uint64_t cut_off = 0;
    for (const auto& [pair, truth] : world.truth) {
      reached += truth == '+' ? 1 : 0;
      cut_off += truth == '-' ? 1 : 0;
    }
    EXPECT_EQ(told.size(), cut_off) << "every pair that is cut is told";
    EXPECT_EQ(picture.reached, reached);
    EXPECT_EQ(picture.cut_off, cut_off);
    EXPECT_EQ(picture.reached + picture.cut_off + picture.unknown,
              picture.vantages.size() * picture.endpoints);

    // What a group is known as holds for each of its pairs.
    for (std::size_t group = 0; group < picture.target_groups.size(); ++group) {
      for (const endpoint& at : endpoints_of(picture.target_groups[group].blocks)) {
        for (const std::vector<std::size_t>& vantages : picture.vantage_groups) {
          std::set<char> marks;
          for (const std::size_t vantage : vantages) {
            const reach what = picture.cells[vantage][group].what;
            const char truth = world.truth.at({vantage, at});
            if (truth == '?') continue;
            ASSERT_EQ(what, truth == '+' ? reach::reached : reach::cut);
            marks.insert(what == reach::reached ? '+' : '-');
          }
          EXPECT_LE(marks.size(), 1U);
        }
      }
    }
    if (HasFailure()) return;
  }
  for (const auto kind :
       {cut_kind::vantages_reach_nothing, cut_kind::reached_by_nobody, cut_kind::groups_cut_off}) {
    EXPECT_GT(kinds[kind], 100U) << to_string(kind);
  }
}

}  // namespace
}  // namespace netscan
