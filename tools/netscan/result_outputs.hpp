#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "netscan/report/writer.hpp"
#include "output_list.hpp"

namespace netscan::cli {

/// The files that the results of one scan go to, each in its format.
class result_outputs {
 public:
  /// As output_list::open().
  static absl::StatusOr<result_outputs> open(std::vector<std::string> paths,
                                             std::optional<report_format> format, show show);

  // To each output; one that fails gets no more. Returns the first error.
  boost::system::error_code begin(const scan_header& header);
  boost::system::error_code add(std::span<const probe_record> records);
  boost::system::error_code end(const scan_summary& summary);

  /// The output that failed first; empty when none did.
  const std::string& failed_name() const noexcept { return outputs_.failed_name(); }
  /// Records come out on the terminal while the scan runs, where a progress line would garble them.
  bool stream_to_terminal() const noexcept;

 private:
  using list = output_list<report_format, result_writer>;

  explicit result_outputs(list outputs) : outputs_(std::move(outputs)) {}

  list outputs_;
};

}  // namespace netscan::cli
