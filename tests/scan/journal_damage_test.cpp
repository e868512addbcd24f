// Journals that a kill, a crash or a bad disk has damaged: what is read of them is true, and what
// is not is asked again.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "journal_file.hpp"
#include "journal_support.hpp"
#include "journal_text.hpp"
#include "netscan/target/status.hpp"

namespace netscan {
namespace {

using testing::head_of;
using testing::journal_plan;
using testing::read_file;
using testing::replayed;
using testing::temporary_folder;
using testing::verdict;
using testing::write_file;

class a_damaged_journal : public ::testing::Test {
 protected:
  /// A journal of ten entries with three records each, and where each entry ends.
  void SetUp() override {
    journal journal = *journal::create(path_, head_of(plan_));
    head_ends_ = read_file(path_).size();
    ASSERT_FALSE(journal.begin_run());
    ends_ = {read_file(path_).size()};
    for (std::uint64_t i = 0; i < 10; ++i) {
      const probe_record some[] = {verdict(plan_, 3 * i), verdict(plan_, 3 * i + 1),
                                   verdict(plan_, 3 * i + 2)};
      ASSERT_FALSE(journal.add(some));
      ends_.push_back(read_file(path_).size());
    }
    whole_ = read_file(path_);
  }

  /// Each record is as it was written, and there is one for each index that is done.
  static void expect_the_truth(const journal& journal) {
    const plan& plan = journal.head().plan;
    std::set<std::uint64_t> indices;
    for (const probe_record& record : replayed(journal)) {
      const auto index = plan.index_of({record.ip, record.port});
      ASSERT_TRUE(index);
      ASSERT_EQ(record, verdict(plan, *index));
      ASSERT_TRUE(indices.insert(*index).second);
      ASSERT_TRUE(journal.done().contains(*index));
    }
    ASSERT_EQ(indices.size(), journal.done().size());
  }

  /// A further run over what is left; then nothing may be missing.
  void finish(journal& journal) {
    ASSERT_FALSE(journal.begin_run());
    const plan rest = journal.rest();
    std::vector<probe_record> records;
    for (std::uint64_t i = 0; i < rest.size(); ++i) {
      records.push_back(verdict(plan_, *plan_.index_of(rest.at(i))));
    }
    ASSERT_FALSE(journal.add(records));
  }

  void expect_whole_after_another_run() {
    {
      journal journal = *journal::open(path_);
      finish(journal);
    }
    const journal journal = *journal::open(path_);
    expect_the_truth(journal);
    ASSERT_EQ(journal.done().size(), plan_.size());
  }

  temporary_folder folder_;
  std::string path_ = folder_ / "sweep.journal";
  plan plan_ = journal_plan();
  std::size_t head_ends_ = 0;
  std::vector<std::size_t> ends_;
  std::string whole_;
};

TEST_F(a_damaged_journal, that_was_cut_off_anywhere_has_the_entries_before) {
  for (std::size_t size = 0; size < whole_.size(); ++size) {
    write_file(path_, whole_.substr(0, size));
    const auto journal = journal::open(path_);
    if (size < head_ends_) {
      ASSERT_TRUE(absl::IsNotFound(journal.status())) << size;
      continue;
    }
    ASSERT_TRUE(journal.ok()) << message_of(journal.status());
    std::size_t entries = 0;
    while (entries + 1 < ends_.size() && ends_[entries + 1] <= size) ++entries;
    ASSERT_EQ(journal->done().size(), 3 * entries) << size;
    ASSERT_TRUE(journal->notices().empty()) << "a kill is nothing to worry about";
    expect_the_truth(*journal);
  }
}

TEST_F(a_damaged_journal, that_was_cut_off_goes_on_where_it_was_whole) {
  for (std::size_t size = head_ends_; size < whole_.size(); size += 7) {
    write_file(path_, whole_.substr(0, size));
    expect_whole_after_another_run();
    ASSERT_TRUE(journal::open(path_)->notices().empty()) << "the cut end was not taken away";
  }
}

TEST_F(a_damaged_journal, that_was_cut_off_in_its_head_is_begun_again) {
  for (std::size_t size = 0; size < head_ends_; size += 5) {
    write_file(path_, whole_.substr(0, size));
    ASSERT_TRUE(journal::create(path_, head_of(plan_)).ok()) << size;
    ASSERT_EQ(read_file(path_), whole_.substr(0, head_ends_));
  }
}

TEST_F(a_damaged_journal, with_a_wrong_byte_anywhere_loses_that_entry_alone) {
  std::mt19937_64 random(4);
  for (std::size_t at = 0; at < whole_.size(); ++at) {
    std::string bytes = whole_;
    bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1 + random() % 255));
    write_file(path_, bytes);
    const auto journal = journal::open(path_);
    if (at < head_ends_) {
      ASSERT_TRUE(absl::IsInvalidArgument(journal.status())) << at;
      continue;
    }
    ASSERT_TRUE(journal.ok()) << message_of(journal.status());
    expect_the_truth(*journal);
    const bool in_run_entry = at < ends_.front();
    ASSERT_EQ(journal->done().size(), in_run_entry ? 30u : 27u) << at;
    const bool in_last = at >= ends_[ends_.size() - 2];
    ASSERT_EQ(journal->notices().size(), in_last ? 0u : 1u) << at;
  }
}

TEST_F(a_damaged_journal, says_what_it_has_lost) {
  std::string bytes = whole_;
  bytes[ends_[3] + 20] ^= 1;
  write_file(path_, bytes);
  const std::string size = std::to_string(ends_[4] - ends_[3]);
  EXPECT_EQ(journal::open(path_)->notices(),
            (std::vector{path_ + ": damaged at byte " + std::to_string(ends_[3]) + "; " + size +
                         " bytes are left out, and the probes in them are asked again"}));
  bytes = whole_;
  bytes[head_ends_ - 3] ^= 1;
  write_file(path_, bytes);
  EXPECT_EQ(
      message_of(journal::open(path_).status()),
      "the journal '" + path_ + "' is damaged in its first entry: nothing in it can be relied on");
}

TEST_F(a_damaged_journal, is_whole_again_after_another_run) {
  std::mt19937_64 random(6);
  for (int round = 0; round < 200; ++round) {
    std::string bytes = whole_;
    for (auto count = 1 + random() % 3; count > 0; --count) {
      const std::size_t at = head_ends_ + random() % (bytes.size() - head_ends_);
      const std::size_t size = std::min<std::size_t>(random() % 300, bytes.size() - at);
      switch (random() % 4) {
        case 0:  // other bytes
          for (std::size_t i = at; i < at + size; ++i) bytes[i] = static_cast<char>(random());
          break;
        case 1:  // never written, as after a crash of the machine
          bytes.replace(at, size, size, '\0');
          break;
        case 2:  // lost
          bytes.erase(at, size);
          break;
        default:  // twice
          bytes.insert(at, bytes.substr(at, size));
      }
    }
    write_file(path_, bytes);
    expect_the_truth(*journal::open(path_));
    expect_whole_after_another_run();
  }
}

TEST_F(a_damaged_journal, is_read_on_behind_a_long_damage) {
  // Of every length around the size of the pieces in which the next entry is looked for.
  for (std::size_t size = (64U << 10) - 8; size < (64U << 10) + 8; ++size) {
    std::string bytes = whole_;
    bytes.insert(ends_[4], size, '\xf5');
    write_file(path_, bytes);
    ASSERT_EQ(journal::open(path_)->done().size(), 30u) << size;
  }
}

TEST_F(a_damaged_journal, of_any_bytes_is_refused_or_true) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string bytes = whole_;
    const std::size_t at = random() % bytes.size();
    for (std::size_t i = at; i < bytes.size(); ++i) {
      if (random() % 4 == 0) bytes[i] = "\xf5NSJHRPE\0"[random() % 9];
    }
    write_file(path_, bytes);
    const auto journal = journal::open(path_);
    if (journal.ok()) expect_the_truth(*journal);
  }
}

TEST_F(a_damaged_journal, with_entries_that_make_no_sense_does_without_them) {
  write_file(path_, whole_);
  {
    detail::journal_file file = *detail::journal_file::open(path_, false);
    for (const auto kind : {detail::entry_kind::probes, detail::entry_kind::run,
                            detail::entry_kind::end, detail::entry_kind::head}) {
      file.start_entry(kind) += "nonsense";
      ASSERT_FALSE(file.write_entry());
    }
  }
  const auto journal = journal::open(path_);
  ASSERT_TRUE(journal.ok());
  expect_the_truth(*journal);
  EXPECT_EQ(journal->done().size(), 30u);
  EXPECT_EQ(journal->notices(),
            (std::vector{path_ + ": 4 entries are not known here and left out; the probes in them "
                                 "are asked again"}));
}

TEST_F(a_damaged_journal, whose_head_makes_no_sense_is_refused) {
  for (const std::string line : {"seed", "range", "order", "ports", "shard", "timeout_ms",
                                 "retries", "plan_hash", "version", "in_flight"}) {
    std::string head;
    detail::append_text(head, head_of(plan_));
    const std::size_t at = ("\n" + head).find("\n" + line + " ");
    ASSERT_NE(at, head.npos) << line;
    head.erase(at, head.find('\n', at) + 1 - at);
    if (line == "range") head = "range 10.0.0.300\n" + head;
    write_file(path_, "");
    {
      detail::journal_file file = *detail::journal_file::open(path_, false);
      file.start_entry(detail::entry_kind::head) += head;
      ASSERT_FALSE(file.write_entry());
    }
    const auto journal = journal::open(path_);
    ASSERT_TRUE(absl::IsInvalidArgument(journal.status())) << line;
    EXPECT_EQ(message_of(journal.status()),
              "the journal '" + path_ + "' is not one that this version can go on with: its '" +
                  line + "' is missing or wrong");
  }
}

}  // namespace
}  // namespace netscan
