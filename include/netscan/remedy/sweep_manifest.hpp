/// Sweeps as Kubernetes runs them: manifests of a Job, a DaemonSet or a CronJob.
///
///     netscan::sweep_manifest_options options;
///     options.targets = {"10.0.0.0/16"};
///     options.addresses = 65536;
///     options.ports = *netscan::parse_ports("80,443");
///     options.image = "registry.example/netscan:0.1.0";
///     absl::StatusOr<netscan::sweep_manifest> manifest = netscan::make_sweep_manifest(options);
///     fmt::print("{}", manifest->yaml);
///
/// A Job is Indexed: each index is a shard, and its pods write NDJSON to their logs. A DaemonSet
/// sweeps everything from every node, each a vantage called as its node; the sweep is an init
/// container, so that it runs once and its log stays, and beside it nothing but a pause runs. A
/// CronJob starts the Job by its schedule. All pods fit the PodSecurity level `restricted`, unless
/// they are to use the host's network. The text depends on the options only.
///
/// Sources: Kubernetes' API reference of batch/v1 and apps/v1 (1.32) and its pages Indexed Job, Pod
/// Security Standards, and Logging Architecture.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/scan/options.hpp"
#include "netscan/target/port_set.hpp"

namespace netscan {

enum class manifest_kind : std::uint8_t { job, daemonset, cronjob };

std::string_view to_string(manifest_kind kind) noexcept;
std::optional<manifest_kind> parse_manifest_kind(std::string_view text) noexcept;

struct sweep_manifest_options {
  manifest_kind kind = manifest_kind::job;
  /// A DNS-1123 label, so short that the pods' host names fit too.
  std::string name = "netscan-sweep";
  std::string name_space = "default";
  std::string image;
  /// What a DaemonSet runs when the sweep is done.
  std::string pause_image = "registry.k8s.io/pause:3.10";
  /// Of a CronJob: five fields, a word like `@hourly`, or `@every 1h30m`.
  std::string schedule = "0 * * * *";
  /// Of a Job, 1 to 10,000; 0 for so many that a node's log has room for each one's results.
  std::uint32_t shards = 0;
  /// Shards at a time; 0 for all.
  std::uint32_t parallelism = 0;
  /// How often a shard may be tried again.
  std::uint32_t retries_per_index = 2;
  bool host_network = false;
  /// Kubernetes 1.x, the oldest that is to read it, from 1.22 on. Up to 1.28 retries are counted
  /// for all shards together.
  unsigned kubernetes_minor = 29;

  /// What to sweep, as `sweep` reads it; names are left to the pods to resolve.
  std::vector<std::string> targets;
  std::vector<std::string> exclude;
  port_set ports;
  /// How many addresses that is, names counted as one each.
  std::uint64_t addresses = 0;
  /// There are names among them: a pod that cannot resolve one may be able to later.
  bool has_names = false;
  /// `rate` is that of all pods of a Job together, and of each pod of a DaemonSet; `concurrency` (0
  /// for 4096 at most) and `threads` (0 for one) are each pod's.
  scan_options scan;
  /// The pods are to take any number of public addresses (`--allow-public`).
  bool allow_public = false;
  std::optional<std::uint64_t> seed;
  /// Of a Job; empty for its name.
  std::string vantage;
};

struct sweep_manifest {
  std::string yaml;
  /// The command line that writes the results of all pods to a file.
  std::string collect;
  std::uint32_t shards = 1;
  /// What the user should know, one sentence each.
  std::vector<std::string> notices;
};

/// Errors: InvalidArgument for what Kubernetes would not take, for more shards than probes or than
/// 10,000, and for a rate that leaves a pod nothing.
absl::StatusOr<sweep_manifest> make_sweep_manifest(const sweep_manifest_options& options);

}  // namespace netscan
