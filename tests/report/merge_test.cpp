#include "netscan/report/merge.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <random>

#include "netscan/target/plan.hpp"
#include "netscan/target/status.hpp"
#include "record_sorter.hpp"
#include "sample_scans.hpp"
#include "temporary_folder.hpp"

namespace netscan {
namespace {

using testing::merge_error;
using testing::merged;
using testing::random_record;
using testing::temporary_folder;
using testing::write_file;
using testing::written;

timestamp at(std::int64_t milliseconds) {
  return timestamp(std::chrono::milliseconds(1767607200000 + milliseconds));
}

plan plan_of(const char* block, const char* ports, const plan_options& options) {
  return *plan::make(address_set::of({*parse_cidr(block)}), *parse_ports(ports), options);
}

/// What a scan of this plan writes first.
scan_header header_of(const plan& plan) {
  scan_header h = testing::sample_header();
  h.targets.clear();
  for (const address_range& range : plan.targets().ranges()) {
    h.targets.push_back(to_string(range));
  }
  h.exclude.clear();
  h.ports = to_string(plan.ports());
  h.addresses = absl::Uint128Low64(plan.targets().size());
  h.planned = plan.size();
  h.seed = plan.options().seed;
  h.order = to_string(plan.options().order);
  h.shard_index = plan.options().shard.index;
  h.shard_count = plan.options().shard.count;
  h.plan_hash = fmt::format("{:016x}", plan.hash());
  h.start = at(0);
  return h;
}

/// A scan of this plan with a record of each probe that `has` takes.
template <typename Has>
scan_results scan_of(const plan& plan, std::mt19937_64& random, Has has) {
  scan_results scan;
  scan.header = header_of(plan);
  scan_summary summary;
  for (std::uint64_t i = 0; i < plan.size(); ++i) {
    if (!has(i)) continue;
    probe_record record = random_record(random);
    record.ip = plan.at(i).address;
    record.port = plan.at(i).port;
    record.time = at(static_cast<std::int64_t>(random() % 50));
    record.attempts = 1;
    count(summary, record);
    scan.probes.push_back(record);
  }
  std::shuffle(scan.probes.begin(), scan.probes.end(), random);
  summary.planned = plan.size();
  summary.not_started = plan.size() - summary.ended();
  summary.syns = summary.ended() + random() % 100;
  summary.duration_ms = 100;
  summary.complete = summary.not_started == 0;
  scan.summary = summary;
  return scan;
}

class merging : public ::testing::Test {
 protected:
  /// Writes it to a file; its path.
  std::string file(const std::string& name, const scan_results& scan) {
    std::string text = written(report_format::ndjson, scan.header, scan.probes,
                               scan.summary.value_or(scan_summary()));
    if (!scan.summary) text.resize(text.rfind('\n', text.size() - 2) + 1);
    write_file(folder_ / name, text);
    return folder_ / name;
  }
  std::string file(const std::string& name, const scan_header& header) {
    return file(
        name,
        {"", header, {}, scan_summary{.planned = header.planned, .not_started = header.planned}});
  }

  temporary_folder folder_;
  std::mt19937_64 random_{1};
};

TEST_F(merging, shards_gives_what_one_scan_of_the_whole_has) {
  for (int round = 0; round < 40; ++round) {
    const std::uint64_t seed = random_();
    const std::uint64_t count = 1 + random_() % 7;
    const auto order = random_() % 2 == 0 ? probe_order::permuted : probe_order::sequential;
    const char* const block = random_() % 2 == 0 ? "10.0.0.0/27" : "fd00::/123";
    const plan whole = plan_of(block, "80-84,443", {.seed = seed, .order = order});
    std::vector<std::string> paths;
    std::map<endpoint, probe_record> truth;
    scan_summary sum{.complete = true};
    for (std::uint64_t index = 1; index <= count; ++index) {
      const plan part =
          plan_of(block, "80-84,443", {.seed = seed, .order = order, .shard = {index, count}});
      const scan_results scan = scan_of(part, random_, [](std::uint64_t) { return true; });
      for (const probe_record& record : scan.probes) truth[{record.ip, record.port}] = record;
      add(sum, *scan.summary);
      paths.push_back(file(std::to_string(index) + ".ndjson", scan));
    }
    sum.duration_ms = 100;  // all at the same time
    std::shuffle(paths.begin(), paths.end(), random_);
    std::vector<std::string> notices;
    const scan_results result = merged(paths, {.records_in_memory = 1 + random_() % 300}, &notices);
    EXPECT_EQ(result.header, header_of(whole));
    EXPECT_EQ(*result.summary, sum);
    std::vector<probe_record> expected;
    for (const auto& [probe, record] : truth) expected.push_back(record);
    ASSERT_EQ(result.probes, expected);
    EXPECT_EQ(notices, std::vector<std::string>());
  }
}

TEST_F(merging, overlapping_runs_keeps_the_better_record_whatever_the_order_of_the_files) {
  for (int round = 0; round < 40; ++round) {
    std::vector<std::string> paths;
    std::map<endpoint, probe_record> best;
    const plan plan = plan_of("10.0.0.0/28", "80-84", {.seed = 9});
    for (auto runs = 1 + random_() % 4; runs > 0; --runs) {
      const auto share = random_() % 101;
      scan_results scan =
          scan_of(plan, random_, [&](std::uint64_t) { return random_() % 100 < share; });
      for (const probe_record& record : scan.probes) {
        const auto [kept, is_new] = best.try_emplace({record.ip, record.port}, record);
        if (!is_new && detail::is_better(record, kept->second)) kept->second = record;
      }
      if (random_() % 3 == 0) scan.summary.reset();
      paths.push_back(file(std::to_string(runs) + ".ndjson", scan));
    }
    const scan_results result = merged(paths);
    ASSERT_EQ(result.probes.size(), best.size());
    for (const probe_record& record : result.probes) {
      ASSERT_EQ(record, (best.at({record.ip, record.port})));
    }
    EXPECT_EQ(result.summary->not_started, plan.size() - best.size());
    EXPECT_EQ(result.summary->complete, plan.size() == best.size());
    std::reverse(paths.begin(), paths.end());
    const scan_results again = merged(paths);
    EXPECT_EQ(again.header, result.header);
    EXPECT_EQ(again.probes, result.probes);
    EXPECT_EQ(*again.summary, *result.summary);
  }
}

TEST_F(merging, what_is_merged_changes_nothing) {
  const plan plan = plan_of("10.0.0.0/28", "80-84", {.seed = 9});
  const scan_results once =
      merged({file("a.ndjson", scan_of(plan, random_, [](std::uint64_t i) { return i % 2; })),
              file("b.ndjson", scan_of(plan, random_, [](std::uint64_t i) { return i % 3; }))});
  const scan_results twice = merged({file("once.ndjson", once)});
  EXPECT_EQ(twice.header, once.header);
  EXPECT_EQ(twice.probes, once.probes);
  EXPECT_EQ(*twice.summary, *once.summary);
}

TEST_F(merging, without_a_shard_is_not_complete_and_says_so) {
  std::vector<std::string> paths;
  for (const std::uint64_t index : {1U, 3U, 4U}) {
    const plan part = plan_of("10.0.0.0/28", "80", {.seed = 9, .shard = {index, 5}});
    paths.push_back(file(std::to_string(index) + ".ndjson",
                         scan_of(part, random_, [](std::uint64_t) { return true; })));
  }
  std::vector<std::string> notices;
  const scan_results result = merged(paths, {}, &notices);
  EXPECT_EQ(result.header.planned, 16u);
  EXPECT_EQ(result.summary->planned, 16u);
  EXPECT_EQ(result.summary->not_started, 3u + 3);
  EXPECT_FALSE(result.summary->complete);
  EXPECT_EQ(notices, (std::vector<std::string>{"missing: shards 2/5, 5/5"}));
}

TEST_F(merging, names_some_of_many_missing_shards) {
  const plan part = plan_of("10.0.0.0/28", "80", {.seed = 9, .shard = {4, 1ULL << 60}});
  std::vector<std::string> notices;
  merged({file("4.ndjson", scan_of(part, random_, [](std::uint64_t) { return true; }))}, {},
         &notices);
  const std::string n = std::to_string(1ULL << 60);
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_TRUE(notices[0].starts_with("missing: shards 1/" + n + ", 2/" + n + ", 3/" + n + ", 5/"));
  EXPECT_TRUE(notices[0].ends_with("and 1152921504606846967 more"));
}

TEST_F(merging, takes_what_a_killed_scan_has) {
  const plan plan = plan_of("10.0.0.0/28", "80", {.seed = 9});
  scan_results scan = scan_of(plan, random_, [](std::uint64_t i) { return i < 10; });
  scan.summary.reset();
  std::uint64_t attempts = 0;
  for (probe_record& record : scan.probes) attempts += record.attempts += 2;
  scan.probes.back().time = at(777);
  const std::string path = file("killed.ndjson", scan);
  std::ofstream(path, std::ios::app) << R"({"type":"probe","vanta)";
  std::vector<std::string> notices;
  const scan_results result = merged({path}, {}, &notices);
  EXPECT_EQ(result.probes.size(), 10u);
  EXPECT_EQ(result.summary->not_started, 6u);
  EXPECT_FALSE(result.summary->complete);
  EXPECT_EQ(result.summary->syns, attempts);
  EXPECT_EQ(result.summary->duration_ms, 777u);
  ASSERT_EQ(notices.size(), 2u);
  EXPECT_NE(notices[0].find("the last line is cut off"), std::string::npos);
  EXPECT_EQ(notices[1],
            path +
                ": its scan has no summary, so it was killed; what it had is taken, and "
                "its SYNs are at least those counted");
}

TEST_F(merging, counts_skipped_probes_once) {
  const auto with_skipped = [&](const shard& shard, std::uint64_t skipped) {
    const plan part = plan_of("10.0.0.0/28", "80", {.seed = 9, .shard = shard});
    scan_results scan = scan_of(part, random_, [&](std::uint64_t i) { return i >= skipped; });
    scan.summary->skipped = std::exchange(scan.summary->not_started, 0);
    scan.summary->complete = true;
    return scan;
  };
  const std::string a = file("a.ndjson", with_skipped({1, 2}, 1));
  const std::string again = file("again.ndjson", with_skipped({1, 2}, 1));
  const std::string b = file("b.ndjson", with_skipped({2, 2}, 2));
  const scan_results result = merged({a, again, b});
  EXPECT_EQ(result.summary->skipped, 3u);
  EXPECT_EQ(result.summary->not_started, 0u);
  EXPECT_TRUE(result.summary->complete);
  EXPECT_EQ(merged({a, again}).summary->skipped, 1u);
}

TEST_F(merging, adds_up_the_time_in_which_something_ran) {
  const plan plan = plan_of("10.0.0.0/28", "80", {.seed = 9});
  const auto run = [&](const char* name, std::int64_t start, std::uint64_t duration) {
    scan_results scan = scan_of(plan, random_, [](std::uint64_t) { return true; });
    scan.header.start = at(start);
    scan.summary->duration_ms = duration;
    return file(name, scan);
  };
  const auto a = run("a", 0, 100), b = run("b", 50, 100), c = run("c", 60, 10);
  const auto d = run("d", 1000, 7), e = run("e", 5000, ~0ULL);
  EXPECT_EQ(merged({c, a, d, b}).summary->duration_ms, 150u + 7);
  EXPECT_EQ(merged({d, a}).header.start, at(0));
  EXPECT_GE(merged({e, a}).summary->duration_ms, 1ULL << 50);
}

TEST_F(merging, opens_no_file_that_results_name) {
  const plan plan = plan_of("10.0.0.0/28", "80", {.seed = 9});
  scan_results scan = scan_of(plan, random_, [](std::uint64_t) { return true; });
  // Opening it would wait for a writer, and there is none.
  const std::string pipe = std::string(folder_ / "pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  scan.header.exclude = {"@" + pipe};
  EXPECT_EQ(merged({file("exclude", scan)}).probes.size(), plan.size());
  scan.header.exclude.clear();
  scan.header.targets = {"@" + pipe};
  EXPECT_EQ(merged({file("targets", scan)}).probes.size(), plan.size());
}

TEST_F(merging, takes_the_header_from_all) {
  const plan plan = plan_of("10.0.0.0/28", "80", {.seed = 9});
  scan_header a = header_of(plan);
  scan_header b = a;
  b.start = at(-5);
  b.sources = {{*parse_ip_address("192.168.77.11"), 24, "eth0"}, a.sources[0]};
  b.gateways = {*parse_ip_address("192.168.77.2")};
  b.rate = 0;  // no limit
  b.per_address = 7;
  b.per_network = 5000;
  a.per_address = 8;
  a.per_network = 0;
  a.limits.emplace().descriptors = 1;
  b.limits.emplace().descriptors = 2;
  b.threads = 64;
  b.concurrency = 9999;
  const scan_header whole = merged({file("a.ndjson", a), file("b.ndjson", b)}).header;
  EXPECT_EQ(whole.start, at(-5));
  EXPECT_EQ(whole.sources.size(), 3u);
  EXPECT_EQ(whole.gateways.size(), 2u);
  EXPECT_EQ(whole.rate, 0u);
  EXPECT_EQ(whole.per_address, 8u);
  EXPECT_EQ(whole.per_network, 0u);
  EXPECT_EQ(whole.limits, std::nullopt);
  EXPECT_EQ(whole.threads, 64u);
  EXPECT_EQ(whole.concurrency, 9999u);
}

TEST_F(merging, weighs_the_loss) {
  const plan plan = plan_of("10.0.0.0/28", "80", {.seed = 9});
  scan_results a{"", header_of(plan), {}, scan_summary{.open = 1, .loss_estimate = 0.5}};
  scan_results b{"", header_of(plan), {}, scan_summary{.closed = 3, .loss_estimate = 0.1}};
  EXPECT_DOUBLE_EQ(merged({file("a", a), file("b", b)}).summary->loss_estimate, 0.2);
}

TEST_F(merging, refuses_what_does_not_belong_together) {
  const plan_options options{.seed = 9, .shard = {1, 2}};
  const scan_header good = header_of(plan_of("10.0.0.0/28", "80", options));
  const std::string first = file("a.ndjson", good);
  const auto refusal = [&](const scan_header& other) {
    const std::string second = file("b.ndjson", other);
    const std::string error = merge_error({first, second});
    const std::string start = second + " does not belong to " + first + ": ";
    return error.starts_with(start) ? error.substr(start.size()) : error;
  };
  const auto of = [&](const char* block, const char* ports, const plan_options& with) {
    return header_of(plan_of(block, ports, with));
  };
  EXPECT_EQ(refusal(good), "");
  EXPECT_EQ(refusal(of("10.0.0.0/28", "443", options)), "ports are 80 there and 443 here");
  EXPECT_EQ(refusal(of("10.0.1.0/28", "80", options)),
            "targets are 10.0.0.0/28 there and 10.0.1.0/28 here");
  EXPECT_EQ(refusal(of("10.0.0.0/28", "80", {.seed = 8, .shard = {1, 2}})),
            "the seed is 9 there and 8 here");
  EXPECT_EQ(refusal(of("10.0.0.0/28", "80",
                       {.seed = 9, .order = probe_order::sequential, .shard = {1, 2}})),
            "the order is permuted there and sequential here");
  EXPECT_EQ(refusal(of("10.0.0.0/28", "80", {.seed = 9, .shard = {1, 4}})),
            "the number of shards is 2 there and 4 here");
  EXPECT_EQ(refusal(of("10.0.0.0/28", "80", {.seed = 9})),
            "the number of shards is 2 there and 1 here");
  scan_header other = good;
  other.plan_hash = "0123456789abcdef";
  EXPECT_EQ(refusal(other), "names among the targets had other addresses");
  other.exclude = {"10.0.0.7"};
  EXPECT_EQ(refusal(other), "excluded are none there and 10.0.0.7 here");
  other = good;
  other.timeout_ms = 4000;
  EXPECT_EQ(refusal(other), "the timeout in ms is 1100 there and 4000 here");
  other = good;
  other.timing = "fast";
  EXPECT_EQ(refusal(other), "the timing is default there and fast here");
  other = good;
  other.retries = 5;
  EXPECT_EQ(refusal(other), "the number of retries is 1 there and 5 here");
  other = good;
  other.vantage = "node\n";
  EXPECT_EQ(refusal(other), R"(the vantage is pc there and node\x0a here (a name for both makes )"
                            "them one)");
  EXPECT_EQ(merge_error({first, folder_ / "b.ndjson"}, {.vantage = "cluster"}), "");
  EXPECT_EQ(merged({first, folder_ / "b.ndjson"}, {.vantage = "cluster"}).header.vantage,
            "cluster");
}

TEST_F(merging, refuses_headers_that_make_no_plan) {
  const scan_header good = header_of(plan_of("10.0.0.0/28", "80", {.seed = 9, .shard = {1, 3}}));
  const auto refusal = [&](const scan_header& header) {
    const std::string path = file("a.ndjson", header);
    const std::string error = merge_error({path});
    return error.starts_with(path + ": ") ? error.substr(path.size() + 2) : error;
  };
  scan_header bad = good;
  bad.planned = 5;
  EXPECT_EQ(refusal(bad), "shard 1/3 of 16 probes has 6, and 5 are said to be planned");
  bad = good;
  bad.shard_index = 4;
  EXPECT_EQ(refusal(bad), "16 addresses and shard 4/3 make no plan");
  bad = good;
  bad.addresses = ~0ULL;
  EXPECT_EQ(refusal(bad), "18446744073709551615 addresses and shard 1/3 make no plan");
  bad = good;
  bad.addresses = 0;
  EXPECT_EQ(refusal(bad), "0 addresses and shard 1/3 make no plan");
  bad = good;
  bad.ports = "80,x";
  EXPECT_NE(refusal(bad).find("'x'"), std::string::npos);
  bad.ports = "";
  EXPECT_NE(refusal(bad), "");
  EXPECT_EQ(message_of(result_merger().header().status()), "there are no results to merge");
}

TEST_F(merging, refuses_a_record_that_is_not_of_its_plan) {
  const plan part = plan_of("10.0.0.0/28", "80", {.seed = 9, .shard = {1, 2}});
  const plan other = plan_of("10.0.0.0/28", "80", {.seed = 9, .shard = {2, 2}});
  scan_results scan = scan_of(part, random_, [](std::uint64_t) { return true; });
  scan.probes[2].ip = other.at(0).address;
  const std::string path = file("a.ndjson", scan);
  EXPECT_EQ(merge_error({path}),
            path + ":4: " + to_string(other.at(0).address) + " port 80 is not of the scan's plan");
}

TEST_F(merging, that_cannot_know_the_plan_is_not_complete_with_more_records_than_it_has) {
  const plan plan = plan_of("10.0.0.0/28", "80", {.seed = 9});
  scan_results scan = scan_of(plan, random_, [](std::uint64_t i) { return i != 3; });
  scan.header.targets = {"gitlab.example"};
  probe_record stranger = scan.probes[0];
  for (stranger.port = 81; stranger.port < 84; ++stranger.port) scan.probes.push_back(stranger);
  const scan_results result = merged({file("a.ndjson", scan)});
  EXPECT_EQ(result.summary->ended(), 18u);
  EXPECT_FALSE(result.summary->complete);
}

TEST_F(merging, reads_no_file_that_a_header_names) {
  const plan plan = plan_of("10.0.0.0/28", "80", {.seed = 9});
  scan_results scan = scan_of(plan, random_, [](std::uint64_t) { return true; });
  write_file(folder_ / "list", "10.0.0.0/29");
  scan.header.targets = {"@" + folder_ / "list"};
  EXPECT_EQ(merge_error({file("a.ndjson", scan)}), "");
}

TEST_F(merging, takes_several_scans_of_one_file) {
  const plan a = plan_of("10.0.0.0/28", "80", {.seed = 9, .shard = {1, 2}});
  const plan b = plan_of("10.0.0.0/28", "80", {.seed = 9, .shard = {2, 2}});
  const auto all = [](std::uint64_t) { return true; };
  const std::string first = file("a.ndjson", scan_of(a, random_, all));
  const std::string second = file("b.ndjson", scan_of(b, random_, all));
  write_file(folder_ / "both.ndjson", testing::read_file(first) + testing::read_file(second));
  const scan_results result = merged({folder_ / "both.ndjson"});
  EXPECT_EQ(result.probes, merged({first, second}).probes);
  EXPECT_TRUE(result.summary->complete);
}

}  // namespace
}  // namespace netscan
