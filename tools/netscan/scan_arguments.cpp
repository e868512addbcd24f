#include "scan_arguments.hpp"

#include <absl/numeric/int128.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "duration.hpp"
#include "netscan/target/public_addresses.hpp"
#include "netscan/target/status.hpp"
#include "target_arguments.hpp"

namespace netscan::cli {
namespace {

/// What `parse` refuses is an error of the option that it was given to.
template <typename Parse>
CLI::Validator read_by(Parse parse) {
  return CLI::Validator(
      [parse](const std::string& text) {
        const auto value = parse(text);
        return value.ok() ? std::string() : std::string(message_of(value.status()));
      },
      "");
}

// A company's own block is seldom larger than a /20, and a mistyped one often is.
constexpr std::uint64_t most_public_addresses = 4096;

/// As far as numbers have names: nobody counts a /64.
std::string count_text(const absl::uint128& count) {
  const bool is_small = absl::Uint128High64(count) == 0;
  return is_small ? fmt::format("{}", absl::Uint128Low64(count)) : "2^64 or more";
}

}  // namespace

CLI::Option* add_target_options(CLI::App& command, scan_arguments& a) {
  CLI::Option* const targets =
      command.add_option("TARGETS", a.targets,
                         "Addresses, 10.0.0.0/24, 10.0.0.5-10.0.0.20, 10.0.0.5-20, names, @FILE");
  command.add_option("-p,--ports", a.ports, "Ports: 80,443,8000-8100,http,top:100; - for all")
      ->check(read_by(parse_ports))
      ->capture_default_str();
  command.add_option("--exclude", a.exclude, "Targets to leave out, written as TARGETS are")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_flag("--allow-public", a.allow_public,
                   "Take more than 4096 addresses of the public internet for targets");
  return targets;
}

void add_timing_options(CLI::App& command, scan_arguments& a) {
  command
      .add_option("--timeout", a.timeout,
                  "Longest wait for one attempt: 1100ms has room for two SYNs; 4s also for the "
                  "router that finds nobody at an address")
      ->check(read_by(parse_duration))
      ->capture_default_str();
  command
      .add_option("--timing", a.timing,
                  "fast gives up when other answers have long come; thorough always waits and "
                  "always makes all passes")
      ->check(CLI::IsMember({"fast", "default", "thorough"}))
      ->capture_default_str();
  command.add_option("--retries", a.retries,
                     "How often a silent probe may be asked again (default: 1; 2 for fast and "
                     "thorough)");
  command.add_option("--rate", a.rate, "Attempts a second at most; 0 is no limit")
      ->capture_default_str();
}

absl::Status check_public(const address_set& addresses, const scan_arguments& arguments) {
  if (arguments.allow_public) return absl::OkStatus();
  const address_set others = public_part(addresses);
  if (others.size() <= most_public_addresses) return absl::OkStatus();
  return invalid_argument(
      "the targets have {} addresses of the public internet, {} among them: more than {} need "
      "--allow-public, which is to say that their owners know of the scan",
      count_text(others.size()), to_string(others.ranges().front()), most_public_addresses);
}

absl::StatusOr<selection> read_selection(const scan_arguments& arguments) {
  absl::StatusOr<port_set> ports = parse_ports(arguments.ports);
  if (!ports.ok()) return ports.status();
  absl::StatusOr<target_list> targets = read_target_arguments(arguments.targets);
  if (!targets.ok()) return targets.status();
  target_list excluded;
  if (!arguments.exclude.empty()) {
    absl::StatusOr<target_list> list = read_target_arguments(arguments.exclude);
    if (!list.ok()) return list.status();
    excluded = *std::move(list);
  }
  selection selected{targets->addresses - excluded.addresses, *std::move(ports),
                     targets->expressions, excluded.expressions};
  if (absl::Status status = check_public(selected.addresses, arguments); !status.ok())
    return status;
  return selected;
}

absl::StatusOr<scan_options> read_timing(const scan_arguments& arguments) {
  absl::StatusOr<std::chrono::milliseconds> timeout = parse_duration(arguments.timeout);
  if (!timeout.ok()) return timeout.status();
  scan_options options;
  options.timeout = *timeout;
  options.timing = *parse_timing(arguments.timing);
  options.retries = arguments.retries;
  options.rate = arguments.rate;
  return options;
}

}  // namespace netscan::cli
