/// The options that all commands have that scan.
#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "netscan/scan/options.hpp"
#include "netscan/target/address_set.hpp"
#include "netscan/target/port_set.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace netscan::cli {

struct scan_arguments {
  std::vector<std::string> targets;
  std::vector<std::string> exclude;
  bool allow_public = false;
  std::string ports = "top:100";
  std::string timeout = "1100ms";
  std::string timing = "default";
  std::optional<unsigned> retries;
  std::uint64_t rate = 0;
};

/// `arguments` must live as long as the command. Returns the option TARGETS.
CLI::Option* add_target_options(CLI::App& command, scan_arguments& arguments);
void add_timing_options(CLI::App& command, scan_arguments& arguments);

/// What to ask; the expressions are those of the header.
struct selection {
  address_set addresses;
  port_set ports;
  std::vector<std::string> targets;
  std::vector<std::string> exclude;
};

/// Errors: of what is badly written, of names that cannot be resolved, and of more public addresses
/// than one is likely to own.
absl::StatusOr<selection> read_selection(const scan_arguments& arguments);

/// Errors: InvalidArgument when `addresses` has more public ones than one is likely to own, and
/// --allow-public was not given.
absl::Status check_public(const address_set& addresses, const scan_arguments& arguments);

/// timeout, timing, retries and rate; not validated.
absl::StatusOr<scan_options> read_timing(const scan_arguments& arguments);

}  // namespace netscan::cli
