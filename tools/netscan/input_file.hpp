#pragma once

#include <absl/status/statusor.h>

#include <string>

namespace netscan::cli {

/// The whole text of a file; `-` is standard input. 64 MiB at most.
/// Errors: those of open(2) and read(2), naming the path; InvalidArgument for a folder and for what
/// is longer.
absl::StatusOr<std::string> read_file(const std::string& path);

}  // namespace netscan::cli
