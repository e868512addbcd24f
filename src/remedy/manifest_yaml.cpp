#include "manifest_yaml.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "probe/words.hpp"
#include "report/text_edit.hpp"
#include "report/yaml_text.hpp"
#include "sweep_arguments.hpp"

namespace netscan::detail {
namespace {

// In the order of manifest_kind.
constexpr auto kind_names = std::to_array<std::string_view>({"Job", "DaemonSet", "CronJob"});

/// As Kubernetes itself writes it: whole processors without a unit.
std::string cpu_text(std::uint64_t millicores) {
  const bool is_whole = millicores % 1000 == 0;
  return yaml_scalar(is_whole ? fmt::format("{}", millicores / 1000)
                              : fmt::format("{}m", millicores));
}

std::string resource_lines(const pod_share& share) {
  const pod_resources resources = resources_of(share);
  return fmt::format(
      "resources:\n  requests:\n    cpu: {}\n    memory: {}Mi\n  limits:\n    cpu: {}\n"
      "    memory: {}Mi\n",
      cpu_text(resources.millicores), resources.memory_mib, cpu_text(resources.most_millicores),
      resources.most_memory_mib);
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

std::string sweep_container(const sweep_manifest_options& options, const pod_share& share) {
  std::string text = fmt::format("name: sweep\nimage: {}\ncommand:\n- netscan\nargs:\n",
                                 yaml_scalar(options.image));
  for (const std::string& argument : arguments_of(options, share)) {
    text += fmt::format("- {}\n", yaml_scalar(argument));
  }
  // JOB_COMPLETION_INDEX is Kubernetes' own.
  text += is_sharded(options)
              ? fmt::format("env:\n- name: JOB_COMPLETIONS\n  value: \"{}\"\n", share.shards)
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

std::string pod_lines(const sweep_manifest_options& options, const pod_share& share) {
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
    return text + "containers:\n" + sweep_container(options, share);
  }
  text +=
      "# Every node is a vantage, whatever else may not run there.\n"
      "tolerations:\n- operator: Exists\n";
  text += "# It runs once, before the pod is ready. What runs then only keeps it, and its log.\n";
  text += "initContainers:\n" + sweep_container(options, share);
  return text + "containers:\n" + pause_container(options);
}

std::string template_lines(const sweep_manifest_options& options, const pod_share& share) {
  return "template:\n  metadata:\n    labels:\n" + indented(label_lines(options), 6) + "  spec:\n" +
         indented(pod_lines(options, share), 4);
}

std::string job_lines(const sweep_manifest_options& options, const pod_share& share) {
  constexpr unsigned limit_per_index = 29;  // beta, and on; alpha in 1.28
  constexpr unsigned failure_policy = 26;   // beta
  std::string text = fmt::format("completionMode: Indexed\ncompletions: {}\nparallelism: {}\n",
                                 share.shards, share.pods);
  if (options.kubernetes_minor >= limit_per_index) {
    text += fmt::format("backoffLimitPerIndex: {}\n", options.retries_per_index);
  } else {
    text +=
        fmt::format("backoffLimit: {}\n", std::uint64_t{options.retries_per_index} * share.shards);
  }
  // With names a sweep ends so also when the name server does not answer, which may pass.
  if (options.kubernetes_minor >= failure_policy && !options.has_names) {
    text +=
        "# What is refused for its arguments would be refused again.\n"
        "podFailurePolicy:\n  rules:\n  - action: FailJob\n    onExitCodes:\n"
        "      containerName: sweep\n      operator: In\n      values:\n      - 2\n";
  }
  return text + template_lines(options, share);
}

std::string spec_lines(const sweep_manifest_options& options, const pod_share& share) {
  switch (options.kind) {
    case manifest_kind::job:
      return job_lines(options, share);
    case manifest_kind::cronjob:
      return fmt::format(
                 "schedule: {}\nconcurrencyPolicy: Forbid\nsuccessfulJobsHistoryLimit: 3\n"
                 "failedJobsHistoryLimit: 3\njobTemplate:\n  spec:\n",
                 yaml_quoted(options.schedule, '"')) +
             indented(job_lines(options, share), 4);
    case manifest_kind::daemonset:
      break;
  }
  return "selector:\n  matchLabels:\n" + indented(label_lines(options), 4) +
         "# A changed sweep runs on all nodes at once.\n"
         "updateStrategy:\n  type: RollingUpdate\n  rollingUpdate:\n    maxUnavailable: 100%\n" +
         template_lines(options, share);
}

}  // namespace

std::string manifest_yaml(const sweep_manifest_options& options, const pod_share& share) {
  const bool is_daemonset = options.kind == manifest_kind::daemonset;
  std::string labels = label_lines(options);
  std::string text =
      fmt::format("apiVersion: {}\nkind: {}\nmetadata:\n  name: {}\n  namespace: {}\n  labels:\n",
                  is_daemonset ? "apps/v1" : "batch/v1", word(kind_names, options.kind),
                  yaml_scalar(options.name), yaml_scalar(options.name_space));
  text += indented(labels, 4) + "spec:\n";
  std::string spec = spec_lines(options, share);
  if (options.kind == manifest_kind::cronjob) {
    // So that the Jobs of its runs can be told from others.
    spec.insert(spec.find("jobTemplate:\n") + std::string_view("jobTemplate:\n").size(),
                "  metadata:\n    labels:\n" + indented(labels, 6));
  }
  return text + indented(spec, 2);
}

}  // namespace netscan::detail
