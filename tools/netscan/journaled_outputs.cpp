#include "journaled_outputs.hpp"

namespace netscan::cli {
namespace {

using boost::system::error_code;

// What a crash of the machine may cost, to be asked again.
constexpr std::chrono::seconds between_syncs(5);

}  // namespace

error_code journaled_outputs::blame_outputs(error_code error) {
  if (error && failed_name_.empty()) failed_name_ = outputs_.failed_name();
  return error;
}

error_code journaled_outputs::blame_journal(error_code error) {
  if (error && failed_name_.empty()) failed_name_ = journal_->path();
  return error;
}

error_code journaled_outputs::begin(const scan_header& header) {
  error_code error = blame_outputs(outputs_.begin(header));
  if (!journal_) return error;
  if (const error_code replay_error = replay(); !error) error = replay_error;
  return error ? error : blame_journal(journal_->begin_run());
}

error_code journaled_outputs::replay() {
  error_code first;
  const error_code error = journal_->replay([&](std::span<const probe_record> records) {
    // The other outputs are to have them all, or their summary would not be true.
    if (const error_code failed = blame_outputs(outputs_.add(records)); !first) first = failed;
    return error_code();
  });
  has_all_ = !error;
  return first ? first : blame_journal(error);
}

error_code journaled_outputs::add(std::span<const probe_record> records) {
  const error_code error = journal_ ? blame_journal(journal_->add(records)) : error_code();
  // The outputs get them even so: their summary counts them.
  const error_code output_error = blame_outputs(outputs_.add(records));
  return error ? error : output_error;
}

error_code journaled_outputs::end(scan_summary& summary) {
  error_code error;
  if (journal_) {
    error = blame_journal(journal_->end_run(summary));
    summary = journal_->total(summary);
  }
  if (!has_all_) return error;
  const error_code output_error = blame_outputs(outputs_.end(summary));
  return error ? error : output_error;
}

void journaled_outputs::sync_now_and_then() noexcept {
  const auto now = std::chrono::steady_clock::now();
  if (!journal_ || now - synced_ < between_syncs) return;
  journal_->sync();  // the scan learns of an error with its next record
  synced_ = std::chrono::steady_clock::now();
}

}  // namespace netscan::cli
