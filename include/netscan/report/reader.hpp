/// Reading results back.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

#include "netscan/report/results.hpp"

namespace netscan {

/// What a file holds, and what the user should know about it.
struct results_file {
  std::vector<scan_results> scans;
  /// One sentence each, naming file and line: a last line that is cut off (its writer was killed in
  /// the middle of it) is left out and said here.
  std::vector<std::string> notices;
};

/// Reads NDJSON from text. `name` is for messages.
///
/// Members that are not known are ignored, so that newer versions' files stay readable; members
/// that are missing or of a wrong type or range are errors. A record before the first `scan` record
/// is an error.
/// Errors: InvalidArgument, `NAME:LINE: what is wrong`.
absl::StatusOr<results_file> parse_ndjson(std::string_view text, std::string_view name);

/// Reads a file of results; `-` is standard input. Errors: as parse_ndjson(), and those of opening
/// and reading.
absl::StatusOr<results_file> read_results(const std::string& path);

}  // namespace netscan
