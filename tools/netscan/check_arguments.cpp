#include "check_arguments.hpp"

#include <CLI/CLI.hpp>

#include "duration.hpp"
#include "netscan/target/status.hpp"
#include "vantage.hpp"

namespace netscan::cli {
namespace {

using namespace std::chrono_literals;

void declare_target_options(CLI::App& command, check_arguments& a) {
  command
      .add_option("TARGETS", a.targets,
                  "HOST:PORT for TCP alone (as nc -v), tls://HOST:PORT for TLS too, or a URL (as "
                  "curl); an IPv6 address in brackets; @FILE")
      ->required();
  command
      .add_option("--resolve", a.resolve,
                  "HOST:PORT:ADDRESS[,ADDRESS]: where to find HOST (* for any), instead of asking "
                  "the resolver; may be given several times")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_flag("-4", a.only_v4, "Only addresses of IPv4");
  command.add_flag("-6", a.only_v6, "Only addresses of IPv6");
  command.add_option("--timeout", a.timeout, "Longest time for a whole check")
      ->capture_default_str();
  command
      .add_option(
          "--connect-timeout", a.connect_timeout,
          "Longest wait for one address; 5s has room for the router that finds nobody there")
      ->capture_default_str();
  command
      .add_option("--banner", a.banner,
                  "For HOST:PORT, wait so long for what the server says first, as in 2s")
      ->type_name("TIME");
}

void declare_tls_and_http_options(CLI::App& command, check_arguments& a) {
  command.add_flag("-k,--insecure", a.insecure,
                   "Go on although the certificate is not good; it is said all the same");
  command
      .add_option("--cacert", a.ca_file,
                  "Trust the certificates in this PEM file instead of this system's")
      ->type_name("FILE");
  command.add_option("--server-name", a.server_name,
                     "The name to ask for in TLS and HTTP, and to find in the certificate "
                     "(default: the target's)");
  command.add_flag("-L,--location", a.follow, "Follow redirects");
  command.add_option("--max-redirs", a.max_redirects, "Follow so many at most")
      ->capture_default_str();
  command.add_option("--expect-status", a.expect_status,
                     "HTTP statuses that are right: 200, 200-299, 2xx, with commas (default: any "
                     "below 500)");
  command.add_option("--expect-text", a.expect_text, "Text that must be in the body");
  command.add_option("--body-limit", a.body_limit, "Bytes of a body to read at most")
      ->capture_default_str();
}

void declare_output_options(CLI::App& command, check_arguments& a) {
  command.add_option("--concurrency", a.concurrency, "Checks at the same time")
      ->check(CLI::Range(1U, 4096U))
      ->capture_default_str();
  command
      .add_option("-o,--output", a.outputs,
                  "Where results go; the ending (.txt .json .ndjson) tells the format; - is "
                  "standard output; may be given several times")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--format", a.format, "Format of all outputs, whatever they are called")
      ->check(CLI::IsMember({"text", "json", "ndjson"}));
  command
      .add_option(
          "--show", a.show,
          "What the text format has of each check: summary, a line; layers, what each layer "
          "said (default: layers for a single target)")
      ->check(CLI::IsMember({"summary", "layers"}));
  command.add_option("--vantage", a.vantage,
                     "Name of the place this check is made from (default: this host's name)");
  command
      .add_option("--watch", a.watch,
                  "Check again and again, a round each TIME; text then has the changes only")
      ->type_name("TIME");
  command.add_option("--count", a.count, "With --watch: end after so many rounds")
      ->check(CLI::Range(std::uint64_t{1}, ~std::uint64_t{0}));
  command
      .add_option("--prometheus", a.prometheus,
                  "Write the results for node_exporter's textfile collector to this file (.prom)")
      ->type_name("FILE");
}

/// All that is the same for each target.
absl::Status apply_options(const check_arguments& a, check_request& request) {
  absl::StatusOr<std::chrono::milliseconds> timeout = parse_duration(a.timeout);
  if (!timeout.ok()) return timeout.status();
  absl::StatusOr<std::chrono::milliseconds> connect_timeout = parse_duration(a.connect_timeout);
  if (!connect_timeout.ok()) return connect_timeout.status();
  if (!a.banner.empty()) {
    absl::StatusOr<std::chrono::milliseconds> wait = parse_duration(a.banner);
    if (!wait.ok()) return wait.status();
    request.banner_wait = *wait;
  }
  if (!a.expect_status.empty()) {
    absl::StatusOr<std::vector<status_range>> expected = parse_status_ranges(a.expect_status);
    if (!expected.ok()) return expected.status();
    request.expected_status = *std::move(expected);
  }
  for (const std::string& text : a.resolve) {
    absl::StatusOr<resolve_override> entry = parse_resolve_override(text);
    if (!entry.ok()) return entry.status();
    request.overrides.push_back(*std::move(entry));
  }
  if (a.only_v4 != a.only_v6) request.family = a.only_v4 ? ip_family::v4 : ip_family::v6;
  request.timeout = *timeout;
  request.connect_timeout = *connect_timeout;
  request.insecure = a.insecure;
  request.ca_file = a.ca_file;
  request.server_name = a.server_name;
  request.expected_text = a.expect_text;
  request.follow_redirects = a.follow;
  request.max_redirects = a.max_redirects;
  request.body_limit = a.body_limit;
  request.vantage = vantage_or_host_name(a.vantage);
  return absl::OkStatus();
}

}  // namespace

void declare_check_options(CLI::App& command, check_arguments& arguments) {
  declare_target_options(command, arguments);
  declare_tls_and_http_options(command, arguments);
  declare_output_options(command, arguments);
}

absl::StatusOr<std::vector<check_request>> read_check_requests(const check_arguments& arguments) {
  if (!arguments.ca_file.empty()) {
    if (absl::Status status = validate_ca_file(arguments.ca_file); !status.ok()) return status;
  }
  absl::StatusOr<std::vector<check_request>> requests = parse_check_targets(arguments.targets);
  if (!requests.ok()) return requests;
  check_request common = requests->front();
  if (absl::Status status = apply_options(arguments, common); !status.ok()) return status;
  for (check_request& request : *requests) {
    check_request complete = common;
    complete.protocol = request.protocol;
    complete.host = std::move(request.host);
    complete.port = request.port;
    complete.path = std::move(request.path);
    if (absl::Status status = validate(complete); !status.ok()) return status;
    request = std::move(complete);
  }
  return requests;
}

absl::StatusOr<std::optional<std::chrono::milliseconds>> read_watch_interval(
    const check_arguments& arguments) {
  if (arguments.watch.empty()) {
    if (arguments.count) return invalid_argument("--count needs --watch");
    return std::nullopt;
  }
  absl::StatusOr<std::chrono::milliseconds> interval = parse_duration(arguments.watch);
  if (!interval.ok()) return interval.status();
  if (*interval < 100ms) {
    return invalid_argument("bad --watch '{}': expected 100ms or more", arguments.watch);
  }
  return *interval;
}

}  // namespace netscan::cli
