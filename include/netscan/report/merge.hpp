/// Putting the results of a scan's shards together, or of several runs of it.
///
///     netscan::result_merger merger;
///     for (const std::string& path : paths) {
///       if (absl::Status status = merger.add(path); !status.ok()) return status;
///     }
///     auto header = merger.header();
///     writer->begin(*header);
///     merger.hand_out([&](std::span<const netscan::probe_record> some) { return writer->add(some);
///     }); writer->end(merger.summary());
///
/// The result is that of one scan without shards: its header, each probe once, sums that add up.
///
/// Which scans belong together: those of one plan (targets, ports, seed and order, by its hash),
/// cut into the same number of shards, made with the same timeout, timing and retries, from one
/// vantage. A shard may be there several times.
///
/// Other tools' files (nmap's, masscan's) do not say what was to be asked. Those of one tool, and
/// of one kind of scan, are put together as they are: then `planned` is the number of records, and
/// the result is never called complete. They name no vantage but their file's, so that several need
/// merge_options::vantage.
///
/// Which record of a probe is kept: an answer (open, closed, or a rejection) before silence,
/// silence before what the host failed to ask; of two of a kind the later one. In which order: by
/// address, then port, both ascending, whatever the order of the files.
///
/// What the header says: the earliest start, all sources and gateways, of each limit on how fast it
/// went the loosest of one shard, the limits of the host if all had the same, and of other tools
/// the ports of all. The summary: counts of the records kept; the SYNs of all runs (not of other
/// tools', which do not say how often they asked); the time in which any of them was running; the
/// loss weighted by the answers it was seen on. What no run has is `not_started`, and makes it
/// incomplete. Of a run without a summary (it was killed, or is another tool's) the SYNs are its
/// attempts, and its end is its last record.
///
/// Memory is bounded, whatever the files' sizes; what does not fit goes to a temporary file in
/// $TMPDIR. For one thread.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/system/error_code.hpp>

#include "netscan/probe/record.hpp"

namespace netscan {

struct merge_options {
  /// What to call the vantage of the result. When it is set, scans of any vantage may be merged:
  /// pods of one Job, for example, which are named after their hosts.
  std::optional<std::string> vantage = {};
  /// Records in memory at a time, about 100 bytes each; at least 1.
  std::size_t records_in_memory = std::size_t{1} << 18;
};

class result_merger {
 public:
  explicit result_merger(merge_options options = {});
  result_merger(result_merger&&) noexcept;
  result_merger& operator=(result_merger&&) noexcept;
  ~result_merger();

  /// Takes all scans of a file in, as read_results() reads it.
  /// Errors: those of read_results() and of the temporary file; InvalidArgument when a scan does
  /// not belong to those before it, naming both files and what differs, and for a record that is
  /// not of its scan's plan (which is not known when names are among its targets). Nothing more can
  /// be done with the merger then.
  absl::Status add(const std::string& path);

  /// The header of the whole. Errors: InvalidArgument when nothing was added.
  absl::StatusOr<scan_header> header() const;

  using sink = std::function<boost::system::error_code(std::span<const probe_record>)>;

  /// Hands out the record of each probe that has one, in batches. Once, after all is added.
  /// Errors: the sink's, and those of the temporary file.
  boost::system::error_code hand_out(const sink& sink);

  /// The summary of what was handed out.
  scan_summary summary() const;

  /// Nothing of what was to be asked is missing; of other tools' files, which do not say that, none
  /// is cut off. Of what was handed out.
  bool has_all() const;

  /// What the user should know: shards and summaries that are missing, lines that are cut off. One
  /// sentence each. Call it after all is added.
  std::vector<std::string> notices() const;

 private:
  struct implementation;
  std::unique_ptr<implementation> implementation_;
};

}  // namespace netscan
