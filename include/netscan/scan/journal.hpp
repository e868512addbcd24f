/// The journal of a scan: what has ended so far, so that a scan that was killed can go on.
///
///     auto journal = netscan::journal::create("sweep.journal", {header, *plan, options, {}});
///     journal->begin_run();
///     auto result = netscan::scan(*plan, options, [&](std::span<const netscan::probe_record> some)
///     {
///       return journal->add(some);
///     });
///     journal->end_run(result.summary);
///
/// and after a kill
///
///     auto journal = netscan::journal::open("sweep.journal");
///     journal->replay(sink);  // everything known so far
///     journal->begin_run();
///     auto result = netscan::scan(journal->rest(), journal->head().options, ...);
///     journal->end_run(result.summary);
///     netscan::scan_summary all = journal->total(result.summary);
///
/// A journal holds whole records, not only which probes have ended: results in any format can be
/// made from it again, and nothing else has to have survived.
///
/// What is certain: a record that add() took is read back, once, after a kill of this process at
/// any moment. After a crash of the machine, those that sync() was called after are. In either case
/// what is missing is asked again: nothing wrong is ever read, since every entry has a checksum
/// (CRC-32), and names its probes. An entry that is damaged is left out, and its probes are asked
/// again; a journal whose first entry is damaged is refused.
///
/// What this host failed to ask (probe_state::error) is not an end: a resumed scan asks it again.
///
/// A journal is locked (flock(2)) while it is open. It is used by one thread at a time, but for
/// sync(). Its memory is that of an index_set: the scan's stragglers, not its size.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/error_code.hpp>

#include "netscan/probe/record.hpp"
#include "netscan/scan/options.hpp"
#include "netscan/scan/scan.hpp"
#include "netscan/target/index_set.hpp"
#include "netscan/target/plan.hpp"

namespace netscan {

/// What a journal is the journal of.
struct journal_head {
  /// As it goes into the results. In a journal that was opened, `sources` and `gateways` are those
  /// of all its runs.
  scan_header header;
  /// The whole plan, not what is left of one.
  netscan::plan plan;
  scan_options options;
  /// For its owner to find again: where the results go, for example.
  std::vector<std::string> notes;
};

class journal {
 public:
  /// Begins a journal with its head. Leftovers of one that was cut off before anything was in it
  /// are taken over; any other file stays as it is.
  /// Errors: AlreadyExists when `path` is a journal with something in it; InvalidArgument when it
  /// is some other file; Unavailable when it is open elsewhere; those of open(2) and write(2).
  static absl::StatusOr<journal> create(const std::string& path, const journal_head& head);

  /// Opens a journal and reads all of it. Writes nothing until begin_run().
  /// Errors: NotFound when there is none, or one that was cut off before anything was in it;
  /// InvalidArgument when it is no journal, of an unknown version, or its first entry is damaged;
  /// Unavailable when it is open elsewhere; those of open(2) and read(2).
  static absl::StatusOr<journal> open(const std::string& path);

  journal(journal&&) noexcept;
  journal& operator=(journal&&) noexcept;
  ~journal();

  const std::string& path() const noexcept;
  const journal_head& head() const noexcept;
  /// The indices of the head's plan that had ended when the journal was opened.
  const index_set& done() const noexcept;
  /// What is left to be asked.
  plan rest() const;
  /// What the user should know: a damaged entry. One sentence each, naming the file.
  const std::vector<std::string>& notices() const noexcept;

  /// Hands out the record of each probe of done(), once, in the order they were added.
  /// Errors: those of read(2), and the sink's.
  boost::system::error_code replay(const record_sink& sink) const;

  /// Begins the first or a further run. What a kill has cut off at the end of the file goes.
  boost::system::error_code begin_run();
  /// Takes records in, one write(2) for up to some thousand. The first error of all calls is that
  /// of all later ones: nothing is written behind what a full disk has cut off. Does not allocate
  /// once its buffer has grown, or throw.
  boost::system::error_code add(std::span<const probe_record> records) noexcept;
  /// Ends a run, with the summary of that run alone, and waits until all is on the disk.
  boost::system::error_code end_run(const scan_summary& run);
  /// Waits until everything so far is on the disk (fdatasync(2)). From any thread. Its error is
  /// also that of later calls of add() and end_run().
  boost::system::error_code sync() noexcept;

  /// The summary of the scan: what was done() and a run over the rest. A run that was killed has
  /// left no summary: its SYNs are counted as the attempts of its records, of which there were more
  /// if the kernel repeated any; its duration ends with its last record, and the loss estimate does
  /// without it.
  scan_summary total(const scan_summary& run) const;

  /// Removes the file, for when the scan cannot begin after all.
  void remove() noexcept;

 private:
  struct implementation;
  explicit journal(std::unique_ptr<implementation> implementation);

  std::unique_ptr<implementation> implementation_;
};

/// OK when a scan with these would end as the journal's would: the same plan, vantage, timeout,
/// timing and retries. Rate, concurrency and threads may differ.
/// Errors: InvalidArgument, saying what differs first.
absl::Status check_same_scan(const journal& journal, const plan& plan, const scan_options& options,
                             std::string_view vantage);

}  // namespace netscan
