#include "netscan/scan/journal.hpp"

#include <unistd.h>

#include <algorithm>

#include "clock.hpp"
#include "journal_file.hpp"
#include "journal_text.hpp"
#include "netscan/probe/packed_record.hpp"
#include "netscan/scan/host.hpp"
#include "netscan/target/status.hpp"

namespace netscan {
namespace {

using boost::system::error_code;
using detail::entry_kind;
using detail::entry_reader;
using detail::journal_entry;
using detail::journal_file;
using detail::journal_run;

// Of an entry, so that a damaged one takes no more with it.
constexpr std::size_t most_records = 4096;

/// All records of an entry, or none when it holds anything else.
std::optional<std::vector<probe_record>> unpack(std::string_view payload) {
  std::vector<probe_record> records;
  while (!payload.empty()) {
    const std::optional<probe_record> record = take_packed(payload);
    if (!record) return std::nullopt;
    records.push_back(*record);
  }
  return records;
}

/// What the runs of a scan come to: the probes with a verdict, and what it took.
class run_tally {
 public:
  void begin(const journal_run& run) {
    close_killed();
    run_ = open_run{run.start, run.start, 0};
  }

  void add(const probe_record& record) {
    if (!run_) return;
    run_->last = std::max(run_->last, record.time);
    run_->attempts += record.attempts;
  }

  void end(const scan_summary& run) {
    run_.reset();
    syns_ += run.syns;
    duration_ms_ += run.duration_ms;
    add_loss(run);
  }

  /// A run without an end was killed: what it took is known from its records, as far as it is.
  void close_killed() {
    if (!run_) return;
    syns_ += run_->attempts;
    // Of two times that a file may say anything about: unsigned, or it could overflow.
    duration_ms_ += static_cast<std::uint64_t>(run_->last.time_since_epoch().count()) -
                    static_cast<std::uint64_t>(run_->start.time_since_epoch().count());
    run_.reset();
  }

  /// Of the runs so far and one more.
  scan_summary total(const scan_summary& counts, const scan_summary& run) const {
    run_tally all(*this);
    all.close_killed();
    all.end(run);
    scan_summary total = counts;
    netscan::add(total, run);
    total.syns = all.syns_;
    total.duration_ms = all.duration_ms_;
    total.loss_estimate = all.answers_ == 0 ? 0 : all.late_ / all.answers_;
    return total;
  }

 private:
  struct open_run {
    timestamp start;
    timestamp last;
    std::uint64_t attempts;
  };

  void add_loss(const scan_summary& run) {
    const auto answers = static_cast<double>(run.open + run.closed);
    answers_ += answers;
    late_ += run.loss_estimate * answers;
  }

  std::optional<open_run> run_;
  std::uint64_t syns_ = 0;
  std::uint64_t duration_ms_ = 0;
  double answers_ = 0;  // on which a loss estimate rests
  double late_ = 0;
};

}  // namespace

struct journal::implementation {
  implementation(journal_file the_file, journal_head the_head)
      : file(std::move(the_file)), head(std::move(the_head)), end(file.size()) {}

  absl::Status read_all();
  bool take(const journal_entry& entry);
  bool take_records(std::string_view payload);
  void note_damages(const entry_reader& reader, std::size_t unreadable);

  /// The index of a record's probe; nothing when it is not one of the plan's, or has no verdict.
  std::optional<std::uint64_t> verdict_index(const probe_record& record) const {
    if (record.state() == probe_state::error) return std::nullopt;
    return head.plan.index_of({record.ip, record.port});
  }

  journal_file file;
  journal_head head;
  std::uint64_t end;  // of what was whole when it was opened
  index_set done;
  scan_summary counts{.complete = true};  // of what is done
  run_tally tally;
  std::vector<std::string> notices;
};

absl::Status journal::implementation::read_all() {
  entry_reader reader = file.entries(file.size());
  reader.next();  // the head, which is known
  std::size_t unreadable = 0;
  while (const std::optional<journal_entry> entry = reader.next()) unreadable += !take(*entry);
  if (reader.error()) {
    return absl::ErrnoToStatus(reader.error().value(),
                               fmt::format("cannot read '{}'", file.path()));
  }
  end = reader.end();
  counts.planned = counts.ended();
  note_damages(reader, unreadable);
  return absl::OkStatus();
}

bool journal::implementation::take(const journal_entry& entry) {
  switch (entry.kind) {
    case entry_kind::head:
      return false;  // there is one
    case entry_kind::run: {
      const absl::StatusOr<journal_run> run = detail::parse_journal_run(entry.payload);
      if (!run.ok()) return false;
      add_place(head.header, run->sources, run->gateways);
      tally.begin(*run);
      return true;
    }
    case entry_kind::probes:
      return take_records(entry.payload);
    case entry_kind::end: {
      const absl::StatusOr<scan_summary> summary = detail::parse_journal_end(entry.payload);
      if (summary.ok()) tally.end(*summary);
      return summary.ok();
    }
  }
  return false;
}

bool journal::implementation::take_records(std::string_view payload) {
  const std::optional<std::vector<probe_record>> records = unpack(payload);
  if (!records) return false;
  for (const probe_record& record : *records) {
    tally.add(record);
    const std::optional<std::uint64_t> index = verdict_index(record);
    if (index && done.insert(*index)) count(counts, record);
  }
  return true;
}

void journal::implementation::note_damages(const entry_reader& reader, std::size_t unreadable) {
  for (const entry_reader::damage& damage : reader.damages()) {
    notices.push_back(fmt::format(
        "{}: damaged at byte {}; {} bytes are left out, and the probes in them are asked again",
        printable(file.path()), damage.offset, damage.size));
  }
  if (unreadable != 0) {
    notices.push_back(fmt::format(
        "{}: {} {} not known here and left out; the probes in them are asked again",
        printable(file.path()), unreadable, unreadable == 1 ? "entry is" : "entries are"));
  }
}

journal::journal(std::unique_ptr<implementation> implementation)
    : implementation_(std::move(implementation)) {}
journal::journal(journal&&) noexcept = default;
journal& journal::operator=(journal&&) noexcept = default;
journal::~journal() = default;

absl::StatusOr<journal> journal::create(const std::string& path, const journal_head& head) {
  absl::StatusOr<journal_file> file = journal_file::open(path, true);
  if (!file.ok()) return file.status();
  absl::StatusOr<journal_file::content> content = file->look();
  if (!content.ok()) return content.status();
  if (*content == journal_file::content::entries) {
    return absl::AlreadyExistsError(
        fmt::format("'{}' is the journal of another scan already", printable(path)));
  }
  if (*content == journal_file::content::foreign) {
    return invalid_argument("'{}' cannot be the journal: it is some other file already", path);
  }
  journal created(std::make_unique<implementation>(*std::move(file), head));
  journal_file& written = created.implementation_->file;
  error_code error = written.cut(0);
  detail::append_text(written.start_entry(entry_kind::head), head);
  if (!error) error = written.write_entry();
  if (!error) error = written.sync();
  if (error) {
    created.remove();
    return absl::ErrnoToStatus(error.value(), fmt::format("cannot write '{}'", printable(path)));
  }
  created.implementation_->end = written.size();
  return created;
}

absl::StatusOr<journal> journal::open(const std::string& path) {
  absl::StatusOr<journal_file> file = journal_file::open(path, false);
  if (!file.ok()) return file.status();
  absl::StatusOr<journal_file::content> content = file->look();
  if (!content.ok()) return content.status();
  if (*content == journal_file::content::foreign) {
    return invalid_argument("'{}' is not a journal", path);
  }
  if (*content == journal_file::content::nothing) {
    return absl::NotFoundError(
        fmt::format("the journal '{}' was cut off before anything was in it", printable(path)));
  }
  entry_reader reader = file->entries(file->size());
  const std::optional<journal_entry> first = reader.next();
  if (!first || first->kind != entry_kind::head) {
    return invalid_argument(
        "the journal '{}' is damaged in its first entry: nothing in it can be "
        "relied on",
        path);
  }
  absl::StatusOr<journal_head> head = detail::parse_journal_head(first->payload);
  if (!head.ok()) {
    return invalid_argument("the journal '{}' is not one that this version can go on with: {}",
                            path, message_of(head.status()));
  }
  journal opened(std::make_unique<implementation>(*std::move(file), *std::move(head)));
  if (absl::Status status = opened.implementation_->read_all(); !status.ok()) return status;
  return opened;
}

const std::string& journal::path() const noexcept {
  return implementation_->file.path();
}
const journal_head& journal::head() const noexcept {
  return implementation_->head;
}
const index_set& journal::done() const noexcept {
  return implementation_->done;
}
const std::vector<std::string>& journal::notices() const noexcept {
  return implementation_->notices;
}

plan journal::rest() const {
  return done().empty() ? head().plan : head().plan.without(done());
}

error_code journal::replay(const record_sink& sink) const {
  entry_reader reader = implementation_->file.entries(implementation_->end);
  index_set seen;
  while (const std::optional<journal_entry> entry = reader.next()) {
    if (entry->kind != entry_kind::probes) continue;
    std::optional<std::vector<probe_record>> records = unpack(entry->payload);
    if (!records) continue;
    std::erase_if(*records, [&](const probe_record& record) {
      const std::optional<std::uint64_t> index = implementation_->verdict_index(record);
      return !index || !seen.insert(*index);
    });
    if (records->empty()) continue;
    if (const error_code error = sink(*records)) return error;
  }
  return reader.error();
}

error_code journal::begin_run() {
  const netscan::plan& plan = head().plan;
  journal_file& file = implementation_->file;
  const error_code error = file.cut(implementation_->end);
  if (error) return error;
  detail::append_text(
      file.start_entry(entry_kind::run),
      journal_run{detail::wall_clock(), source_addresses(plan.targets()), gateways()});
  return file.write_entry();
}

error_code journal::add(std::span<const probe_record> records) noexcept {
  journal_file& file = implementation_->file;
  while (!records.empty()) {
    const auto some = records.first(std::min(records.size(), most_records));
    records = records.subspan(some.size());
    std::string& entry = file.start_entry(entry_kind::probes);
    for (const probe_record& record : some) append_packed(entry, record);
    if (const error_code error = file.write_entry()) return error;
  }
  return file.error();
}

error_code journal::end_run(const scan_summary& run) {
  journal_file& file = implementation_->file;
  detail::append_text(file.start_entry(entry_kind::end), run);
  if (const error_code error = file.write_entry()) return error;
  return file.sync();
}

error_code journal::sync() noexcept {
  return implementation_->file.sync();
}

scan_summary journal::total(const scan_summary& run) const {
  return implementation_->tally.total(implementation_->counts, run);
}

void journal::remove() noexcept {
  ::unlink(path().c_str());
}

namespace {

/// A range of `a` that is not in `b`; nothing when `b` has all of it.
std::optional<address_range> first_missing(const address_set& a, const address_set& b) {
  const address_set missing = a - b;
  if (missing.empty()) return std::nullopt;
  return missing.ranges().front();
}

std::string targets_difference(const address_set& has, const address_set& given) {
  if (const auto more = first_missing(given, has)) {
    return fmt::format("{} is given and not among its targets", to_string(*more));
  }
  if (const auto fewer = first_missing(has, given)) {
    return fmt::format("{} is among its targets and not given", to_string(*fewer));
  }
  return {};
}

template <typename T>
std::string difference(std::string_view name, const T& has, const T& given) {
  if (has == given) return {};
  return fmt::format("its {} is {}, and {} is given", name, has, given);
}

}  // namespace

absl::Status check_same_scan(const journal& journal, const plan& plan, const scan_options& options,
                             std::string_view vantage) {
  const auto shard_text = [](const shard& s) { return fmt::format("{}/{}", s.index, s.count); };
  const auto ms_text = [](const scan_options& o) {
    return fmt::format("{} ms", o.timeout.count());
  };
  const journal_head& has = journal.head();
  const plan_options& has_planning = has.plan.options();
  const plan_options& planning = plan.options();
  const std::string differences[] = {
      targets_difference(has.plan.targets(), plan.targets()),
      difference("list of ports", to_string(has.plan.ports()), to_string(plan.ports())),
      difference("seed", has_planning.seed, planning.seed),
      difference("order", to_string(has_planning.order), to_string(planning.order)),
      difference("shard", shard_text(has_planning.shard), shard_text(planning.shard)),
      difference("vantage", std::string_view(has.header.vantage), vantage),
      difference("timeout", ms_text(has.options), ms_text(options)),
      difference("timing", to_string(has.options.timing), to_string(options.timing)),
      difference("number of retries", has.options.effective_retries(), options.effective_retries()),
  };
  for (const std::string& difference : differences) {
    if (!difference.empty()) {
      return invalid_argument("'{}' is the journal of another scan: {}", journal.path(),
                              difference);
    }
  }
  return absl::OkStatus();
}

}  // namespace netscan
