/// Scan results in memory, as read back from a file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "netscan/probe/record.hpp"

namespace netscan {

/// One scan: a file may hold several, one after the other.
struct scan_results {
  /// Where it was read from, for messages.
  std::string source;
  scan_header header;
  std::vector<probe_record> probes;
  /// Nothing when the writer was killed before the end.
  std::optional<scan_summary> summary;
};

}  // namespace netscan
