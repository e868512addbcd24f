#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "kubernetes_rules.hpp"
#include "lab_candidates.hpp"
#include "netscan/remedy/metallb_file.hpp"
#include "netscan/remedy/metallb_version.hpp"
#include "netscan/remedy/remedy.hpp"
#include "netscan/target/status.hpp"
#include "story_values.hpp"

namespace netscan {
namespace {

using testing::ip;
using testing::lab_candidates;
using testing::lan;
using testing::open_candidates;

/// The story's values file, with a secret in it.
std::string override_values() {
  return std::string(testing::story_values) + "smtp:\n  password: hunter2\n";
}

remedy_options story() {
  remedy_options options;
  options.gitlab_values = {{"override-values.yaml", override_values()}};
  return options;
}

remedy_options with_host(std::string name = "gitlab.ailab.com") {
  remedy_options options;
  options.hosts = {std::move(name)};
  return options;
}

remedy_options for_version(std::string_view text) {
  remedy_options options = with_host();
  options.pool.version = parse_metallb_version(text).value();
  options.pool.format = default_pool_format(*options.pool.version);
  return options;
}

remedy_bundle made(const remedy_options& options, const candidate_list& list = lab_candidates()) {
  absl::StatusOr<remedy_bundle> bundle = make_remedy(list, options);
  EXPECT_TRUE(bundle.ok()) << message_of(bundle.status());
  return *std::move(bundle);
}

std::string error(const remedy_options& options, const candidate_list& list = lab_candidates()) {
  const auto bundle = make_remedy(list, options);
  return bundle.ok() ? "" : std::string(message_of(bundle.status()));
}

std::string text_of(const remedy_bundle& bundle, std::string_view name) {
  for (const bundle_file& file : bundle.files) {
    if (file.name == name) return file.text;
  }
  return "";
}

std::vector<std::string> names_of(const remedy_bundle& bundle) {
  std::vector<std::string> names;
  for (const bundle_file& file : bundle.files) names.push_back(file.name);
  return names;
}

bool has(const std::vector<std::string>& texts, std::string_view part) {
  return std::any_of(texts.begin(), texts.end(),
                     [part](const std::string& text) { return text.find(part) != text.npos; });
}

YAML::Node test_service(const remedy_bundle& bundle) {
  return YAML::LoadAll(text_of(bundle, "test-lb.yaml")).at(2);
}

// --- the story ---

TEST(the_bundle, has_every_file_of_the_story) {
  EXPECT_EQ(names_of(made(story())),
            (std::vector<std::string>{"metallb.yaml", "test-lb.yaml", "ingress-nginx-values.yaml",
                                      "gitlab-values.yaml", "hosts", "apply.sh", "plan.json"}));
}

TEST(the_bundle, has_the_pool_that_pool_prints) {
  EXPECT_EQ(text_of(made(story()), "metallb.yaml"), metallb_pool(lab_candidates(), {}).value());
}

TEST(the_bundle, changes_the_values_in_the_address_alone_and_points_out_the_misspelt_key) {
  const remedy_bundle bundle = made(story());
  std::string expected = override_values();
  expected.replace(expected.find("10.0.0.216"), 10, "10.0.0.232");
  EXPECT_EQ(text_of(bundle, "gitlab-values.yaml"), expected);
  EXPECT_TRUE(has(bundle.notices, "override-values.yaml: line 8, column 5: "));
  EXPECT_TRUE(has(bundle.notices, "congifureCertmanager"));
}

TEST(the_bundle, tells_no_secret_but_where_it_was) {
  const remedy_bundle bundle = made(story());
  EXPECT_FALSE(has(bundle.notices, "hunter2"));
  for (const bundle_file& file : bundle.files) {
    const bool has_it = file.text.find("hunter2") != file.text.npos;
    EXPECT_EQ(has_it, file.name == "gitlab-values.yaml") << file.name;
    EXPECT_EQ(file.is_private, file.name == "gitlab-values.yaml") << file.name;
  }
  remedy_options broken = story();
  broken.gitlab_values->text = "global:\n  hosts: hunter2\n";
  EXPECT_EQ(error(broken).find("hunter2"), std::string::npos);
  EXPECT_TRUE(error(broken).starts_with("override-values.yaml: ")) << error(broken);
}

TEST(the_hosts_lines, are_for_all_names) {
  EXPECT_EQ(text_of(made(story()), "hosts"),
            "# For /etc/hosts of each client, in place of older lines with these names.\n"
            "10.0.0.232 gitlab.ailab.com\n"
            "10.0.0.232 registry.ailab.com\n"
            "10.0.0.232 minio.ailab.com\n"
            "10.0.0.232 kas.ailab.com\n");
}

TEST(the_plan, has_every_check_of_the_story) {
  remedy_options options = story();
  options.hosts = {"gitlab.ailab.com", "registry.ailab.com"};
  options.expected_text = "GitLab";
  options.any_certificate = true;
  const remedy_bundle bundle = made(options);
  const std::vector<ip_address> vip = {lan(232)};
  const std::vector<plan_check> expected = {
      {plan_check_kind::answers, "10.0.0.232:80"},
      {plan_check_kind::answers, "10.0.0.232:443"},
      {plan_check_kind::serves, "http://gitlab.ailab.com/", vip, "200-399"},
      {plan_check_kind::serves, "https://gitlab.ailab.com/", vip, "200-399", "GitLab", true},
      {plan_check_kind::serves, "http://registry.ailab.com/", vip, "100-499"},
      {plan_check_kind::serves, "https://registry.ailab.com/", vip, "100-499", "GitLab", true},
      {plan_check_kind::resolves, "gitlab.ailab.com", vip},
      {plan_check_kind::resolves, "registry.ailab.com", vip},
      {plan_check_kind::unneeded, "10.0.0.216"}};
  EXPECT_EQ(bundle.plan.checks, expected);
  EXPECT_EQ(parse_remedy_plan(text_of(bundle, "plan.json"), "").value(), bundle.plan);
}

TEST(the_plan, asks_for_no_tls_where_gitlab_has_none) {
  remedy_options options = story();
  options.gitlab_values->text.replace(testing::story_values.find("https: true"), 11,
                                      "https: false");
  const remedy_bundle bundle = made(options);
  for (const plan_check& check : bundle.plan.checks) {
    EXPECT_FALSE(check.target.starts_with("https")) << check.target;
  }
  EXPECT_NE(text_of(bundle, "apply.sh").find("\nhttps=false\n"), std::string::npos);
}

TEST(the_bundle, is_the_same_for_the_same_scans) {
  EXPECT_EQ(made(story()).files, made(story()).files);
}

// --- the pin, as each version reads it ---

TEST(the_pin, is_the_one_that_the_version_reads_and_never_two) {
  struct {
    const char* version;
    const char* annotation;  // or null for spec.loadBalancerIP
  } const rows[] = {{"0.9.3", nullptr},
                    {"0.10.2", nullptr},
                    {"0.11.0", nullptr},
                    {"0.12.1", "metallb.universe.tf/loadBalancerIPs"},
                    {"0.13.7", "metallb.universe.tf/loadBalancerIPs"},
                    {"0.14.8", "metallb.universe.tf/loadBalancerIPs"},
                    {"0.14.9", "metallb.io/loadBalancerIPs"},
                    {"0.15.3", "metallb.io/loadBalancerIPs"}};
  for (const auto& row : rows) {
    const remedy_bundle bundle = made(for_version(row.version));
    const YAML::Node service = test_service(bundle);
    const YAML::Node values =
        YAML::Load(text_of(bundle, "ingress-nginx-values.yaml"))["controller"]["service"];
    std::size_t ways = 0;
    for (const char* key : {"metallb.universe.tf/loadBalancerIPs", "metallb.io/loadBalancerIPs"}) {
      const YAML::Node annotations = service["metadata"]["annotations"];
      const bool is_there = annotations && annotations[key];
      EXPECT_EQ(is_there, row.annotation != nullptr && std::string(key) == row.annotation)
          << row.version;
      if (is_there) {
        EXPECT_EQ(annotations[key].as<std::string>(), "10.0.0.232");
      }
      const YAML::Node in_values = values["annotations"][key];
      EXPECT_EQ(in_values && !in_values.IsNull(), is_there) << row.version;
      ways += is_there ? 1 : 0;
    }
    const bool by_field = row.annotation == nullptr;
    EXPECT_EQ(static_cast<bool>(service["spec"]["loadBalancerIP"]), by_field) << row.version;
    EXPECT_EQ(values["loadBalancerIP"].as<std::string>(), by_field ? "10.0.0.232" : "");
    EXPECT_EQ(ways + (by_field ? 1 : 0), 1u) << row.version;
    EXPECT_NE(
        text_of(bundle, "apply.sh")
            .find("\npin=" + std::string(by_field ? "spec.loadBalancerIP" : row.annotation) + '\n'),
        std::string::npos);
  }
}

TEST(every_file, of_every_version_is_one_that_kubernetes_and_metallb_take) {
  const candidate_list both = open_candidates({lan(232), lan(249), ip("fd00:10::232")});
  int files = 0;
  for (const char* version : {"0.9.3", "0.10.2", "0.11.0", "0.12.1", "0.13.0", "0.13.7", "0.14.8",
                              "0.14.9", "0.15.3", "0.16.1"}) {
    for (const bool is_bgp : {false, true}) {
      for (const bool with_values : {false, true}) {
        remedy_options options = for_version(version);
        if (with_values && options.pool.format == pool_format::crd) continue;
        if (with_values) options.pool.format = pool_format::helm_values;
        options.pool.protocol = is_bgp ? pool_protocol::bgp : pool_protocol::layer2;
        options.dual_stack = is_at_least(*options.pool.version, 0, 12, 0);
        const remedy_bundle bundle = made(options, both);
        const std::vector<std::string> none;
        EXPECT_EQ(with_values ? testing::metallb_values_errors(text_of(bundle, "metallb.yaml"))
                              : testing::manifest_errors(text_of(bundle, "metallb.yaml")),
                  none)
            << version;
        EXPECT_EQ(testing::manifest_errors(text_of(bundle, "test-lb.yaml")), none) << version;
        EXPECT_EQ(testing::ingress_values_errors(text_of(bundle, "ingress-nginx-values.yaml")),
                  none)
            << version;
        EXPECT_NO_THROW(YAML::LoadAll(text_of(bundle, "gitlab-values.yaml")));
        files += 4;
      }
    }
  }
  EXPECT_EQ(files, 112);
}

TEST(the_pin, takes_back_what_an_earlier_values_file_may_have_set) {
  const std::string values = text_of(made(for_version("0.14.9")), "ingress-nginx-values.yaml");
  const YAML::Node service = YAML::Load(values)["controller"]["service"];
  EXPECT_TRUE(service["annotations"]["metallb.universe.tf/loadBalancerIPs"].IsNull());
  EXPECT_TRUE(service["loadBalancerIP"].IsScalar());
}

TEST(a_dual_stack_service, is_pinned_to_one_address_of_each_family) {
  const candidate_list list = open_candidates({ip("fd00:10::232"), lan(232), lan(249)});
  remedy_options options = for_version("0.15.0");
  options.dual_stack = true;
  const remedy_bundle bundle = made(options, list);
  EXPECT_EQ(bundle.plan.vips, (std::vector<ip_address>{lan(232), ip("fd00:10::232")}));
  const YAML::Node service = test_service(bundle);
  EXPECT_EQ(service["metadata"]["annotations"]["metallb.io/loadBalancerIPs"].as<std::string>(),
            "10.0.0.232,fd00:10::232");
  EXPECT_EQ(service["spec"]["ipFamilyPolicy"].as<std::string>(), "RequireDualStack");
  EXPECT_EQ(service["spec"]["ipFamilies"].as<std::vector<std::string>>(),
            (std::vector<std::string>{"IPv4", "IPv6"}));
  EXPECT_TRUE(has({text_of(bundle, "hosts")}, "\nfd00:10::232 gitlab.ailab.com\n"));
  EXPECT_TRUE(has({text_of(bundle, "plan.json")}, "\"[fd00:10::232]:443\""));

  EXPECT_TRUE(error(options).starts_with("dual stack needs an IPv6 address too"));
  remedy_options old = for_version("0.11.0");
  old.dual_stack = true;
  EXPECT_TRUE(error(old, list).starts_with("dual stack needs the annotation of MetalLB 0.12"));
}

TEST(an_ipv6_service, says_its_family) {
  const remedy_bundle bundle = made(with_host(), open_candidates({ip("fd00:10::232")}));
  EXPECT_EQ(test_service(bundle)["spec"]["ipFamilies"].as<std::vector<std::string>>(),
            std::vector<std::string>{"IPv6"});
}

// --- the test Service, as Kubernetes takes it ---

TEST(the_test_service, is_a_pod_with_a_page_of_its_own_behind_every_port) {
  remedy_options options = with_host();
  options.service = {"gateways", "public"};
  options.test_image = "registry.example:5000/nginx@sha256:00";
  const std::vector<YAML::Node> documents = YAML::LoadAll(text_of(made(options), "test-lb.yaml"));
  ASSERT_EQ(documents.size(), 3u);
  for (const YAML::Node& document : documents) {
    EXPECT_EQ(document["apiVersion"].as<std::string>(), "v1");
    EXPECT_EQ(document["metadata"]["name"].as<std::string>(), "netscan-test-lb");
    EXPECT_EQ(document["metadata"]["namespace"].as<std::string>(), "gateways");
  }
  const YAML::Node map = documents[0];
  const YAML::Node pod = documents[1];
  const YAML::Node service = documents[2];
  EXPECT_EQ(map["data"]["index.html"].as<std::string>(), "netscan test of 10.0.0.232\n");
  const YAML::Node container = pod["spec"]["containers"][0];
  EXPECT_EQ(container["image"].as<std::string>(), options.test_image);
  EXPECT_EQ(container["volumeMounts"][0]["name"].as<std::string>(),
            pod["spec"]["volumes"][0]["name"].as<std::string>());
  EXPECT_EQ(pod["spec"]["volumes"][0]["configMap"]["name"].as<std::string>(), "netscan-test-lb");
  EXPECT_EQ(service["spec"]["type"].as<std::string>(), "LoadBalancer");
  EXPECT_EQ(service["spec"]["selector"]["app"].as<std::string>(),
            pod["metadata"]["labels"]["app"].as<std::string>());
  std::set<std::string> names;
  std::vector<int> ports;
  for (const YAML::Node& port : service["spec"]["ports"]) {
    names.insert(port["name"].as<std::string>());
    ports.push_back(port["port"].as<int>());
    EXPECT_EQ(port["targetPort"].as<int>(), container["ports"][0]["containerPort"].as<int>());
  }
  EXPECT_EQ(ports, (std::vector<int>{80, 443}));
  EXPECT_EQ(names.size(), ports.size());
}

// --- which Service, which names, which old address ---

TEST(another_service, has_no_values_of_ingress_nginx_and_no_release) {
  remedy_options options = with_host();
  options.service = parse_service_name("gateways/public").value();
  const remedy_bundle bundle = made(options);
  EXPECT_EQ(text_of(bundle, "ingress-nginx-values.yaml"), "");
  const std::string script = text_of(bundle, "apply.sh");
  EXPECT_NE(script.find("\nnamespace=gateways\nservice=public\nrelease=''\n"), script.npos);
  EXPECT_EQ(bundle.plan.service, "gateways/public");
}

TEST(a_service_name, needs_both_parts) {
  for (const char* text : {"", "a", "a/", "/b", "a/b/c", "A/b", "a/b c"}) {
    EXPECT_FALSE(parse_service_name(text).ok()) << text;
  }
}

TEST(gitlabs_own_ingress, is_pointed_out_when_it_may_be_the_one) {
  remedy_options options = story();
  EXPECT_FALSE(has(made(options).notices, "nginx of its own"));
  const std::size_t place = testing::story_values.find("nginx-ingress:");
  options.gitlab_values->text.erase(place,
                                    std::string_view("nginx-ingress:\n  enabled: false\n").size());
  EXPECT_TRUE(has(made(options).notices, "--service gitlab/gitlab-nginx-ingress-controller"));
}

TEST(the_names, are_taken_from_the_options_first_and_are_host_names) {
  remedy_options options = story();
  options.hosts = {"Git.Example.ORG.", "git.example.org", "b.example.org"};
  EXPECT_EQ(made(options).plan.hosts,
            (std::vector<std::string>{"git.example.org", "b.example.org"}));
  EXPECT_EQ(made(options).plan.checks[2].status, "100-499");
  options.expected_status = "200,301";
  EXPECT_EQ(made(options).plan.checks[2].status, "200,301");
  for (const char* bad : {"", "a b", "*.example.org", "10.0.0.1", "::1", "x\ny", "http://a.b/"}) {
    options.hosts = {bad};
    EXPECT_TRUE(error(options).starts_with("bad host name '")) << bad << ": " << error(options);
  }
  EXPECT_EQ(error({}), "no host names: give --hostname, or --gitlab-values to take them from");
}

TEST(the_old_vip, is_what_is_ours_or_in_the_values_and_not_chosen) {
  remedy_options options = story();
  options.ours = address_set::of({{lan(215), lan(215)}, {lan(232), lan(232)}});
  EXPECT_EQ(made(options).plan.old_vips, (std::vector<ip_address>{lan(215), lan(216)}));
  options.ours = address_set::of({*parse_cidr("10.0.0.0/24")});
  const remedy_bundle bundle = made(options);
  EXPECT_EQ(bundle.plan.old_vips, std::vector<ip_address>{lan(216)});
  EXPECT_TRUE(has(bundle.notices, "so many addresses are --ours"));
}

TEST(gitlab_values, are_begun_when_a_name_is_gitlabs_and_left_out_when_none_is) {
  EXPECT_EQ(
      YAML::Load(text_of(made(with_host()), "gitlab-values.yaml"))["global"]["hosts"]["externalIP"]
          .as<std::string>(),
      "10.0.0.232");
  const remedy_bundle without = made(with_host("wiki.example.org"));
  EXPECT_EQ(text_of(without, "gitlab-values.yaml"), "");
  EXPECT_NE(text_of(without, "apply.sh").find("\ngitlab=false\n"), std::string::npos);
}

// --- the configuration in use ---

constexpr std::string_view config_in_use =
    "configInline:\n"
    "  peers:\n"
    "  - peer-address: 10.0.0.1\n"
    "    peer-asn: 64501\n"
    "    my-asn: 64500\n"
    "    password: hunter2\n"
    "  address-pools:\n"
    "  - name: default\n"
    "    protocol: layer2\n"
    "    addresses:\n"
    "    - 10.0.0.216/32   # GitLab\n"
    "    - 10.0.0.220-10.0.0.225\n";

remedy_options in_use(std::string_view config = config_in_use) {
  remedy_options options = with_host();
  options.pool.format = pool_format::helm_values;
  options.metallb_config = {{"metallb-values.yaml", std::string(config)}};
  options.ours = address_set::of({{lan(216), lan(216)}});
  return options;
}

std::vector<std::string> entries_of(const std::string& yaml) {
  std::vector<std::string> texts;
  const existing_pools file = read_pools(yaml).value();
  for (const existing_pool& pool : file.pools) {
    for (const existing_entry& entry : pool.addresses) texts.push_back(entry.text);
  }
  return texts;
}

TEST(a_configuration_in_use, keeps_the_old_pool_first_and_loses_the_old_vip_at_the_end) {
  const remedy_bundle bundle = made(in_use());
  EXPECT_EQ(names_of(bundle)[1], "metallb-final.yaml");
  EXPECT_EQ(entries_of(text_of(bundle, "metallb.yaml")),
            (std::vector<std::string>{"10.0.0.216/32", "10.0.0.220-10.0.0.225", "10.0.0.232/32",
                                      "10.0.0.249/32"}));
  // One line less, and every other byte as in the first.
  std::string expected = text_of(bundle, "metallb.yaml");
  expected.erase(expected.find("    - 10.0.0.216/32   # GitLab\n"), 31);
  EXPECT_EQ(text_of(bundle, "metallb-final.yaml"), expected);
  EXPECT_NE(text_of(bundle, "apply.sh").find("\nfinal=true\n"), std::string::npos);
  EXPECT_TRUE(bundle.files[0].is_private && bundle.files[1].is_private);
  EXPECT_FALSE(has(bundle.notices, "hunter2"));
}

TEST(an_old_vip, that_cannot_be_taken_out_alone_is_left_to_the_user) {
  struct {
    const char* entry;
    const char* why;
  } const rows[] = {{"    - 10.0.0.210-10.0.0.219\n", "it has other addresses too"},
                    {"    - &old 10.0.0.216/32\n", "it shares its line"}};
  for (const auto& row : rows) {
    std::string config(config_in_use);
    const std::string_view line = "    - 10.0.0.216/32   # GitLab\n";
    config.replace(config.find(line), line.size(), row.entry);
    const auto bundle = make_remedy(lab_candidates(), in_use(config));
    ASSERT_TRUE(bundle.ok()) << message_of(bundle.status());
    EXPECT_EQ(text_of(*bundle, "metallb-final.yaml"), "") << row.entry;
    EXPECT_TRUE(has(bundle->notices, row.why)) << row.entry;
  }
}

TEST(a_configuration_in_use, that_cannot_be_read_is_named) {
  EXPECT_TRUE(error(in_use("configInline: [")).starts_with("metallb-values.yaml: "));
}

// --- errors ---

TEST(a_remedy, needs_an_address_and_says_how_to_get_one) {
  const candidate_list none = open_candidates({});
  const auto bundle = make_remedy(none, with_host());
  EXPECT_EQ(bundle.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(message_of(bundle.status()).starts_with("no address for the remedy: no client scan"));
}

TEST(a_remedy, is_refused_when_the_service_could_not_get_the_address) {
  remedy_options options = with_host();
  options.pool.allocation.namespaces = {"gitlab"};
  EXPECT_TRUE(
      error(options).starts_with("the pool's allocation namespaces leave out ingress-nginx"));
  options = with_host();
  options.pool.avoid_buggy_ips = true;
  EXPECT_EQ(made(options, open_candidates({ip("10.0.1.255"), ip("10.0.1.7")})).plan.vips.front(),
            ip("10.0.1.7"));
  EXPECT_TRUE(
      error(options, open_candidates({ip("10.0.1.255")})).starts_with("every chosen address"));
}

TEST(a_remedy, is_refused_for_what_no_file_could_hold) {
  remedy_options options = with_host();
  options.test_image = "nginx\"\n";
  EXPECT_TRUE(error(options).starts_with("bad image '"));
  options = with_host();
  options.expected_status = "two hundred";
  EXPECT_NE(error(options), "");
  options = with_host();
  options.service.name = "Bad";
  EXPECT_TRUE(error(options).starts_with("bad Service 'Bad'"));
  options = with_host();
  options.pool.name = "a b";
  EXPECT_TRUE(error(options).starts_with("bad pool name 'a b'"));
}

}  // namespace
}  // namespace netscan
