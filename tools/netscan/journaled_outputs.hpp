#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "netscan/scan/journal.hpp"
#include "result_outputs.hpp"

namespace netscan::cli {

/// The outputs of a sweep with its journal, if it has one. The journal gets each record first: what
/// the outputs have can always be made from it again, which is how a resumed sweep begins.
class journaled_outputs {
 public:
  journaled_outputs(result_outputs outputs, std::optional<journal> journal)
      : outputs_(std::move(outputs)), journal_(std::move(journal)) {}

  /// Writes the header and what the journal has so far, and begins a run.
  boost::system::error_code begin(const scan_header& header);
  boost::system::error_code add(std::span<const probe_record> records);
  /// Ends the run; `summary` is that of the run, and becomes that of the scan.
  boost::system::error_code end(scan_summary& summary);

  /// Lets the disk catch up with the journal every few seconds. From any thread, but always the
  /// same; see journal::sync().
  void sync_now_and_then() noexcept;

  /// What failed first, the journal or an output; empty when nothing did.
  const std::string& failed_name() const noexcept { return failed_name_; }
  bool stream_to_terminal() const noexcept { return outputs_.stream_to_terminal(); }
  /// The journal's file; empty without one.
  std::string journal_path() const { return journal_ ? journal_->path() : std::string(); }

 private:
  boost::system::error_code blame_outputs(boost::system::error_code error);
  boost::system::error_code blame_journal(boost::system::error_code error);
  boost::system::error_code replay();

  result_outputs outputs_;
  std::optional<journal> journal_;
  std::string failed_name_;
  bool has_all_ = true;  // the outputs have every record of the journal
  std::chrono::steady_clock::time_point synced_ = std::chrono::steady_clock::now();
};

}  // namespace netscan::cli
