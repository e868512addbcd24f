#include "netscan/remedy/sweep_manifest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "kubernetes_name.hpp"
#include "netscan/target/printable.hpp"
#include "netscan/target/status.hpp"
#include "report/text_edit.hpp"
#include "report/yaml_text.hpp"
#include "words.hpp"

namespace netscan {
namespace {

using detail::indented;
using detail::yaml_scalar;

// In the order of manifest_kind.
constexpr auto kind_words = std::to_array<std::string_view>({"job", "daemonset", "cronjob"});
constexpr auto kind_names = std::to_array<std::string_view>({"Job", "DaemonSet", "CronJob"});

constexpr std::uint32_t most_shards = 10000;
constexpr std::uint32_t default_concurrency = 4096;
constexpr std::size_t most_argument_bytes = std::size_t{128} << 10;

/// A kubelet keeps a container's log in files of 10 MiB (containerLogMaxSize), and `kubectl logs`
/// reads the last one only.
constexpr std::uint64_t log_bytes = std::uint64_t{10} << 20;
/// A `probe` record of IPv6 with an ICMP message, without the vantage's name, behind the time and
/// the stream that a container runtime writes before it.
constexpr std::uint64_t record_bytes = 320;

/// What one pod does.
struct pod_share {
  std::uint32_t pods = 1;  // at a time
  std::uint64_t probes = 0;
  std::uint64_t rate = 0;
  std::uint32_t concurrency = 0;
  unsigned threads = 1;
};

bool is_sharded(const sweep_manifest_options& options) {
  return options.kind != manifest_kind::daemonset;
}

std::uint64_t divided(std::uint64_t number, std::uint64_t by) {
  return number / by + (number % by != 0 ? 1 : 0);
}

absl::Status check_image(std::string_view what, std::string_view image) {
  // Kubernetes leaves the rest to the container runtime.
  const bool is_good =
      !image.empty() && image.front() != '-' && std::all_of(image.begin(), image.end(), [](char c) {
        return c > ' ' && c <= '~' && c != '"' && c != '\\';
      });
  if (is_good) return absl::OkStatus();
  return invalid_argument("bad {} '{}': expected NAME[:TAG], as registry.example/netscan:0.1.0",
                          what, excerpt(image));
}

absl::Status check_schedule(std::string_view schedule) {
  const bool has_only_known = schedule.find_first_not_of(
                                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "*/,-?@ ") == schedule.npos;
  std::size_t fields = 0;
  for (std::size_t i = 0; i < schedule.size(); ++i) {
    if (schedule[i] != ' ' && (i == 0 || schedule[i - 1] == ' ')) ++fields;
  }
  const bool is_word = schedule.starts_with('@') && fields == 1;
  if (has_only_known && (is_word || fields == 5)) return absl::OkStatus();
  return invalid_argument(
      "bad schedule '{}': expected minute, hour, day, month and weekday, as '0 * * * *', or a word "
      "like @hourly",
      excerpt(schedule));
}

/// Kubernetes appends the index to a Job's name, and a CronJob the time of its run before that; the
/// whole is a host name, of 63 characters at most.
absl::Status check_name(const sweep_manifest_options& options, std::uint32_t shards) {
  if (absl::Status status = detail::check_dns1123_label("name", options.name); !status.ok()) {
    return status;
  }
  constexpr std::size_t time_length = 11;
  std::size_t most = 63;
  if (is_sharded(options)) most -= 1 + fmt::formatted_size("{}", shards - 1);
  if (options.kind == manifest_kind::cronjob) most -= time_length;
  if (options.name.size() <= most) return absl::OkStatus();
  return invalid_argument(
      "the name '{}' is too long: {} characters at most, so that its pods have names", options.name,
      most);
}

absl::Status check(const sweep_manifest_options& options) {
  if (options.targets.empty() || options.addresses == 0)
    return invalid_argument("no targets are left");
  if (options.ports.empty()) return invalid_argument("no ports");
  if (absl::Status status = validate(options.scan); !status.ok()) return status;
  if (absl::Status status = detail::check_dns1123_label("namespace", options.name_space);
      !status.ok()) {
    return status;
  }
  if (absl::Status status = check_image("image", options.image); !status.ok()) return status;
  if (absl::Status status = check_image("pause image", options.pause_image); !status.ok()) {
    return status;
  }
  if (options.kind == manifest_kind::cronjob) {
    if (absl::Status status = check_schedule(options.schedule); !status.ok()) return status;
  }
  if (printable(options.vantage) != options.vantage) {
    return invalid_argument("bad vantage '{}': it has characters that are not printable",
                            options.vantage);
  }
  return absl::OkStatus();
}

std::uint64_t log_bytes_of(const sweep_manifest_options& options, std::uint64_t probes) {
  const std::size_t name = is_sharded(options) && !options.vantage.empty() ? options.vantage.size()
                                                                           : options.name.size();
  return probes * (record_bytes + name);
}

absl::StatusOr<std::uint32_t> shards_of(const sweep_manifest_options& options,
                                        std::uint64_t probes) {
  if (!is_sharded(options)) return 1;
  std::uint64_t shards = options.shards;
  if (shards == 0) shards = divided(log_bytes_of(options, probes), log_bytes);
  if (shards > most_shards || shards > probes) {
    return invalid_argument(
        "{} shards of {} probes: expected {} at most; a log has room for {} probes or so", shards,
        probes, std::min<std::uint64_t>(most_shards, probes), log_bytes / record_bytes);
  }
  return static_cast<std::uint32_t>(shards);
}

absl::StatusOr<pod_share> share_of(const sweep_manifest_options& options, std::uint64_t probes,
                                   std::uint32_t shards) {
  pod_share share;
  share.probes = divided(probes, shards);
  share.pods = options.parallelism == 0 ? shards : std::min(options.parallelism, shards);
  share.rate = options.scan.rate / share.pods;
  if (options.scan.rate != 0 && share.rate == 0) {
    return invalid_argument("a rate of {} cannot be divided among {} pods: give --parallelism {}",
                            options.scan.rate, share.pods, options.scan.rate);
  }
  share.concurrency = options.scan.concurrency;
  if (share.concurrency == 0) {
    share.concurrency =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(share.probes, default_concurrency));
  }
  share.threads = std::max(options.scan.threads, 1U);
  return share;
}

/// An argument that a pod's `args` hand on as it is: there `$(NAME)` is a variable.
std::string argument_of(std::string_view text) {
  std::string result;
  for (const char c : text) result += c == '$' ? "$$" : std::string(1, c);
  return result;
}

std::vector<std::string> arguments_of(const sweep_manifest_options& options,
                                      const pod_share& share) {
  std::vector<std::string> list = {"sweep"};
  list.insert(list.end(), options.targets.begin(), options.targets.end());
  for (const std::string& text : options.exclude) list.push_back("--exclude=" + text);
  list.push_back("--ports=" + to_string(options.ports));
  const scan_options defaults;
  const scan_options& scan = options.scan;
  if (scan.timeout != defaults.timeout) {
    list.push_back(fmt::format("--timeout={}ms", scan.timeout.count()));
  }
  if (scan.timing != defaults.timing) {
    list.push_back(fmt::format("--timing={}", to_string(scan.timing)));
  }
  if (scan.retries) list.push_back(fmt::format("--retries={}", *scan.retries));
  if (share.rate != 0) list.push_back(fmt::format("--rate={}", share.rate));
  list.push_back(fmt::format("--concurrency={}", share.concurrency));
  list.push_back(fmt::format("--threads={}", share.threads));
  if (options.allow_public) list.push_back("--allow-public");
  if (options.seed) list.push_back(fmt::format("--seed={}", *options.seed));
  for (std::string& argument : list) argument = argument_of(argument);
  list.push_back(
      is_sharded(options)
          ? argument_of("--vantage=" + (options.vantage.empty() ? options.name : options.vantage))
          : "--vantage=$(NODE_NAME)");
  list.insert(list.end(), {"--format=ndjson", "--exit-zero", "--quiet"});
  return list;
}

/// As Kubernetes itself writes it: whole processors without a unit.
std::string cpu_text(std::uint64_t millicores) {
  const bool is_whole = millicores % 1000 == 0;
  return yaml_scalar(is_whole ? fmt::format("{}", millicores / 1000)
                              : fmt::format("{}m", millicores));
}

/// Measured, on Linux 6.18: a process of 10 MiB, and for each probe in flight 0.13 KiB of its own
/// and 4 KiB of the kernel's, which count as the pod's. Estimated: 20 us of processor time for a
/// silent probe with its timers, which is more than one that is answered takes.
std::string resource_lines(const pod_share& share) {
  const std::uint64_t memory = 16 + divided(share.concurrency * std::uint64_t{5}, 1024);
  const std::uint64_t most_cpu = share.threads * std::uint64_t{1000};
  const std::uint64_t cpu =
      share.rate == 0 ? most_cpu / 4 : std::clamp<std::uint64_t>(share.rate / 50, 20, most_cpu);
  return fmt::format(
      "resources:\n  requests:\n    cpu: {}\n    memory: {}Mi\n  limits:\n    cpu: {}\n"
      "    memory: {}Mi\n",
      cpu_text(cpu), memory, cpu_text(most_cpu), 2 * memory);
}

constexpr std::string_view container_security =
    "securityContext:\n"
    "  allowPrivilegeEscalation: false\n"
    "  capabilities:\n"
    "    drop:\n"
    "    - ALL\n"
    "  readOnlyRootFilesystem: true\n";

/// An item of a list of containers: its first line stands behind a dash.
std::string list_item(std::string_view lines) {
  std::string text = indented(lines, 2);
  text[0] = '-';
  return text;
}

std::string sweep_container(const sweep_manifest_options& options, const pod_share& share,
                            std::uint32_t shards) {
  std::string text = fmt::format("name: sweep\nimage: {}\ncommand:\n- netscan\nargs:\n",
                                 yaml_scalar(options.image));
  for (const std::string& argument : arguments_of(options, share)) {
    text += fmt::format("- {}\n", yaml_scalar(argument));
  }
  // JOB_COMPLETION_INDEX is Kubernetes' own.
  text += is_sharded(options)
              ? fmt::format("env:\n- name: JOB_COMPLETIONS\n  value: \"{}\"\n", shards)
              : "env:\n- name: NODE_NAME\n  valueFrom:\n    fieldRef:\n"
                "      fieldPath: spec.nodeName\n";
  text += resource_lines(share);
  text += container_security;
  return list_item(text);
}

std::string pause_container(const sweep_manifest_options& options) {
  std::string text = fmt::format("name: pause\nimage: {}\n", yaml_scalar(options.pause_image));
  text +=
      "resources:\n  requests:\n    cpu: 1m\n    memory: 1Mi\n  limits:\n    cpu: 10m\n"
      "    memory: 8Mi\n";
  text += container_security;
  return list_item(text);
}

std::string label_lines(const sweep_manifest_options& options) {
  return fmt::format("app.kubernetes.io/name: netscan\napp.kubernetes.io/instance: {}\n",
                     yaml_scalar(options.name));
}

std::string pod_lines(const sweep_manifest_options& options, const pod_share& share,
                      std::uint32_t shards) {
  std::string text = "automountServiceAccountToken: false\nenableServiceLinks: false\n";
  if (options.host_network) {
    text +=
        "# No PodSecurity level but privileged allows this.\n"
        "hostNetwork: true\ndnsPolicy: ClusterFirstWithHostNet\n";
  }
  text += is_sharded(options) ? "restartPolicy: Never\n" : "restartPolicy: Always\n";
  text +=
      "securityContext:\n  runAsNonRoot: true\n  runAsUser: 65532\n  runAsGroup: 65532\n"
      "  seccompProfile:\n    type: RuntimeDefault\n";
  if (is_sharded(options)) {
    // Each node has one connection tracking table, and one address to the outside.
    text +=
        "topologySpreadConstraints:\n- maxSkew: 1\n  topologyKey: kubernetes.io/hostname\n"
        "  whenUnsatisfiable: ScheduleAnyway\n  labelSelector:\n    matchLabels:\n" +
        indented(label_lines(options), 6);
    return text + "containers:\n" + sweep_container(options, share, shards);
  }
  text +=
      "# Every node is a vantage, whatever else may not run there.\n"
      "tolerations:\n- operator: Exists\n";
  text += "# It runs once, before the pod is ready. What runs then only keeps it, and its log.\n";
  text += "initContainers:\n" + sweep_container(options, share, shards);
  return text + "containers:\n" + pause_container(options);
}

std::string template_lines(const sweep_manifest_options& options, const pod_share& share,
                           std::uint32_t shards) {
  return "template:\n  metadata:\n    labels:\n" + indented(label_lines(options), 6) + "  spec:\n" +
         indented(pod_lines(options, share, shards), 4);
}

std::string job_lines(const sweep_manifest_options& options, const pod_share& share,
                      std::uint32_t shards) {
  constexpr unsigned limit_per_index = 29;  // beta, and on; alpha in 1.28
  constexpr unsigned failure_policy = 26;   // beta
  std::string text = fmt::format("completionMode: Indexed\ncompletions: {}\nparallelism: {}\n",
                                 shards, share.pods);
  if (options.kubernetes_minor >= limit_per_index) {
    text += fmt::format("backoffLimitPerIndex: {}\n", options.retries_per_index);
  } else {
    text += fmt::format("backoffLimit: {}\n", std::uint64_t{options.retries_per_index} * shards);
  }
  if (options.kubernetes_minor >= failure_policy) {
    text +=
        "# What is refused for its arguments would be refused again.\n"
        "podFailurePolicy:\n  rules:\n  - action: FailJob\n    onExitCodes:\n"
        "      containerName: sweep\n      operator: In\n      values:\n      - 2\n";
  }
  return text + template_lines(options, share, shards);
}

std::string spec_lines(const sweep_manifest_options& options, const pod_share& share,
                       std::uint32_t shards) {
  switch (options.kind) {
    case manifest_kind::job:
      return job_lines(options, share, shards);
    case manifest_kind::cronjob:
      return fmt::format(
                 "schedule: {}\nconcurrencyPolicy: Forbid\nsuccessfulJobsHistoryLimit: 3\n"
                 "failedJobsHistoryLimit: 3\njobTemplate:\n  spec:\n",
                 detail::yaml_quoted(options.schedule, '"')) +
             indented(job_lines(options, share, shards), 4);
    case manifest_kind::daemonset:
      break;
  }
  return "selector:\n  matchLabels:\n" + indented(label_lines(options), 4) +
         "# A changed sweep runs on all nodes at once.\n"
         "updateStrategy:\n  type: RollingUpdate\n  rollingUpdate:\n    maxUnavailable: 100%\n" +
         template_lines(options, share, shards);
}

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
      return {fmt::format("{} wait --for=condition=complete --timeout=24h job/{}", kubectl,
                          options.name),
              fmt::format("{} logs {} -c sweep {}", kubectl, of_this, to_file)};
    case manifest_kind::daemonset:
      return {fmt::format("{} rollout status daemonset/{}", kubectl, options.name),
              fmt::format("{} logs {} -c sweep {}", kubectl, of_this, to_file)};
    case manifest_kind::cronjob:
      break;
  }
  return {fmt::format("{} get jobs {}", kubectl, of_this),
          fmt::format("{0} logs -l batch.kubernetes.io/job-name=$({0} get jobs {1} "
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

std::string yaml_of(const sweep_manifest_options& options, const pod_share& share,
                    std::uint32_t shards) {
  const bool is_daemonset = options.kind == manifest_kind::daemonset;
  std::string labels = label_lines(options);
  std::string text =
      fmt::format("apiVersion: {}\nkind: {}\nmetadata:\n  name: {}\n  namespace: {}\n  labels:\n",
                  is_daemonset ? "apps/v1" : "batch/v1", detail::word(kind_names, options.kind),
                  yaml_scalar(options.name), yaml_scalar(options.name_space));
  text += indented(labels, 4) + "spec:\n";
  std::string spec = spec_lines(options, share, shards);
  if (options.kind == manifest_kind::cronjob) {
    // So that the Jobs of its runs can be told from others.
    spec.insert(spec.find("jobTemplate:\n") + std::string_view("jobTemplate:\n").size(),
                "  metadata:\n    labels:\n" + indented(labels, 6));
  }
  return text + indented(spec, 2);
}

std::vector<std::string> notices_of(const sweep_manifest_options& options, const pod_share& share,
                                    const sweep_manifest& manifest) {
  std::vector<std::string> notices;
  if (log_bytes_of(options, share.probes) > log_bytes) {
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
                    std::uint64_t{options.retries_per_index} * manifest.shards));
  }
  return notices;
}

}  // namespace

std::string_view to_string(manifest_kind kind) noexcept {
  return detail::word(kind_words, kind);
}

std::optional<manifest_kind> parse_manifest_kind(std::string_view text) noexcept {
  return detail::parse_word<manifest_kind>(kind_words, text);
}

absl::StatusOr<sweep_manifest> make_sweep_manifest(const sweep_manifest_options& options) {
  if (absl::Status status = check(options); !status.ok()) return status;
  constexpr std::uint64_t most_probes = std::uint64_t{1} << 40;
  if (options.addresses > most_probes / options.ports.size()) {
    return invalid_argument("more than 2^40 probes: sweep less at a time");
  }
  const std::uint64_t probes = options.addresses * options.ports.size();
  const absl::StatusOr<std::uint32_t> shards = shards_of(options, probes);
  if (!shards.ok()) return shards.status();
  if (absl::Status status = check_name(options, *shards); !status.ok()) return status;
  const absl::StatusOr<pod_share> share = share_of(options, probes, *shards);
  if (!share.ok()) return share.status();
  std::size_t bytes = 0;
  for (const std::string& argument : arguments_of(options, *share)) bytes += argument.size() + 1;
  if (bytes > most_argument_bytes) {
    return invalid_argument("the targets make {} bytes of arguments, more than the {} that fit",
                            bytes, most_argument_bytes);
  }
  const command_lines commands = commands_of(options);
  sweep_manifest manifest;
  manifest.shards = *shards;
  manifest.collect = commands.collect;
  manifest.yaml =
      comment_of(options, probes, *shards, commands) + yaml_of(options, *share, *shards);
  manifest.notices = notices_of(options, *share, manifest);
  return manifest;
}

}  // namespace netscan
