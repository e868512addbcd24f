#include "netscan/remedy/sweep_manifest.hpp"

#include <fmt/format.h>

#include <array>

#include "manifest_validation.hpp"
#include "manifest_yaml.hpp"
#include "netscan/target/status.hpp"
#include "pod_share.hpp"
#include "probe/words.hpp"
#include "sweep_arguments.hpp"

namespace netscan {
namespace {

using detail::is_sharded;
using detail::pod_share;

// In the order of manifest_kind.
constexpr auto manifest_kind_words =
    std::to_array<std::string_view>({"job", "daemonset", "cronjob"});

constexpr std::size_t most_argument_bytes = std::size_t{128} << 10;

/// How to wait for the results, and how to get them: stdout and stderr are one in a pod's log.
struct command_lines {
  std::string wait;
  std::string collect;
};

command_lines commands_of(const sweep_manifest_options& options) {
  const std::string kubectl = "kubectl -n " + options.name_space;
  const std::string of_this = "-l app.kubernetes.io/instance=" + options.name;
  const std::string to_file = fmt::format("--tail=-1 | grep '^{{' > {}.ndjson", options.name);
  switch (options.kind) {
    case manifest_kind::job:
      // `kubectl wait` takes one condition, and would go on waiting for a Job that has failed.
      return {fmt::format("until {} get job/{} -o jsonpath='{{.status.conditions[*].type}}' | grep "
                          "-E 'Complete|Failed'; do sleep 5; done",
                          kubectl, options.name),
              fmt::format("{} logs {} -c sweep {}", kubectl, of_this, to_file)};
    case manifest_kind::daemonset:
      return {fmt::format("{} rollout status daemonset/{}", kubectl, options.name),
              fmt::format("{} logs {} -c sweep {}", kubectl, of_this, to_file)};
    case manifest_kind::cronjob:
      break;
  }
  // The label without a prefix is the older one, and all versions set it.
  return {fmt::format("{} get jobs {}", kubectl, of_this),
          fmt::format("{0} logs -l job-name=$({0} get jobs {1} "
                      "--sort-by=.metadata.creationTimestamp "
                      "-o jsonpath='{{.items[-1:].metadata.name}}') -c sweep {2}",
                      kubectl, of_this, to_file)};
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string comment_of(const sweep_manifest_options& options, std::uint64_t probes,
                       std::uint32_t shards, const command_lines& commands) {
  const std::string what =
      is_sharded(options)
          ? fmt::format("{} in {}", counted(probes, "probe"), counted(shards, "shard"))
          : fmt::format("{} from each node", counted(probes, "probe"));
  const std::string then =
      is_sharded(options) ? fmt::format("netscan merge {0}.ndjson -o {0}-all.ndjson", options.name)
                          : fmt::format("netscan compare {}.ndjson", options.name);
  return fmt::format("# A sweep: {}.\n# Wait:    {}\n# Collect: {}\n# Then:    {}\n", what,
                     commands.wait, commands.collect, then);
}

std::vector<std::string> notices_of(const sweep_manifest_options& options, const pod_share& share) {
  std::vector<std::string> notices;
  if (detail::log_bytes_of(options, share.probes) > detail::log_bytes) {
    notices.push_back(fmt::format(
        "{} probes a pod make more than the 10 MiB of log that a kubelet keeps and `kubectl logs` "
        "reads, as it is by default: {}",
        share.probes, is_sharded(options) ? "give more --shards" : "sweep less at a time"));
  }
  if (options.host_network) {
    notices.emplace_back(
        "the PodSecurity levels restricted and baseline forbid the host's network: the namespace "
        "needs the label pod-security.kubernetes.io/enforce=privileged");
  }
  if (!is_sharded(options) && options.scan.rate != 0) {
    notices.push_back(fmt::format("{} probes/s is the rate of each node", options.scan.rate));
  }
  if (is_sharded(options) && options.kubernetes_minor < 29) {
    notices.push_back(
        fmt::format("Kubernetes before 1.29 counts retries for all shards together: {}",
                    std::uint64_t{options.retries_per_index} * share.shards));
  }
  return notices;
}

}  // namespace

std::string_view to_string(manifest_kind kind) noexcept {
  return detail::word(manifest_kind_words, kind);
}

std::optional<manifest_kind> parse_manifest_kind(std::string_view text) noexcept {
  return detail::parse_word<manifest_kind>(manifest_kind_words, text);
}

absl::StatusOr<sweep_manifest> make_sweep_manifest(const sweep_manifest_options& options) {
  if (absl::Status status = detail::check_manifest_options(options); !status.ok()) return status;
  constexpr std::uint64_t most_probes = std::uint64_t{1} << 40;
  if (options.addresses > most_probes / options.ports.size()) {
    return invalid_argument("more than 2^40 probes: sweep less at a time");
  }
  const std::uint64_t probes = options.addresses * options.ports.size();
  const absl::StatusOr<std::uint32_t> shards = detail::shards_of(options, probes);
  if (!shards.ok()) return shards.status();
  if (absl::Status status = detail::check_manifest_name(options, *shards); !status.ok()) {
    return status;
  }
  if (absl::Status status = detail::check_manifest_retries(options, *shards); !status.ok()) {
    return status;
  }
  const absl::StatusOr<pod_share> share = detail::share_of(options, probes, *shards);
  if (!share.ok()) return share.status();
  std::size_t bytes = 0;
  for (const std::string& argument : detail::arguments_of(options, *share)) {
    bytes += argument.size() + 1;
  }
  if (bytes > most_argument_bytes) {
    return invalid_argument("the targets make {} bytes of arguments, more than the {} that fit",
                            bytes, most_argument_bytes);
  }
  const command_lines commands = commands_of(options);
  sweep_manifest manifest;
  manifest.shards = *shards;
  manifest.collect = commands.collect;
  manifest.yaml =
      comment_of(options, probes, *shards, commands) + detail::manifest_yaml(options, *share);
  manifest.notices = notices_of(options, *share);
  return manifest;
}

}  // namespace netscan
