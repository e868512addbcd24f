#include "netscan/scan/journal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <set>

#include "allocation_count.hpp"
#include "journal_support.hpp"
#include "netscan/scan/header.hpp"
#include "netscan/target/status.hpp"
#include "simulated_network.hpp"

namespace netscan {
namespace {

using testing::failure;
using testing::head_of;
using testing::journal_plan;
using testing::read_file;
using testing::replayed;
using testing::temporary_folder;
using testing::verdict;
using testing::write_file;

std::string text_of(const absl::Status& status) {
  return std::string(message_of(status));
}

class a_journal : public ::testing::Test {
 protected:
  journal created() { return *journal::create(path_, head_of(plan_)); }
  journal opened() { return *journal::open(path_); }

  temporary_folder folder_;
  std::string path_ = folder_ / "sweep.journal";
  plan plan_ = journal_plan();
};

TEST_F(a_journal, gives_back_what_it_is_of) {
  const journal_head written = head_of(plan_);
  { ASSERT_TRUE(journal::create(path_, written).ok()); }
  const journal_head read = opened().head();
  EXPECT_EQ(read.header, written.header);
  EXPECT_EQ(read.notes, written.notes);
  EXPECT_EQ(read.plan.hash(), plan_.hash());
  EXPECT_EQ(read.plan.size(), plan_.size());
  EXPECT_EQ(read.plan.at(17), plan_.at(17));
  EXPECT_EQ(read.options.timeout, written.options.timeout);
  EXPECT_EQ(read.options.timing, written.options.timing);
  EXPECT_EQ(read.options.retries, written.options.retries);
  EXPECT_EQ(read.options.rate, written.options.rate);
  EXPECT_EQ(read.options.concurrency, written.options.concurrency);
  EXPECT_EQ(read.options.per_address, written.options.per_address);
  EXPECT_EQ(read.options.per_network, written.options.per_network);
  EXPECT_EQ(read.options.threads, written.options.threads);
}

TEST(describe_plan, is_what_the_header_of_a_scan_has_of_its_plan) {
  const plan plan = journal_plan({.seed = 5, .shard = {2, 3}});
  const scan_options options = head_of(plan).options;
  const scan_header header = describe_plan(plan, options);
  EXPECT_EQ(header.ports, "80,443,8000-8002");
  EXPECT_EQ(header.addresses, 28u);
  EXPECT_EQ(header.planned, plan.size());
  EXPECT_EQ(header.shard_index, 2u);
  EXPECT_EQ(header.timeout_ms, 1234u);
  EXPECT_EQ(header.per_address, 5u);
  scan_header whole = describe_scan(plan, options, "");
  EXPECT_EQ(whole.plan_hash, header.plan_hash);
  whole.version.clear();
  whole.start = {};
  whole.sources.clear();
  whole.gateways.clear();
  whole.targets.clear();
  whole.limits.reset();
  whole.concurrency = whole.threads = 0;
  EXPECT_EQ(whole, header);
}

TEST_F(a_journal, gives_back_every_kind_of_plan) {
  const auto ranges = {*parse_address_range("fe80::1%lo-fe80::77%lo"), *parse_cidr("10.0.0.0/8"),
                       *parse_address_range("192.0.2.7-192.0.2.7"),
                       *parse_address_range("fd00::1-fd00::ffff")};
  const plan whole =
      *plan::make(address_set::of(ranges), *parse_ports("-"),
                  {.seed = ~0ULL, .order = probe_order::sequential, .shard = {3, 8}});
  { ASSERT_TRUE(journal::create(path_, head_of(whole)).ok()); }
  const journal journal = opened();
  EXPECT_EQ(journal.head().plan.targets(), whole.targets());
  EXPECT_EQ(journal.head().plan.ports(), whole.ports());
  EXPECT_EQ(journal.head().plan.options().seed, ~0ULL);
  EXPECT_EQ(journal.head().plan.options().order, probe_order::sequential);
  EXPECT_EQ(journal.head().plan.options().shard, (shard{3, 8}));
  EXPECT_EQ(journal.head().plan.hash(), whole.hash());
}

TEST_F(a_journal, gives_back_its_records_in_their_order) {
  std::vector<probe_record> records;
  for (const std::uint64_t index : {3U, 0U, 1U, 2U, 9U, 5U})
    records.push_back(verdict(plan_, index));
  {
    journal journal = created();
    EXPECT_TRUE(journal.done().empty());
    EXPECT_EQ(journal.rest().size(), plan_.size());
    ASSERT_FALSE(journal.begin_run());
    ASSERT_FALSE(journal.add({records.data(), 4}));
    ASSERT_FALSE(journal.add({records.data() + 4, 0}));
    ASSERT_FALSE(journal.add({records.data() + 4, 2}));
  }
  const journal journal = opened();
  EXPECT_EQ(replayed(journal), records);
  EXPECT_EQ(journal.done().size(), 6u);
  EXPECT_EQ(journal.done().gaps(10), (std::vector<index_range>{{4, 4}, {6, 8}}));
  EXPECT_EQ(journal.rest().size(), plan_.size() - 6);
  EXPECT_EQ(journal.rest().at(0), plan_.at(4));
  EXPECT_TRUE(journal.notices().empty());
}

TEST_F(a_journal, takes_any_number_of_records_at_once) {
  const plan large = *plan::make(address_set::of({*parse_cidr("10.0.0.0/16")}), *parse_ports("80"));
  std::vector<probe_record> records;
  for (std::uint64_t i = 0; i < large.size(); ++i) records.push_back(verdict(large, i));
  {
    journal journal = *journal::create(path_, head_of(large));
    ASSERT_FALSE(journal.begin_run());
    ASSERT_FALSE(journal.add(records));
  }
  const journal journal = opened();
  EXPECT_EQ(replayed(journal), records);
  EXPECT_EQ(journal.done().range_count(), 1u);
  EXPECT_EQ(journal.rest().size(), 0u);
}

TEST_F(a_journal, goes_on_in_run_after_run) {
  { ASSERT_FALSE(created().begin_run()); }
  for (std::uint64_t run = 0; run < 4; ++run) {
    journal journal = opened();
    EXPECT_EQ(journal.done().size(), 2 * run);
    ASSERT_FALSE(journal.begin_run());
    const probe_record some[] = {verdict(plan_, 2 * run), verdict(plan_, 2 * run + 1)};
    ASSERT_FALSE(journal.add(some));
  }
  EXPECT_EQ(replayed(opened()).size(), 8u);
}

TEST_F(a_journal, asks_again_what_this_host_failed_to_ask) {
  {
    journal journal = created();
    ASSERT_FALSE(journal.begin_run());
    const probe_record some[] = {verdict(plan_, 0), failure(plan_, 1), verdict(plan_, 2)};
    ASSERT_FALSE(journal.add(some));
  }
  {
    journal journal = opened();
    EXPECT_EQ(journal.rest().at(0), plan_.at(1));
    EXPECT_EQ(replayed(journal).size(), 2u);
    ASSERT_FALSE(journal.begin_run());
    const probe_record again = verdict(plan_, 1);
    ASSERT_FALSE(journal.add({&again, 1}));
  }
  const journal journal = opened();
  EXPECT_EQ(replayed(journal),
            (std::vector{verdict(plan_, 0), verdict(plan_, 2), verdict(plan_, 1)}));
  EXPECT_EQ(journal.rest().at(0), plan_.at(3));
}

TEST_F(a_journal, gives_a_record_back_once_however_often_it_is_in_it) {
  {
    journal journal = created();
    ASSERT_FALSE(journal.begin_run());
    probe_record later = verdict(plan_, 1);
    later.reason = probe_reason::no_response;
    const probe_record some[] = {verdict(plan_, 1), verdict(plan_, 0), later, verdict(plan_, 0)};
    ASSERT_FALSE(journal.add(some));
    ASSERT_FALSE(journal.add(some));
  }
  const journal journal = opened();
  EXPECT_EQ(replayed(journal), (std::vector{verdict(plan_, 1), verdict(plan_, 0)}));
  EXPECT_EQ(journal.total({}).ended(), 2u);
}

TEST_F(a_journal, leaves_out_what_is_not_of_its_plan) {
  const plan shard = journal_plan({.seed = 5, .shard = {2, 3}});
  {
    journal journal = *journal::create(path_, head_of(shard));
    ASSERT_FALSE(journal.begin_run());
    probe_record elsewhere = verdict(shard, 0);
    elsewhere.ip = *parse_ip_address("10.9.9.9");
    probe_record other_port = verdict(shard, 0);
    other_port.port = 81;
    const probe_record some[] = {elsewhere, verdict(plan_, 0), other_port, verdict(shard, 0)};
    ASSERT_FALSE(journal.add(some));
  }
  EXPECT_EQ(replayed(opened()), (std::vector{verdict(shard, 0)}));
}

TEST_F(a_journal, adds_its_runs_up) {
  const auto at = [](int ms) { return timestamp(std::chrono::milliseconds(ms)); };
  {
    journal journal = created();
    ASSERT_FALSE(journal.begin_run());
    const probe_record some[] = {verdict(plan_, 1), failure(plan_, 2)};
    ASSERT_FALSE(journal.add(some));
    ASSERT_FALSE(journal.end_run({.planned = 140,
                                  .open = 1,
                                  .error = 1,
                                  .not_started = 138,
                                  .syns = 17,
                                  .duration_ms = 300,
                                  .loss_estimate = 0.5}));
  }
  std::uint64_t killed_after = 0;
  {
    journal journal = opened();
    ASSERT_FALSE(journal.begin_run());
    // A run of 5 attempts that was killed: how long it went on is in its records.
    const auto now =
        std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    probe_record some[] = {verdict(plan_, 0), verdict(plan_, 5), verdict(plan_, 2)};
    for (probe_record& record : some) record.time = at(0);
    some[1].time = now + std::chrono::milliseconds(5000);
    EXPECT_EQ(some[0].attempts + some[1].attempts + some[2].attempts, 7);
    ASSERT_FALSE(journal.add(some));
    killed_after = 5000;
  }
  const journal journal = opened();
  const scan_summary total = journal.total({.planned = journal.rest().size(),
                                            .open = 2,
                                            .closed = 1,
                                            .skipped = 1,
                                            .not_started = journal.rest().size() - 4,
                                            .syns = 8,
                                            .duration_ms = 1000,
                                            .loss_estimate = 0.1});
  EXPECT_EQ(total.planned, plan_.size());
  EXPECT_EQ(total.open, 4u);      // 1 and 5, and two of the last run
  EXPECT_EQ(total.closed, 2u);    // 2, asked again, and one
  EXPECT_EQ(total.filtered, 1u);  // 0
  EXPECT_EQ(total.error, 0u);
  EXPECT_EQ(total.skipped, 1u);
  EXPECT_EQ(total.ended() + total.skipped + total.not_started, total.planned);
  EXPECT_EQ(total.syns, 17u + 7 + 8);
  // The clock may tick between begin_run() and now.
  EXPECT_GE(total.duration_ms, 300 + killed_after + 1000);
  EXPECT_LT(total.duration_ms, 300 + killed_after + 1000 + 4000);
  EXPECT_DOUBLE_EQ(total.loss_estimate, (1 * 0.5 + 3 * 0.1) / 4);
  EXPECT_FALSE(total.complete);
}

TEST_F(a_journal, of_one_run_has_the_summary_of_that_run) {
  const scan_summary run{.planned = plan_.size(),
                         .open = 1,
                         .filtered = plan_.size() - 1,
                         .syns = 300,
                         .duration_ms = 12,
                         .loss_estimate = 0.25,
                         .complete = true};
  EXPECT_EQ(created().total(run), run);
}

TEST_F(a_journal, remembers_where_each_run_was_made) {
  // Here the sources are those of this host, which the head's are not.
  const std::size_t before = head_of(plan_).header.sources.size();
  { ASSERT_FALSE(created().begin_run()); }
  const std::size_t once = opened().head().header.sources.size();
  { ASSERT_FALSE(opened().begin_run()); }
  EXPECT_GE(once, before);
  EXPECT_EQ(opened().head().header.sources.size(), once) << "the same host counts once";
}

TEST_F(a_journal, is_open_in_one_place_at_a_time) {
  const journal journal = created();
  const auto again = journal::open(path_);
  EXPECT_TRUE(absl::IsUnavailable(again.status()));
  EXPECT_EQ(text_of(again.status()), "the journal '" + path_ + "' is in use by another scan");
  EXPECT_TRUE(absl::IsUnavailable(journal::create(path_, head_of(plan_)).status()));
}

TEST_F(a_journal, that_has_something_in_it_is_not_written_over) {
  { created(); }
  const std::string before = read_file(path_);
  const auto again = journal::create(path_, head_of(plan_));
  EXPECT_TRUE(absl::IsAlreadyExists(again.status()));
  EXPECT_EQ(read_file(path_), before);
}

TEST_F(a_journal, takes_no_other_files_place) {
  for (const char* content : {"x", "precious data\n", "netscan", "netscan journey 1\n", "{}\n"}) {
    write_file(path_, content);
    const bool may_be_cut_off = std::string_view("netscan journal 1\n").starts_with(content);
    EXPECT_EQ(journal::create(path_, head_of(plan_)).ok(), may_be_cut_off) << content;
    if (!may_be_cut_off) {
      EXPECT_EQ(read_file(path_), content);
      EXPECT_TRUE(absl::IsInvalidArgument(journal::open(path_).status()));
    }
    ::unlink(path_.c_str());
  }
  EXPECT_FALSE(journal::create(folder_ / ".", head_of(plan_)).ok());
  EXPECT_FALSE(journal::create(folder_ / "no/such/place", head_of(plan_)).ok());
  EXPECT_TRUE(absl::IsNotFound(journal::open(path_).status()));
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_TRUE(absl::IsInvalidArgument(journal::create(path_, head_of(plan_)).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(journal::open(path_).status()));
}

TEST_F(a_journal, of_another_version_is_refused_and_left_alone) {
  { created(); }
  std::string bytes = read_file(path_);
  bytes[16] = '2';
  write_file(path_, bytes);
  EXPECT_EQ(text_of(journal::open(path_).status()),
            "the journal '" + path_ + "' is of another version of netscan");
  EXPECT_TRUE(absl::IsInvalidArgument(journal::create(path_, head_of(plan_)).status()));
  EXPECT_EQ(read_file(path_), bytes);
}

TEST_F(a_journal, can_be_removed_again) {
  created().remove();
  EXPECT_NE(::access(path_.c_str(), F_OK), 0);
}

TEST_F(a_journal, does_not_allocate_for_records) {
  journal journal = created();
  ASSERT_FALSE(journal.begin_run());
  std::vector<probe_record> records;
  for (std::uint64_t i = 0; i < 100; ++i) records.push_back(verdict(plan_, i));
  ASSERT_FALSE(journal.add(records));
  const std::uint64_t before = testing::allocation_count();
  for (int i = 0; i < 100; ++i) ASSERT_FALSE(journal.add(records));
  EXPECT_EQ(testing::allocation_count(), before);
}

TEST_F(a_journal, says_when_the_disk_is_full_and_keeps_what_it_had) {
  // In a child: a limit of file size is for a whole process.
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    journal journal = created();
    bool ok = !journal.begin_run();
    const rlimit small{4096, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &small);
    boost::system::error_code error;
    std::uint64_t taken = 0;
    while (!error && taken < plan_.size()) {
      const probe_record record = verdict(plan_, taken);
      error = journal.add({&record, 1});
      if (!error) ++taken;
    }
    ok = ok && error.value() == EFBIG;
    // Room again, but nothing may follow what was cut off.
    const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &none);
    const probe_record record = verdict(plan_, taken);
    ok = ok && journal.add({&record, 1}).value() == EFBIG;
    ok = ok && journal.end_run({}).value() == EFBIG;
    ok = ok && journal.sync().value() == EFBIG;
    write_file(folder_ / "taken", std::to_string(taken));
    ::_exit(ok ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  const auto taken = std::stoull(read_file(folder_ / "taken"));
  ASSERT_GT(taken, 0u);
  ASSERT_LT(taken, plan_.size());
  EXPECT_EQ(opened().done().size(), taken);
}

TEST_F(a_journal, knows_which_scan_it_is_of) {
  const journal journal = created();
  const journal_head head = head_of(plan_);
  const std::string vantage = head.header.vantage;
  const auto said = [&](const plan& plan, const scan_options& options, std::string_view from) {
    const std::string text = text_of(check_same_scan(journal, plan, options, from));
    const std::string start = "'" + path_ + "' is the journal of another scan: ";
    return text.starts_with(start) ? text.substr(start.size()) : text;
  };
  const auto with = [&](const char* block, const char* ports, const plan_options& planning) {
    address_set targets = plan_.targets();
    if (*block == '+') targets = targets | address_set::of({*parse_cidr(block + 1)});
    if (*block == '-') targets = targets - address_set::of({*parse_cidr(block + 1)});
    return said(*plan::make(targets, *parse_ports(ports), planning), head.options, vantage);
  };
  const char* const ports = "80,443,8000-8002";
  EXPECT_EQ(with("", ports, {.seed = 5}), "");
  EXPECT_EQ(with("+10.0.2.0/24", ports, {.seed = 5}),
            "10.0.2.0/24 is given and not among its targets");
  EXPECT_EQ(with("-10.0.0.4/31", ports, {.seed = 5}),
            "10.0.0.4/31 is among its targets and not given");
  EXPECT_EQ(with("", "80", {.seed = 5}), "its list of ports is 80,443,8000-8002, and 80 is given");
  EXPECT_EQ(with("", ports, {.seed = 6}), "its seed is 5, and 6 is given");
  EXPECT_EQ(with("", ports, {.seed = 5, .order = probe_order::sequential}),
            "its order is permuted, and sequential is given");
  EXPECT_EQ(with("", ports, {.seed = 5, .shard = {1, 2}}), "its shard is 1/1, and 1/2 is given");
  EXPECT_EQ(said(plan_, head.options, "node"),
            R"(its vantage is a "place"\x0awith é and \x01, and node is given)");
  scan_options other = head.options;
  other.timeout = std::chrono::milliseconds(4000);
  EXPECT_EQ(said(plan_, other, vantage), "its timeout is 1234 ms, and 4000 ms is given");
  other = head.options;
  other.timing = timing::fast;
  EXPECT_EQ(said(plan_, other, vantage), "its timing is thorough, and fast is given");
  other = head.options;
  other.retries = 1;
  EXPECT_EQ(said(plan_, other, vantage), "its number of retries is 7, and 1 is given");
  other = head.options;
  other.rate = 1;
  other.concurrency = 1;
  other.threads = 1;
  EXPECT_EQ(said(plan_, other, vantage), "") << "how fast it goes may change";
}

// A scan of a simulated network that is killed again and again, at a random moment each time.
TEST_F(a_journal, makes_one_scan_of_many_killed_ones) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 60; ++round) {
    testing::network_options network;
    network.seed = random();
    network.loss = round % 3 == 0 ? 0.05 : 0;
    const plan whole =
        *plan::make(address_set::of({*parse_cidr("10.0.0.0/26")}), *parse_ports("80-83"),
                    {.seed = random(), .shard = {1 + random() % 2, 2}});
    detail::machine_options options;
    options.concurrency = 1 + static_cast<std::uint32_t>(random() % 64);
    { ASSERT_FALSE(journal::create(path_, head_of(whole))->begin_run()); }
    std::set<endpoint> asked_when_done;
    for (bool finished = false; !finished;) {
      journal journal = opened();
      const plan rest = journal.rest();
      ASSERT_EQ(rest.size(), whole.size() - journal.done().size());
      finished = random() % 8 == 0 || rest.size() == 0;
      const auto stop_after =
          finished ? detail::instant::max() : std::chrono::milliseconds(random() % 600);
      auto part = testing::simulate(rest, network, options, stop_after);
      ASSERT_EQ(part.broken, "");
      // What the kill took with it, in memory.
      if (!finished) part.records.resize(random() % (part.records.size() + 1));
      ASSERT_FALSE(journal.begin_run());
      for (std::span<const probe_record> left = part.records; !left.empty();) {
        const auto some = left.first(1 + random() % left.size());
        ASSERT_FALSE(journal.add(some));
        left = left.subspan(some.size());
      }
      if (!finished && random() % 2 == 0) {  // the kill came while an entry was written
        const std::string bytes = read_file(path_);
        write_file(path_, bytes.substr(0, bytes.size() -
                                              random() % std::min<std::size_t>(40, bytes.size())));
        if (journal::open(path_).status().code() == absl::StatusCode::kNotFound) break;
      }
    }
    std::set<endpoint> found;
    for (const probe_record& record : replayed(opened())) {
      ASSERT_TRUE(found.insert({record.ip, record.port}).second) << "a probe twice";
      const auto kind = testing::kind_of(network, {record.ip, record.port});
      EXPECT_EQ(record.state() == probe_state::open && kind != testing::endpoint_kind::open, false);
    }
    ASSERT_EQ(found.size(), whole.size()) << "a probe is missing";
    ::unlink(path_.c_str());
  }
}

}  // namespace
}  // namespace netscan
