// Sweeps as manifests: what Kubernetes demands of them, and what the pods are told.
#include "netscan/remedy/sweep_manifest.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "netscan/target/status.hpp"

namespace netscan {
namespace {

sweep_manifest_options lab_sweep(manifest_kind kind) {
  sweep_manifest_options options;
  options.kind = kind;
  options.image = "registry.example/netscan:0.1.0";
  options.targets = {"10.0.0.0/24"};
  options.addresses = 256;
  options.ports = parse_ports("80,443").value();
  options.shards = kind == manifest_kind::daemonset ? 0 : 4;
  return options;
}

YAML::Node node_of(const sweep_manifest_options& options) {
  return YAML::Load(make_sweep_manifest(options).value().yaml);
}

YAML::Node pod_of(const sweep_manifest_options& options) {
  const YAML::Node spec = node_of(options)["spec"];
  return options.kind == manifest_kind::cronjob ? spec["jobTemplate"]["spec"]["template"]["spec"]
                                                : spec["template"]["spec"];
}

YAML::Node sweep_of(const sweep_manifest_options& options) {
  const YAML::Node pod = pod_of(options);
  return options.kind == manifest_kind::daemonset ? pod["initContainers"][0] : pod["containers"][0];
}

std::vector<std::string> arguments_in(const sweep_manifest_options& options) {
  return sweep_of(options)["args"].as<std::vector<std::string>>();
}

bool has(const std::vector<std::string>& arguments, const std::string& argument) {
  return std::find(arguments.begin(), arguments.end(), argument) != arguments.end();
}

std::string refusal_of(const sweep_manifest_options& options) {
  const absl::StatusOr<sweep_manifest> manifest = make_sweep_manifest(options);
  return manifest.ok() ? "none" : std::string(message_of(manifest.status()));
}

/// What the PodSecurity level `restricted` (and `baseline`) demands, from Kubernetes' page Pod
/// Security Standards.
std::vector<std::string> restricted_errors(const YAML::Node& pod) {
  std::vector<std::string> errors;
  const auto require = [&](bool holds, const std::string& what) {
    if (!holds) errors.push_back(what);
  };
  for (const char* shared : {"hostNetwork", "hostPID", "hostIPC"}) {
    require(!pod[shared] || !pod[shared].as<bool>(), shared);
  }
  require(!pod["volumes"], "no volumes are needed");
  const YAML::Node security = pod["securityContext"];
  require(security["runAsNonRoot"].as<bool>(false), "runAsNonRoot");
  require(security["runAsUser"].as<int>(1) != 0, "runAsUser");
  require(security["seccompProfile"]["type"].as<std::string>("") == "RuntimeDefault", "seccomp");
  for (const char* list : {"initContainers", "containers"}) {
    for (const YAML::Node& container : pod[list]) {
      const YAML::Node own = container["securityContext"];
      require(!own["allowPrivilegeEscalation"].as<bool>(true), "allowPrivilegeEscalation");
      require(!own["privileged"], "privileged");
      require(own["readOnlyRootFilesystem"].as<bool>(false), "readOnlyRootFilesystem");
      require(own["capabilities"]["drop"].as<std::vector<std::string>>() ==
                      std::vector<std::string>{"ALL"} &&
                  !own["capabilities"]["add"],
              "capabilities");
      for (const char* kind : {"requests", "limits"}) {
        require(container["resources"][kind]["cpu"] && container["resources"][kind]["memory"],
                kind);
      }
      require(!container["ports"], "ports");
    }
  }
  return errors;
}

constexpr auto all_kinds = {manifest_kind::job, manifest_kind::daemonset, manifest_kind::cronjob};

TEST(sweep_manifest, is_the_same_each_time_and_fits_the_restricted_level) {
  for (const manifest_kind kind : all_kinds) {
    SCOPED_TRACE(to_string(kind));
    EXPECT_EQ(make_sweep_manifest(lab_sweep(kind))->yaml,
              make_sweep_manifest(lab_sweep(kind))->yaml);
    EXPECT_EQ(restricted_errors(pod_of(lab_sweep(kind))), std::vector<std::string>{});
    EXPECT_TRUE(make_sweep_manifest(lab_sweep(kind))->notices.empty());
  }
}

TEST(sweep_manifest, says_that_the_hosts_network_is_not_restricted) {
  for (const manifest_kind kind : all_kinds) {
    sweep_manifest_options options = lab_sweep(kind);
    options.host_network = true;
    EXPECT_EQ(restricted_errors(pod_of(options)), std::vector<std::string>{"hostNetwork"});
    const sweep_manifest manifest = make_sweep_manifest(options).value();
    ASSERT_EQ(manifest.notices.size(), 1U);
    EXPECT_NE(manifest.notices[0].find("pod-security.kubernetes.io/enforce=privileged"),
              std::string::npos);
    EXPECT_NE(manifest.yaml.find("# No PodSecurity level but privileged allows this."),
              std::string::npos);
  }
}

TEST(sweep_manifest, a_job_has_a_shard_for_each_index) {
  sweep_manifest_options options = lab_sweep(manifest_kind::job);
  options.exclude = {"10.0.0.1"};
  options.scan.rate = 1002;
  options.scan.timeout = std::chrono::milliseconds(4000);
  options.parallelism = 3;
  const YAML::Node spec = node_of(options)["spec"];
  EXPECT_EQ(spec["completionMode"].as<std::string>(), "Indexed");
  EXPECT_EQ(spec["completions"].as<int>(), 4);
  EXPECT_EQ(spec["parallelism"].as<int>(), 3);
  EXPECT_EQ(spec["backoffLimitPerIndex"].as<int>(), 2);
  EXPECT_FALSE(spec["backoffLimit"]);
  EXPECT_EQ(spec["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"][0].as<int>(), 2);
  EXPECT_EQ(pod_of(options)["restartPolicy"].as<std::string>(), "Never");
  EXPECT_EQ(sweep_of(options)["env"][0]["name"].as<std::string>(), "JOB_COMPLETIONS");
  EXPECT_EQ(sweep_of(options)["env"][0]["value"].as<std::string>(), "4");
  EXPECT_EQ(arguments_in(options),
            (std::vector<std::string>{"sweep", "10.0.0.0/24", "--exclude=10.0.0.1",
                                      "--ports=80,443", "--timeout=4000ms", "--rate=334",
                                      "--concurrency=128", "--threads=1", "--vantage=netscan-sweep",
                                      "--format=ndjson", "--exit-zero", "--quiet"}));
}

TEST(sweep_manifest, retries_are_counted_together_where_an_index_has_no_count) {
  sweep_manifest_options options = lab_sweep(manifest_kind::job);
  options.kubernetes_minor = 28;
  EXPECT_EQ(node_of(options)["spec"]["backoffLimit"].as<int>(), 8);
  EXPECT_FALSE(node_of(options)["spec"]["backoffLimitPerIndex"]);
  EXPECT_TRUE(node_of(options)["spec"]["podFailurePolicy"]);
  options.kubernetes_minor = 25;
  EXPECT_FALSE(node_of(options)["spec"]["podFailurePolicy"]);
  options.retries_per_index = 536'870'912;  // four times it are 2^31
  EXPECT_EQ(refusal_of(options),
            "536870912 retries of each of 4 shards are more than Kubernetes can count: 536870911 "
            "at most");
  --options.retries_per_index;
  EXPECT_EQ(node_of(options)["spec"]["backoffLimit"].as<int>(), 2'147'483'644);
  options.kubernetes_minor = 21;
  EXPECT_EQ(refusal_of(options), "Kubernetes 1.21 has no Indexed Jobs: expected 1.22 or later");
}

TEST(sweep_manifest, a_name_that_is_not_resolved_ends_no_job) {
  sweep_manifest_options options = lab_sweep(manifest_kind::job);
  options.targets = {"gitlab.ailab.com"};
  options.has_names = true;
  EXPECT_FALSE(node_of(options)["spec"]["podFailurePolicy"]);
}

TEST(sweep_manifest, a_daemonset_sweeps_once_from_each_node) {
  const sweep_manifest_options options = lab_sweep(manifest_kind::daemonset);
  const YAML::Node spec = node_of(options)["spec"];
  EXPECT_EQ(node_of(options)["apiVersion"].as<std::string>(), "apps/v1");
  for (const auto& label : spec["selector"]["matchLabels"]) {
    EXPECT_EQ(
        spec["template"]["metadata"]["labels"][label.first.as<std::string>()].as<std::string>(),
        label.second.as<std::string>());
  }
  const YAML::Node pod = pod_of(options);
  EXPECT_EQ(pod["restartPolicy"].as<std::string>(), "Always");
  EXPECT_EQ(pod["tolerations"][0]["operator"].as<std::string>(), "Exists");
  EXPECT_EQ(pod["containers"][0]["image"].as<std::string>(), "registry.k8s.io/pause:3.10");
  EXPECT_EQ(sweep_of(options)["env"][0]["valueFrom"]["fieldRef"]["fieldPath"].as<std::string>(),
            "spec.nodeName");
  EXPECT_TRUE(has(arguments_in(options), "--vantage=$(NODE_NAME)"));
  EXPECT_TRUE(has(arguments_in(options), "--concurrency=512"));
}

TEST(sweep_manifest, a_cronjob_starts_the_job_by_a_schedule) {
  sweep_manifest_options options = lab_sweep(manifest_kind::cronjob);
  options.schedule = "*/15 * * * 1-5";
  const YAML::Node node = node_of(options);
  EXPECT_EQ(node["spec"]["schedule"].as<std::string>(), options.schedule);
  EXPECT_EQ(node["spec"]["concurrencyPolicy"].as<std::string>(), "Forbid");
  EXPECT_EQ(node["spec"]["jobTemplate"]["spec"]["completions"].as<int>(), 4);
  EXPECT_EQ(node["spec"]["jobTemplate"]["metadata"]["labels"]["app.kubernetes.io/instance"]
                .as<std::string>(),
            "netscan-sweep");
}

TEST(sweep_manifest, has_so_many_shards_that_a_log_holds_each) {
  sweep_manifest_options options = lab_sweep(manifest_kind::job);
  options.shards = 0;
  EXPECT_EQ(make_sweep_manifest(options)->shards, 1U);
  options.targets = {"10.0.0.0/16"};
  options.addresses = 65536;
  const sweep_manifest manifest = make_sweep_manifest(options).value();
  EXPECT_EQ(manifest.shards, 5U);
  EXPECT_TRUE(manifest.notices.empty());
  options.shards = 4;
  EXPECT_EQ(make_sweep_manifest(options)->notices.size(), 1U);
}

TEST(sweep_manifest, asks_for_what_the_sweep_takes) {
  sweep_manifest_options options = lab_sweep(manifest_kind::job);
  options.scan.concurrency = 16384;
  options.scan.threads = 2;
  YAML::Node resources = sweep_of(options)["resources"];
  EXPECT_EQ(resources["requests"]["memory"].as<std::string>(), "96Mi");
  EXPECT_EQ(resources["limits"]["memory"].as<std::string>(), "192Mi");
  EXPECT_EQ(resources["requests"]["cpu"].as<std::string>(), "500m");
  EXPECT_EQ(resources["limits"]["cpu"].as<std::string>(), "2");
  options.scan.rate = 20000;
  resources = sweep_of(options)["resources"];
  EXPECT_EQ(resources["requests"]["cpu"].as<std::string>(), "178m");
}

TEST(sweep_manifest, hands_arguments_on_as_they_are) {
  sweep_manifest_options options = lab_sweep(manifest_kind::job);
  options.vantage = "a $(HOME) \"b\" \\ # c: d";
  EXPECT_TRUE(has(arguments_in(options), "--vantage=a $$(HOME) \"b\" \\ # c: d"));
  options.vantage = "a\nb";
  EXPECT_TRUE(refusal_of(options).starts_with("bad vantage 'a\\x0ab'"));
}

TEST(sweep_manifest, refuses_what_kubernetes_would_not_take) {
  const auto with = [](auto change) {
    sweep_manifest_options options = lab_sweep(manifest_kind::cronjob);
    change(options);
    return refusal_of(options);
  };
  using changed = sweep_manifest_options;
  EXPECT_EQ(with([](changed&) {}), "none");
  EXPECT_TRUE(with([](changed& o) { o.name = "Sweep"; }).starts_with("bad name 'Sweep'"));
  EXPECT_EQ(with([](changed& o) { o.name = std::string(50, 'a'); }), "none");
  EXPECT_TRUE(with([](changed& o) {
                o.name = std::string(51, 'a');
              }).find("50 characters at most") != std::string::npos);
  EXPECT_TRUE(with([](changed& o) { o.name_space = "a.b"; }).starts_with("bad namespace 'a.b'"));
  EXPECT_TRUE(with([](changed& o) { o.image = "a b"; }).starts_with("bad image 'a b'"));
  EXPECT_TRUE(with([](changed& o) { o.image = ""; }).starts_with("bad image ''"));
  EXPECT_TRUE(
      with([](changed& o) { o.schedule = "* * * *"; }).starts_with("bad schedule '* * * *'"));
  EXPECT_EQ(with([](changed& o) { o.schedule = "@hourly"; }), "none");
  for (const char* const good :
       {"0 0 1 1 0", "59 23 31 12 6", "*/15 0-6,12 ? JAN-mar,oct Mon-FRI", "0/5 * * * sun",
        "@every 1h30m", "@every 90s", "@midnight", " 0  *  * * * "}) {
    EXPECT_EQ(with([&](changed& o) { o.schedule = good; }), "none") << good;
  }
  for (const char* const bad :
       {"60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 7", "*/0 * * * *",
        "5-1 * * * *", "1, * * * *", "mon * * * *", "-1 * * * *", "* * * * * *", "@every",
        "@every 0s", "@every 1m1h", "@every 1d", "@hour", "TZ=UTC * * * * *", "", "*/ * * * *"}) {
    EXPECT_TRUE(with([&](changed& o) { o.schedule = bad; }).starts_with("bad schedule")) << bad;
  }
  EXPECT_TRUE(with([](changed& o) { o.schedule = "* * * * *\n"; }).starts_with("bad schedule"));
  EXPECT_EQ(with([](changed& o) { o.scan.rate = 3; }),
            "a rate of 3 cannot be divided among 4 pods: give --parallelism 3");
  EXPECT_TRUE(with([](changed& o) { o.shards = 513; }).starts_with("513 shards of 512 probes"));
  EXPECT_TRUE(with([](changed& o) { o.addresses = 0; }).starts_with("no targets"));
  EXPECT_TRUE(with([](changed& o) {
                o.targets.assign(20000, "10.0.0.1");
              }).starts_with("the targets make"));
}

}  // namespace
}  // namespace netscan
