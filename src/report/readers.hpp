/// The readers of the formats; read_results() chooses among them.
#pragma once

#include <absl/status/status.h>

#include <memory>
#include <string_view>

#include "results_builder.hpp"

namespace netscan::detail {

/// Takes a file of one format as its bytes come, into a results_builder.
class format_reader {
 public:
  virtual ~format_reader() = default;

  /// Takes what it can of the text, and drops that from it. What is left comes again, with more
  /// behind it.
  virtual absl::Status take(std::string_view& text) = 0;
  /// Takes what take() has left, at the end of the file.
  virtual absl::Status take_last(std::string_view text) = 0;
};

/// Lines of JSON.
std::unique_ptr<format_reader> make_ndjson_reader(results_builder& results);
/// One JSON document: netscan's, a list of its records, or masscan's list.
std::unique_ptr<format_reader> make_json_reader(results_builder& results);
/// nmap's XML, by nmap, masscan or netscan.
std::unique_ptr<format_reader> make_xml_reader(results_builder& results);

}  // namespace netscan::detail
