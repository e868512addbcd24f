// Comparisons: what comes together, what is left out, and groups that lose nothing.
#include "netscan/diagnose/compare.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <map>
#include <random>
#include <set>

#include "netscan/diagnose/comparison_json.hpp"
#include "netscan/report/writer.hpp"
#include "netscan/target/status.hpp"
#include "observations.hpp"
#include "temporary_folder.hpp"

namespace netscan {
namespace {

using testing::address;
using testing::check_of;
using testing::trace_ending;

const timestamp when(std::chrono::milliseconds(1767607200123));
constexpr std::uint16_t web[] = {80, 443};

probe_record probe(const std::string& ip, std::uint16_t port, probe_reason reason) {
  probe_record record;
  record.ip = address(ip);
  record.port = port;
  record.reason = reason;
  record.time = when;
  return record;
}

scan_results scan_from(const std::string& vantage, std::vector<probe_record> probes) {
  scan_results scan;
  scan.header.vantage = vantage;
  scan.probes = std::move(probes);
  return scan;
}

results_file file_of(scan_results scan) {
  results_file file;
  file.scans.push_back(std::move(scan));
  return file;
}

comparison compared(const std::vector<results_file>& files, const compare_options& options = {}) {
  absl::StatusOr<comparison> result = compare(files, options);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : comparison();
}

std::string refused(const std::vector<results_file>& files, const compare_options& options = {}) {
  const absl::StatusOr<comparison> result = compare(files, options);
  return result.ok() ? "" : std::string(message_of(result.status()));
}

std::vector<std::string> blocks(const comparison_group& group) {
  std::vector<std::string> texts;
  for (const endpoint_block& block : group.blocks) texts.push_back(to_string(block));
  return texts;
}

TEST(compare, concludes_no_more_from_an_errno_than_it_tells) {
  scan_results by_errno = scan_from("pc", {probe("10.0.0.70", 80, probe_reason::conn_refused)});
  by_errno.header.scanner = "nmap";
  by_errno.header.by_errno = true;
  scan_results same = by_errno;
  same.header.vantage = "office";
  const comparison c = compared({file_of(by_errno), file_of(same)});
  ASSERT_EQ(c.groups.size(), 1U);
  EXPECT_EQ(
      c.groups[0].diagnosis.sentence,
      "refused from pc and office, by a RST or a REJECT: whether the host itself refuses or a "
      "firewall is not known");
  // One that saw the RST knows.
  const comparison d =
      compared({file_of(by_errno),
                file_of(scan_from("node", {probe("10.0.0.70", 80, probe_reason::conn_refused)}))});
  ASSERT_EQ(d.groups.size(), 1U);
  EXPECT_EQ(d.differing, 0U);
  EXPECT_EQ(d.groups[0].diagnosis.kind, diagnosis_kind::refused_everywhere);
  EXPECT_TRUE(d.groups[0].diagnosis.sentence.ends_with("nothing listens on the port"))
      << d.groups[0].diagnosis.sentence;
}

TEST(compare, brings_vantages_together_by_endpoint) {
  const comparison c =
      compared({file_of(scan_from("node", {probe("10.0.0.216", 443, probe_reason::syn_ack),
                                           probe("10.0.0.216", 80, probe_reason::syn_ack)})),
                file_of(scan_from("pc", {probe("10.0.0.216", 80, probe_reason::no_response),
                                         probe("10.0.0.216", 443, probe_reason::no_response)}))});
  EXPECT_EQ(c.vantages, (std::vector<std::string>{"node", "pc"}));
  EXPECT_EQ(c.compared, 2U);
  EXPECT_EQ(c.differing, 2U);
  EXPECT_TRUE(c.differ());
  ASSERT_EQ(c.groups.size(), 1U);
  EXPECT_EQ(blocks(c.groups[0]), std::vector<std::string>{"10.0.0.216:80,443"});
  EXPECT_EQ(c.groups[0].diagnosis.kind, diagnosis_kind::blocked);
  EXPECT_EQ(c.groups[0].seen[0]->word, "open");
  EXPECT_EQ(c.groups[0].seen[1]->word, "no-response");
}

TEST(compare, endpoints_that_are_alike_are_one_group) {
  std::vector<probe_record> node, pc;
  for (unsigned host = 0; host < 256; ++host) {
    for (const std::uint16_t port : web) {
      const std::string ip = "10.0.0." + std::to_string(host);
      node.push_back(probe(ip, port, probe_reason::syn_ack));
      pc.push_back(probe(ip, port, host == 7 ? probe_reason::syn_ack : probe_reason::no_response));
    }
  }
  const comparison c = compared({file_of(scan_from("node", node)), file_of(scan_from("pc", pc))});
  ASSERT_EQ(c.groups.size(), 2U);
  EXPECT_EQ(blocks(c.groups[0]),
            (std::vector<std::string>{"10.0.0.0-10.0.0.6:80,443", "10.0.0.8-10.0.0.255:80,443"}));
  EXPECT_EQ(c.groups[0].endpoints, 510U);
  EXPECT_EQ(blocks(c.groups[1]), std::vector<std::string>{"10.0.0.7:80,443"});
}

TEST(compare, a_group_whose_addresses_each_reject_names_none_of_them) {
  std::vector<probe_record> node, pc;
  for (unsigned host = 1; host <= 4; ++host) {
    const std::string ip = "10.0.0." + std::to_string(host);
    node.push_back(probe(ip, 80, probe_reason::syn_ack));
    pc.push_back(probe(ip, 80, probe_reason::port_unreach));
    pc.back().icmp = icmp_evidence{3, 3, address(ip)};
  }
  const comparison c = compared({file_of(scan_from("node", node)), file_of(scan_from("pc", pc))});
  ASSERT_EQ(c.groups.size(), 1U);
  EXPECT_EQ(blocks(c.groups[0]), std::vector<std::string>{"10.0.0.1-10.0.0.4:80"});
  EXPECT_EQ(c.groups[0].diagnosis.sentence,
            "answers at node, rejected by the address itself from pc (port-unreach): rejected by "
            "the host's own firewall, not by the service");
}

TEST(compare, shards_of_a_vantage_are_one_view) {
  const comparison c =
      compared({file_of(scan_from("pc", {probe("10.0.0.1", 80, probe_reason::syn_ack)})),
                file_of(scan_from("pc", {probe("10.0.0.2", 80, probe_reason::syn_ack)})),
                file_of(scan_from("node", {probe("10.0.0.1", 80, probe_reason::syn_ack),
                                           probe("10.0.0.2", 80, probe_reason::syn_ack)}))});
  EXPECT_EQ(c.compared, 2U);
  EXPECT_FALSE(c.differ());
  EXPECT_EQ(c.asked_from_one, 0U);
  EXPECT_TRUE(c.notices.empty());
}

TEST(compare, of_several_answers_the_one_that_tells_most_counts_and_it_is_said) {
  probe_record early = probe("10.0.0.1", 80, probe_reason::conn_refused);
  probe_record late = probe("10.0.0.1", 80, probe_reason::syn_ack);
  late.time += std::chrono::seconds(1);
  probe_record silence = probe("10.0.0.1", 80, probe_reason::no_response);
  silence.time += std::chrono::seconds(2);
  const auto node = file_of(scan_from("node", {probe("10.0.0.1", 80, probe_reason::syn_ack)}));
  for (const auto& order : {std::vector{early, late, silence}, std::vector{silence, late, early}}) {
    const comparison c = compared({node, file_of(scan_from("pc", order))});
    EXPECT_EQ(c.groups[0].seen[1]->word, "open");
    ASSERT_EQ(c.notices.size(), 1U);
    EXPECT_EQ(
        c.notices[0],
        "1 endpoint had several answers from one vantage: the one that tells most counts, and "
        "of equal ones the last");
  }
}

TEST(compare, of_several_checks_the_last_one_counts) {
  check_record down = check_of("pc", check_layer::tcp, check_problem::connect);
  check_record up = check_of("pc", check_layer::http, check_problem::none);
  up.time += std::chrono::seconds(5);
  results_file pc;
  pc.checks = {up, down};
  results_file node;
  node.checks = {check_of("node", check_layer::http, check_problem::none)};
  const comparison c = compared({node, pc});
  EXPECT_FALSE(c.differ());
  ASSERT_EQ(c.groups.size(), 1U);
  EXPECT_EQ(c.groups[0].targets, std::vector<std::string>{"https://gitlab.ailab.com/"});
}

TEST(compare, a_check_meets_a_sweep_at_its_address) {
  results_file pc;
  pc.checks = {check_of("pc", check_layer::tcp, check_problem::connect)};
  const comparison c =
      compared({file_of(scan_from("node", {probe("10.0.0.216", 443, probe_reason::syn_ack)})), pc});
  ASSERT_EQ(c.groups.size(), 1U);
  EXPECT_EQ(blocks(c.groups[0]), std::vector<std::string>{"10.0.0.216:443"});
  EXPECT_EQ(c.groups[0].diagnosis.kind, diagnosis_kind::blocked);
  EXPECT_EQ(c.asked_from_one, 1U);  // the target itself
}

TEST(compare, the_connects_of_checks_are_not_told_twice) {
  results_file both;
  both.checks = {check_of("pc", check_layer::tcp, check_problem::connect),
                 check_of("node", check_layer::http, check_problem::none)};
  const comparison c = compared({both});
  EXPECT_EQ(c.compared, 1U);
  ASSERT_EQ(c.groups.size(), 1U);
  EXPECT_TRUE(c.groups[0].blocks.empty());
  EXPECT_EQ(c.groups[0].diagnosis.sentence,
            "answers at node, silent from pc; inferred: blocked on the way, not at the service");
}

TEST(compare, traces_are_evidence_wherever_they_stand) {
  results_file node = file_of(scan_from("node", {probe("10.0.0.216", 443, probe_reason::syn_ack)}));
  results_file pc = file_of(scan_from("pc", {probe("10.0.0.216", 443, probe_reason::no_response)}));
  node.traces = {trace_ending("pc", probe_reason::no_response, {"192.168.77.1"})};
  const comparison c = compared({node, pc});
  ASSERT_EQ(c.groups.size(), 1U);
  EXPECT_EQ(
      c.groups[0].diagnosis.sentence,
      "answers at node, silent from pc; trace from pc ends after 192.168.77.1: blocked on the "
      "way, not at the service");
  EXPECT_FALSE(c.groups[0].diagnosis.inferred);
}

TEST(compare, traces_are_evidence_of_checks_too) {
  results_file file;
  file.checks = {check_of("pc", check_layer::tcp, check_problem::connect),
                 check_of("node", check_layer::http, check_problem::none)};
  file.traces = {trace_ending("pc", probe_reason::no_response, {"192.168.77.1"})};
  const comparison c = compared({file});
  ASSERT_EQ(c.groups.size(), 1U);
  EXPECT_EQ(
      c.groups[0].diagnosis.sentence,
      "answers at node, silent from pc; trace from pc ends after 192.168.77.1: blocked on the "
      "way, not at the service");
}

TEST(compare, the_end_of_a_trace_counts_where_nothing_else_was_seen) {
  results_file pc;
  pc.traces = {trace_ending("pc", probe_reason::no_response, {"192.168.77.1"})};
  results_file node;
  node.traces = {trace_ending("node", probe_reason::syn_ack, {})};
  const comparison c = compared({pc, node});
  ASSERT_EQ(c.groups.size(), 1U);
  EXPECT_EQ(c.groups[0].diagnosis.kind, diagnosis_kind::blocked);
  EXPECT_FALSE(c.groups[0].diagnosis.inferred);
}

TEST(compare, knows_whether_a_vantage_is_on_the_link) {
  const auto node = file_of(scan_from("node", {probe("10.0.0.216", 443, probe_reason::syn_ack)}));
  scan_results pc = scan_from("pc", {probe("10.0.0.216", 443, probe_reason::no_neighbor)});
  pc.header.sources = {{address("192.168.77.10"), 24, "eth0"}};
  const comparison c = compared({node, file_of(pc)});
  EXPECT_EQ(
      c.groups[0].diagnosis.sentence,
      "answers at node, the router of pc does not answer (no-neighbor): a matter of routes, not "
      "of the service");
}

TEST(compare, what_one_vantage_was_asked_about_is_counted_and_left_out) {
  const comparison c =
      compared({file_of(scan_from("node", {probe("10.0.0.1", 80, probe_reason::syn_ack),
                                           probe("10.0.0.2", 80, probe_reason::syn_ack)})),
                file_of(scan_from("pc", {probe("10.0.0.1", 80, probe_reason::syn_ack),
                                         probe("10.0.0.3", 80, probe_reason::syn_ack)}))});
  EXPECT_EQ(c.compared, 1U);
  EXPECT_EQ(c.asked_from_one, 2U);
}

TEST(compare, a_third_vantage_may_be_missing) {
  const comparison c =
      compared({file_of(scan_from("a", {probe("10.0.0.1", 80, probe_reason::syn_ack)})),
                file_of(scan_from("b", {probe("10.0.0.1", 80, probe_reason::syn_ack)})),
                file_of(scan_from("c", {probe("10.0.0.9", 80, probe_reason::syn_ack)}))});
  ASSERT_EQ(c.groups.size(), 1U);
  EXPECT_FALSE(c.groups[0].seen[2].has_value());
  EXPECT_EQ(c.groups[0].diagnosis.sentence, "answers at a and b");
}

TEST(compare, errors_say_what_is_missing) {
  const auto pc = file_of(scan_from("pc", {probe("10.0.0.1", 80, probe_reason::syn_ack)}));
  const auto node = file_of(scan_from("node", {probe("10.0.0.2", 80, probe_reason::syn_ack)}));
  EXPECT_EQ(refused({pc, pc}),
            "all results are of vantage 'pc': expected two or more; NAME=FILE names a file's");
  EXPECT_EQ(refused({pc, node}), "no endpoint was asked from two vantages (2 from one only)");
  compare_options options;
  options.only_addresses = address_set::of({{address("10.0.0.77"), address("10.0.0.77")}});
  EXPECT_EQ(refused({pc, node}, options),
            "none of the endpoints to be compared was asked from two vantages (0 from one only)");
}

TEST(compare, narrows_to_what_is_asked_for) {
  results_file pc = file_of(scan_from("pc", {probe("10.0.0.1", 80, probe_reason::syn_ack),
                                             probe("10.0.0.2", 80, probe_reason::syn_ack)}));
  results_file node = file_of(scan_from("node", {probe("10.0.0.1", 80, probe_reason::syn_ack),
                                                 probe("10.0.0.2", 80, probe_reason::syn_ack)}));
  pc.checks = {check_of("pc", check_layer::http, check_problem::none)};
  node.checks = {check_of("node", check_layer::http, check_problem::none)};
  EXPECT_EQ(compared({pc, node}).compared, 3U);
  compare_options options;
  options.only_addresses = address_set::of({{address("10.0.0.2"), address("10.0.0.2")}});
  EXPECT_EQ(compared({pc, node}, options).compared, 1U);
  options.only_hosts = {"gitlab.ailab.com"};
  EXPECT_EQ(compared({pc, node}, options).compared, 2U);
  options.only_addresses = address_set::of({{address("10.0.0.216"), address("10.0.0.216")}});
  options.only_hosts.clear();
  const comparison by_address = compared({pc, node}, options);
  ASSERT_EQ(by_address.groups.size(), 1U);
  EXPECT_EQ(by_address.groups[0].targets.size(), 1U);
}

TEST(compare, those_that_differ_come_first_and_of_these_those_that_answer) {
  const comparison c =
      compared({file_of(scan_from("node", {probe("10.0.0.1", 80, probe_reason::syn_ack),
                                           probe("10.0.0.2", 80, probe_reason::conn_refused),
                                           probe("10.0.0.3", 80, probe_reason::syn_ack)})),
                file_of(scan_from("pc", {probe("10.0.0.1", 80, probe_reason::syn_ack),
                                         probe("10.0.0.2", 80, probe_reason::no_response),
                                         probe("10.0.0.3", 80, probe_reason::no_response)}))});
  ASSERT_EQ(c.groups.size(), 3U);
  EXPECT_EQ(blocks(c.groups[0]), std::vector<std::string>{"10.0.0.3:80"});
  EXPECT_EQ(blocks(c.groups[1]), std::vector<std::string>{"10.0.0.2:80"});
  EXPECT_EQ(blocks(c.groups[2]), std::vector<std::string>{"10.0.0.1:80"});
}

// connect()'s errno of a prohibition is that of a host-unreach, and other scanners show no more.
TEST(compare, takes_a_host_unreach_without_a_sender_for_no_finding_of_another_scanner) {
  scan_results scan = scan_from("pc", {probe("10.0.0.60", 80, probe_reason::host_unreach)});
  const results_file node =
      file_of(scan_from("node", {probe("10.0.0.60", 80, probe_reason::syn_ack)}));
  const auto kind = [&] { return compared({node, file_of(scan)}).groups.at(0).diagnosis.kind; };
  EXPECT_EQ(kind(), diagnosis_kind::not_found_elsewhere);
  scan.header.scanner = "nmap";
  EXPECT_EQ(kind(), diagnosis_kind::cut_elsewhere);
  scan.probes[0].icmp = icmp_evidence{3, 1, address("192.168.77.1")};
  EXPECT_EQ(kind(), diagnosis_kind::not_found_elsewhere);
}

/// Three vantages with random views of some of 600 endpoints, and what one of each says of it.
struct random_views {
  std::vector<results_file> files;
  std::map<endpoint, std::map<std::string, probe_record>> truth;
};

random_views make_random_views(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const probe_reason some_reasons[] = {probe_reason::syn_ack,      probe_reason::conn_refused,
                                       probe_reason::no_response,  probe_reason::admin_prohibited,
                                       probe_reason::host_unreach, probe_reason::no_neighbor,
                                       probe_reason::local_error};
  random_views views;
  for (const std::string vantage : {"a", "b", "c"}) {
    std::vector<probe_record> probes;
    for (unsigned host = 0; host < 300; ++host) {
      for (const std::uint16_t port : web) {
        if (random() % 5 == 0) continue;
        // Some hosts in a row are alike, so that there are ranges.
        std::mt19937_64 like(seed + (host / 8) * 1000 + port +
                             static_cast<unsigned char>(vantage[0]) * 7919ULL);
        probe_record record;
        record.ip = advance(address(host % 2 == 0 ? "10.0.0.0" : "fd00::"), host / 2);
        record.port = port;
        record.reason = some_reasons[like() % std::size(some_reasons)];
        record.time = when;
        if (record.reason == probe_reason::admin_prohibited) {
          record.icmp =
              icmp_evidence{3, 13, address(like() % 2 == 0 ? "192.168.77.1" : "10.9.9.9")};
        }
        if (record.reason == probe_reason::local_error) record.local_errno = ENETUNREACH;
        probes.push_back(record);
        views.truth[{record.ip, record.port}][vantage] = record;
      }
    }
    std::shuffle(probes.begin(), probes.end(), random);
    views.files.push_back(file_of(scan_from(vantage, std::move(probes))));
  }
  return views;
}

TEST(compare, groups_hold_every_endpoint_once_and_as_it_was_seen) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const random_views views = make_random_views(seed);
    const comparison c = compared(views.files);
    std::map<endpoint, const comparison_group*> group_of;
    std::uint64_t differing = 0;
    for (const comparison_group& group : c.groups) {
      std::uint64_t count = 0;
      for (const endpoint_block& block : group.blocks) {
        for (ip_address ip = block.addresses.first;; ip = advance(ip, 1)) {
          for (std::uint32_t i = 0; i < block.ports.size(); ++i) {
            EXPECT_TRUE(group_of.emplace(endpoint{ip, block.ports.at(i)}, &group).second);
            ++count;
          }
          if (ip == block.addresses.last) break;
        }
      }
      EXPECT_EQ(count, group.endpoints);
      if (group.differ) differing += count;
    }
    EXPECT_EQ(differing, c.differing);

    std::uint64_t compared_count = 0, from_one = 0, unknown = 0;
    for (const auto& [at, seen] : views.truth) {
      if (seen.size() < 2) {
        ++from_one;
        EXPECT_FALSE(group_of.contains(at));
        continue;
      }
      ++compared_count;
      ASSERT_TRUE(group_of.contains(at));
      const comparison_group& group = *group_of[at];
      std::set<std::string_view> states;
      for (std::size_t i = 0; i < c.vantages.size(); ++i) {
        const auto found = seen.find(c.vantages[i]);
        ASSERT_EQ(group.seen[i].has_value(), found != seen.end());
        if (found == seen.end()) continue;
        const probe_record& record = found->second;
        states.insert(to_string(record.state()));
        EXPECT_EQ(group.seen[i]->what, sight_of(record.reason, std::nullopt));
        EXPECT_EQ(group.seen[i]->sender.has_value(), record.icmp.has_value());
        if (record.icmp) {
          EXPECT_EQ(group.seen[i]->sender, record.icmp->from);
        }
      }
      EXPECT_EQ(group.differ, states.size() > 1);
      unknown += states == std::set<std::string_view>{"error"} ? 1 : 0;
    }
    EXPECT_EQ(c.compared, compared_count);
    EXPECT_EQ(c.asked_from_one, from_one);
    EXPECT_EQ(c.unknown, unknown);
    EXPECT_TRUE(c.is_known());
  }
}

TEST(compare, the_order_of_the_files_changes_no_diagnosis) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const random_views views = make_random_views(seed);
    const comparison c = compared(views.files);
    const comparison turned = compared({views.files[2], views.files[0], views.files[1]});
    EXPECT_EQ(c.groups.size(), turned.groups.size());
    EXPECT_EQ(c.differing, turned.differing);
    std::multiset<diagnosis_kind> kinds, turned_kinds;
    for (const comparison_group& group : c.groups) kinds.insert(group.diagnosis.kind);
    for (const comparison_group& group : turned.groups) turned_kinds.insert(group.diagnosis.kind);
    EXPECT_EQ(kinds, turned_kinds);
  }
}

/// The random views, and a check and a trace in the last file.
std::vector<results_file> results_of_all_kinds(std::uint64_t seed) {
  std::vector<results_file> files = make_random_views(seed).files;
  files.back().checks = {check_of("a", check_layer::http, check_problem::none),
                         check_of("b", check_layer::tcp, check_problem::none)};
  files.back().traces = {trace_ending("d", probe_reason::no_response, {"192.168.77.1"})};
  return files;
}

std::string said_by(comparison_builder builder) {
  const absl::StatusOr<comparison> result = std::move(builder).finish();
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? comparison_json(*result) : "";
}

TEST(comparison_builder, says_the_same_whatever_fits_in_memory) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const std::vector<results_file> files = results_of_all_kinds(seed);
    const std::string wanted = comparison_json(compared(files));
    for (const std::size_t in_memory : {1U, 7U, 300U, 5000U}) {
      comparison_builder builder({.records_in_memory = in_memory});
      for (const results_file& file : files) EXPECT_TRUE(builder.add(file).ok());
      EXPECT_EQ(said_by(std::move(builder)), wanted) << in_memory;
    }
  }
}

TEST(comparison_builder, reads_files_record_by_record) {
  const testing::temporary_folder folder;
  std::vector<results_file> files = make_random_views(3).files;
  comparison_builder builder;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string path = folder / std::to_string(i);
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const auto writer = make_writer(report_format::ndjson, fd, {});
    EXPECT_FALSE(writer->begin(files[i].scans[0].header));
    EXPECT_FALSE(writer->add(files[i].scans[0].probes));
    EXPECT_FALSE(writer->end({}));
    ::close(fd);
    // One file's vantage is called otherwise.
    EXPECT_TRUE(builder.add_file(path, i == 1 ? "other" : "").ok());
  }
  files[1].scans[0].header.vantage = "other";
  EXPECT_EQ(said_by(std::move(builder)), comparison_json(compared(files)));
  EXPECT_FALSE(comparison_builder().add_file(folder / "nothing").ok());
}

TEST(comparison_builder, says_when_there_is_no_room_for_the_records) {
  const char* const before = ::getenv("TMPDIR");
  const std::string restore = before == nullptr ? "" : before;
  ::setenv("TMPDIR", "/nonexistent", 1);
  comparison_builder builder({.records_in_memory = 1});
  const absl::Status added = builder.add(make_random_views(1).files[0]);
  before == nullptr ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", restore.c_str(), 1);
  EXPECT_NE(added.message().find("cannot keep records in a temporary file (TMPDIR)"),
            std::string::npos)
      << added;
}

}  // namespace
}  // namespace netscan
