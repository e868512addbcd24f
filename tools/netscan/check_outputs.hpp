#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/report/check_writer.hpp"
#include "output_list.hpp"

namespace netscan::cli {

/// The files that the results of checks go to, each in its format.
class check_outputs {
 public:
  /// As output_list::open(). `layers`: what text has of each check.
  static absl::StatusOr<check_outputs> open(std::vector<std::string> paths,
                                            std::optional<check_format> format, bool layers);

  // To each output; one that fails gets no more. Each returns the first error.
  boost::system::error_code add(const check_record& record);
  /// The same in a watch: where the format is text, `news` is written instead, which may be empty.
  boost::system::error_code add(const check_record& record, std::string_view news);
  /// To the outputs in text only.
  boost::system::error_code add_text(std::string_view text);
  boost::system::error_code end();

  /// One of them is a JSON document, which is whole only at its end.
  bool has_json() const noexcept;
  /// The output that failed first; empty when none did.
  const std::string& failed_name() const noexcept { return outputs_.failed_name(); }

 private:
  using list = output_list<check_format, check_writer>;

  explicit check_outputs(list outputs) : outputs_(std::move(outputs)) {}

  list outputs_;
};

}  // namespace netscan::cli
