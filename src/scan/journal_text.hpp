/// What the entries of a journal say, but for the records: lines of `name value`, so that who looks
/// into the file sees what it is of.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

#include "netscan/scan/journal.hpp"

namespace netscan::detail {

/// A run: when it began, and what this host then was.
struct journal_run {
  timestamp start{};
  std::vector<source_address> sources;
  std::vector<ip_address> gateways;
};

void append_text(std::string& out, const journal_head& head);
void append_text(std::string& out, const journal_run& run);
void append_text(std::string& out, const scan_summary& summary);

// Each reads what append_text() has written. Errors: InvalidArgument, saying which line is missing
// or wrong.

absl::StatusOr<journal_head> parse_journal_head(std::string_view text);
absl::StatusOr<journal_run> parse_journal_run(std::string_view text);
absl::StatusOr<scan_summary> parse_journal_end(std::string_view text);

}  // namespace netscan::detail
