#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "netscan/report/writer.hpp"
#include "output_file.hpp"

namespace netscan::cli {

/// The files that the results of one scan go to, each in its format.
class result_outputs {
 public:
  /// Opens all of them, or none is touched when the format of one is not known. Without `format`
  /// each file's ending tells it, and standard output is text; no paths mean standard output.
  /// Errors: InvalidArgument for a format that cannot be told; those of open(2).
  static absl::StatusOr<result_outputs> open(std::vector<std::string> paths,
                                             std::optional<report_format> format, show show);

  // To each output; one that fails gets no more. Returns the first error.
  boost::system::error_code begin(const scan_header& header);
  boost::system::error_code add(std::span<const probe_record> records);
  boost::system::error_code end(const scan_summary& summary);

  /// The output that failed first; empty when none did.
  const std::string& failed_name() const noexcept { return failed_name_; }
  /// Records come out on the terminal while the scan runs, where a progress line would garble them.
  bool stream_to_terminal() const noexcept;

 private:
  struct output {
    output_file file;
    report_format format;
    std::unique_ptr<result_writer> writer;  // none once it has failed
  };

  template <typename Write>
  boost::system::error_code each(Write write);

  std::vector<output> outputs_;
  std::string failed_name_;
};

}  // namespace netscan::cli
