// netscan manifest: a sweep as Kubernetes runs it.
#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <string_view>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "messages.hpp"
#include "netscan/remedy/sweep_manifest.hpp"
#include "netscan/target/status.hpp"
#include "netscan/target/target_list.hpp"
#include "netscan/version.hpp"
#include "output_file.hpp"
#include "scan_arguments.hpp"

namespace netscan::cli {
namespace {

struct manifest_arguments : scan_arguments {
  std::string kind;
  sweep_manifest_options options;
  std::string kubernetes = "1.29";
  std::string output = "-";
};

/// Reads `1.29`, `v1.29` and `1.29.3`.
absl::StatusOr<unsigned> minor_of(const std::string& version) {
  std::string_view text = version;
  if (text.starts_with('v')) text.remove_prefix(1);
  unsigned minor = 0;
  if (text.starts_with("1.")) {
    text.remove_prefix(2);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), minor);
    const bool is_end = end == text.data() + text.size() || *end == '.';
    if (error == std::errc() && is_end) return minor;
  }
  return invalid_argument("bad Kubernetes version '{}': expected one such as 1.29",
                          excerpt(version));
}

/// An option that the kind has no use for would be left out without a word.
absl::Status check_options(const CLI::App& command, manifest_kind kind) {
  const bool is_daemonset = kind == manifest_kind::daemonset;
  struct use {
    const char* option;
    bool is_of_it;
    std::string_view kinds;
  };
  for (const use& one : {
           use{"--shards", !is_daemonset, "job or cronjob"},
           use{"--parallelism", !is_daemonset, "job or cronjob"},
           use{"--retries-per-index", !is_daemonset, "job or cronjob"},
           use{"--vantage", !is_daemonset, "job or cronjob"},
           use{"--pause-image", is_daemonset, "daemonset"},
           use{"--schedule", kind == manifest_kind::cronjob, "cronjob"},
       }) {
    if (one.is_of_it || command.count(one.option) == 0) continue;
    return invalid_argument("{} is of a {}, not of a {}", one.option, one.kinds, to_string(kind));
  }
  return absl::OkStatus();
}

/// What to sweep, by its text: names are resolved where the pods run, not here.
absl::Status read_targets(const manifest_arguments& arguments, sweep_manifest_options& options) {
  absl::StatusOr<target_list> targets = parse_targets(arguments.targets);
  if (!targets.ok()) return targets.status();
  for (const std::string& notice : targets->notices) note(notice);
  target_list excluded;
  if (!arguments.exclude.empty()) {
    absl::StatusOr<target_list> list = parse_targets(arguments.exclude);
    if (!list.ok()) return list.status();
    excluded = *std::move(list);
  }
  const address_set asked = targets->addresses - excluded.addresses;
  if (absl::Status status = check_public(asked, arguments); !status.ok()) return status;
  const absl::uint128 addresses = asked.size() + targets->names.size();
  if (absl::Uint128High64(addresses) != 0) return invalid_argument("2^64 addresses or more");
  if (!targets->names.empty() && options.kind != manifest_kind::daemonset) {
    note("names are resolved by each pod: shards fit together while all get the same addresses");
  }
  options.addresses = absl::Uint128Low64(addresses);
  options.allow_public = arguments.allow_public;
  options.has_names = !targets->names.empty() || !excluded.names.empty();
  options.targets = targets->expressions;
  options.exclude = excluded.expressions;
  return absl::OkStatus();
}

absl::StatusOr<sweep_manifest> make(const manifest_arguments& arguments, const CLI::App& command) {
  sweep_manifest_options options = arguments.options;
  options.kind = *parse_manifest_kind(arguments.kind);
  if (absl::Status status = check_options(command, options.kind); !status.ok()) return status;
  const absl::StatusOr<unsigned> minor = minor_of(arguments.kubernetes);
  if (!minor.ok()) return minor.status();
  options.kubernetes_minor = *minor;
  if (absl::Status status = read_targets(arguments, options); !status.ok()) return status;
  absl::StatusOr<port_set> ports = parse_ports(arguments.ports);
  if (!ports.ok()) return ports.status();
  options.ports = *std::move(ports);
  const absl::StatusOr<scan_options> timing = read_timing(arguments);
  if (!timing.ok()) return timing.status();
  const scan_options given = options.scan;
  options.scan = *timing;
  options.scan.concurrency = given.concurrency;
  options.scan.threads = given.threads;
  return make_sweep_manifest(options);
}

int run_manifest(const manifest_arguments& arguments, const CLI::App& command) {
  const absl::StatusOr<sweep_manifest> manifest = make(arguments, command);
  if (!manifest.ok()) return refuse(manifest.status());
  for (const std::string& notice : manifest->notices) note("warning: " + notice);
  if (const absl::Status written = write_file(arguments.output, manifest->yaml); !written.ok()) {
    complain(message_of(written));
    return host_failed;
  }
  note("collect the results with: " + manifest->collect);
  return yes;
}

}  // namespace

void add_manifest(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<manifest_arguments>();
  CLI::App* const command =
      app.add_subcommand("manifest", "Write a sweep as a Kubernetes Job, DaemonSet or CronJob");
  manifest_arguments& a = *arguments;
  sweep_manifest_options& o = a.options;
  o.image = fmt::format("netscan:{}", version);
  command
      ->add_option("KIND", a.kind,
                   "job: shards of the sweep, one a pod; cronjob: the same by a schedule; "
                   "daemonset: all of it from every node")
      ->check(CLI::IsMember({"job", "daemonset", "cronjob"}))
      ->required();
  add_target_options(*command, a)->required();
  add_timing_options(*command, a);
  command->add_option("--concurrency", o.scan.concurrency,
                      "Attempts in flight at most, in each pod (default: 4096)");
  command->add_option("--threads", o.scan.threads, "Threads of each pod (default: 1)");
  command->add_option("--seed", o.seed,
                      "Of the permuted order (default: one that follows from targets and ports)");
  command->add_option("--vantage", o.vantage,
                      "Name of the place that a Job or CronJob runs from (default: its name); in a "
                      "DaemonSet each pod's is its node's name");
  command->add_option("--shards", o.shards,
                      "Pods that share the work (default: so many that each one's log keeps all of "
                      "its results)");
  command->add_option("--parallelism", o.parallelism,
                      "Pods at a time, which --rate is divided among (default: all)");
  command
      ->add_option("--retries-per-index", o.retries_per_index,
                   "How often a shard may be tried again when its pod fails")
      ->capture_default_str();
  command->add_option("--schedule", o.schedule, "Of a CronJob")->capture_default_str();
  command->add_flag("--host-network", o.host_network,
                    "Ask from the node's own address; needs a namespace that allows it");
  command->add_option("--image", o.image, "Image that has netscan")->capture_default_str();
  command
      ->add_option("--pause-image", o.pause_image,
                   "Image that keeps a DaemonSet's pods when the sweep is done")
      ->capture_default_str();
  command->add_option("--namespace", o.name_space, "Namespace")->capture_default_str();
  command->add_option("--name", o.name, "Name of the Job, DaemonSet or CronJob")
      ->capture_default_str();
  command->add_option("--kubernetes-version", a.kubernetes, "The oldest version that is to take it")
      ->capture_default_str();
  command->add_option("-o,--output", a.output, "File to write; it is replaced as a whole, or not")
      ->type_name("FILE")
      ->capture_default_str();
  command->footer(
      "Pods write NDJSON to their logs. The line that collects them stands at the top of the\n"
      "manifest, and on standard error. --rate is that of all pods of a Job together, and of\n"
      "each pod of a DaemonSet. Names among the targets are resolved by the pods.\n"
      "\n"
      "Examples:\n"
      "  netscan manifest job 10.0.0.0/16 -p 80,443 --shards 8 --rate 4000 -o sweep.yaml\n"
      "  netscan manifest daemonset 10.0.0.0/24 -p 80,443 | kubectl apply -f -\n"
      "  netscan manifest cronjob 10.0.0.0/24 -p 80,443 --schedule '*/15 * * * *'\n"
      "\n"
      "Exit codes: 0 written; 2 wrong usage or bad input; 3 it could not be written.");
  command->callback([arguments, command, &exit] { exit = run_manifest(*arguments, *command); });
}

}  // namespace netscan::cli
