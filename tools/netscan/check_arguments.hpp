#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "netscan/check/check_request.hpp"

namespace CLI {
class App;
}

namespace netscan::cli {

/// What `netscan check` is given, as it was written.
struct check_arguments {
  std::vector<std::string> targets;
  std::vector<std::string> resolve;
  std::string timeout = "10s";
  std::string connect_timeout = "5s";
  bool insecure = false;
  std::string ca_file;
  std::string server_name;
  bool only_v4 = false;
  bool only_v6 = false;
  bool follow = false;
  unsigned max_redirects = 10;
  std::string expect_status;
  std::string expect_text;
  std::uint64_t body_limit = 1U << 20;
  std::string banner;
  unsigned concurrency = 64;
  std::string vantage;
  std::string format;
  std::vector<std::string> outputs;
  std::string show;
  std::string watch;
  std::optional<std::uint64_t> count;
  std::string prometheus;
};

/// Declares the options; their values go to `arguments`, which must live as long as the command.
void declare_check_options(CLI::App& command, check_arguments& arguments);

/// The requests that the arguments stand for. Errors: InvalidArgument, naming what is wrong; those
/// of files that cannot be read.
absl::StatusOr<std::vector<check_request>> read_check_requests(const check_arguments& arguments);

/// The time from one round to the next; nothing without --watch.
absl::StatusOr<std::optional<std::chrono::milliseconds>> read_watch_interval(
    const check_arguments& arguments);

}  // namespace netscan::cli
