#pragma once

#include <absl/status/status.h>

#include <string>

namespace CLI {
class App;
}

namespace netscan::cli {

/// Takes from a file what the command line has not given. A line is `OPTION = VALUE`, with the
/// option's long name without its dashes, and the value as on the command line, in double quotes or
/// not; what starts with `#` is a comment. To be called when the command line has been parsed.
/// Errors: naming the file, the line and what is wrong with it. Then nothing was taken, or the
/// options before that line.
absl::Status apply_config_file(CLI::App& command, const std::string& path);

}  // namespace netscan::cli
