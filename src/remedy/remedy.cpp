#include "netscan/remedy/remedy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "kubernetes_name.hpp"
#include "netscan/check/check_request.hpp"
#include "netscan/remedy/gitlab_values.hpp"
#include "netscan/remedy/metallb_version.hpp"
#include "netscan/remedy/values_edit.hpp"
#include "netscan/target/host_name.hpp"
#include "netscan/target/status.hpp"
#include "plan_checks.hpp"
#include "pool_files.hpp"
#include "runbook.hpp"
#include "service_yaml.hpp"

namespace netscan {
namespace {

using detail::remedy_facts;

constexpr std::size_t most_ports = 100;
/// Of the user's own addresses as many are taken for old VIPs; a whole subnet of one's own is none.
constexpr std::uint64_t most_old_vips = 16;

absl::Status with_name(const absl::Status& status, const given_file& file) {
  return {status.code(), fmt::format("{}: {}", printable(file.name), message_of(status))};
}

absl::Status check_image(std::string_view image) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/:@-";
  if (!image.empty() && image.find_first_not_of(allowed) == image.npos) return absl::OkStatus();
  return invalid_argument("bad image '{}': expected one such as nginx:stable", excerpt(image));
}

absl::Status check_options(const candidate_list& list, const remedy_options& options) {
  absl::Status status = validate(options.pool);
  if (status.ok()) {
    status = detail::check_dns1123_label("namespace", options.service.name_space);
  }
  if (status.ok()) status = detail::check_dns1123_label("Service", options.service.name);
  if (status.ok()) status = check_image(options.test_image);
  if (status.ok() && !options.expected_status.empty()) {
    status = parse_status_ranges(options.expected_status).status();
  }
  if (!status.ok()) return status;
  if (list.ports.size() > most_ports) {
    return invalid_argument("{} ports are too many for a test Service; {} at most",
                            list.ports.size(), most_ports);
  }
  const std::vector<std::string>& spaces = options.pool.allocation.namespaces;
  if (!spaces.empty() &&
      std::find(spaces.begin(), spaces.end(), options.service.name_space) == spaces.end()) {
    return invalid_argument(
        "the pool's allocation namespaces leave out {}, where the Service {} is: it could not get "
        "an address",
        options.service.name_space, options.service.name);
  }
  return absl::OkStatus();
}

/// MetalLB never gives these out.
bool is_avoided(const ip_address& address, const pool_options& pool) {
  const auto last = address.low() & 0xff;
  return pool.avoid_buggy_ips && address.is_v4() && (last == 0 || last == 255);
}

absl::StatusOr<std::vector<ip_address>> choose_vips(const candidate_list& list,
                                                    const remedy_options& options, pin_way pin) {
  std::vector<ip_address> vips;
  for (const ip_address& address : list.chosen) {
    if (is_avoided(address, options.pool)) continue;
    if (vips.empty()) {
      vips.push_back(address);
    } else if (options.dual_stack && address.family() != vips.front().family()) {
      vips.push_back(address);
      break;
    }
    if (!options.dual_stack) break;
  }
  if (vips.empty()) {
    return list.chosen.empty()
               ? absl::FailedPreconditionError("no address for the remedy: " + list.advice)
               : invalid_argument(
                     "every chosen address ends in .0 or .255, which "
                     "avoid-buggy-ips keeps MetalLB from giving out");
  }
  if (!options.dual_stack) return vips;
  if (vips.size() < 2) {
    return invalid_argument("dual stack needs an {} address too; all chosen ones are {}",
                            vips.front().is_v4() ? "IPv6" : "IPv4",
                            vips.front().is_v4() ? "IPv4" : "IPv6");
  }
  if (pin == pin_way::load_balancer_ip) {
    return invalid_argument(
        "dual stack needs the annotation of MetalLB 0.12 or later: spec.loadBalancerIP has room "
        "for "
        "one address (--metallb-version)");
  }
  std::sort(vips.begin(), vips.end());
  return vips;
}

std::string lower_case_name(std::string_view text) {
  std::string name(text);
  if (name.ends_with('.')) name.pop_back();
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

/// What a name is to answer when the user does not say: GitLab's first page or its redirect to the
/// sign-in. Registry, object store and agent server answer a stranger's `/` as they like.
std::string_view status_of(std::string_view service) {
  return service == "gitlab" ? "200-399" : "100-499";
}

absl::StatusOr<std::vector<detail::served_name>> names_of(const remedy_options& options,
                                                          const gitlab_values* values) {
  std::vector<detail::served_name> names;
  const auto add = [&](std::string_view text, std::string_view service) -> absl::Status {
    const std::string name = lower_case_name(text);
    const bool is_address = parse_ip_address(name).ok();
    if (!is_host_name(name) || is_address) {
      return invalid_argument("bad host name '{}'", excerpt(text));
    }
    for (const detail::served_name& served : names) {
      if (served.name == name) return absl::OkStatus();
    }
    const std::string& given = options.expected_status;
    names.push_back({name, given.empty() ? std::string(status_of(service)) : given});
    return absl::OkStatus();
  };
  for (const std::string& host : options.hosts) {
    const bool is_gitlab = lower_case_name(host).starts_with("gitlab.");
    if (absl::Status status = add(host, is_gitlab ? "gitlab" : ""); !status.ok()) return status;
  }
  if (options.hosts.empty() && values != nullptr) {
    for (const gitlab_host& host : values->hosts) {
      if (absl::Status status = add(host.name, host.service); !status.ok()) return status;
    }
  }
  if (!names.empty()) return names;
  return values == nullptr
             ? invalid_argument(
                   "no host names: give --hostname, or --gitlab-values to take them "
                   "from")
             : invalid_argument("no host names: {} sets no global.hosts.domain; give --hostname",
                                options.gitlab_values->name);
}

std::vector<ip_address> old_vips_of(const candidate_list& list, const remedy_options& options,
                                    const gitlab_values* values,
                                    std::vector<std::string>& notices) {
  std::vector<ip_address> old;
  const auto add = [&](const ip_address& address) {
    const bool is_new =
        std::find(list.chosen.begin(), list.chosen.end(), address) != list.chosen.end();
    if (!is_new && std::find(old.begin(), old.end(), address) == old.end()) old.push_back(address);
  };
  if (options.ours.size() <= most_old_vips) {
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(options.ours.size()); ++i) {
      add(options.ours.at(i));
    }
  } else {
    notices.push_back(
        "so many addresses are --ours that none is taken for the old VIP: name it alone");
  }
  if (values != nullptr && values->external_ip) {
    if (const auto address = parse_ip_address(*values->external_ip); address.ok()) add(*address);
  }
  std::sort(old.begin(), old.end());
  return old;
}

void add_gitlab_notices(const remedy_options& options, const gitlab_values& values,
                        std::vector<std::string>& notices) {
  const std::string name = printable(options.gitlab_values->name);
  for (const misspelt_key& key : values.misspelt) {
    notices.push_back(fmt::format("{}: {}", name, to_string(key)));
  }
  if (values.documents > 1) {
    notices.push_back(fmt::format(
        "{}: {} YAML documents are in it; only the first is read and changed, as Helm 3 does, and "
        "Helm 4 takes all",
        name, values.documents));
  }
  if (values.own_ingress.value_or(true) && options.service == service_name{}) {
    notices.push_back(fmt::format(
        "{}: GitLab's chart brings an nginx of its own unless nginx-ingress.enabled is false; if "
        "that serves it, pin its Service: --service gitlab/gitlab-nginx-ingress-controller",
        name));
  }
}

/// GitLab's values with the new address; nothing when GitLab has no part in this.
absl::StatusOr<std::optional<bundle_file>> gitlab_file(const remedy_facts& facts,
                                                       const remedy_options& options,
                                                       std::vector<std::string>& notices) {
  const bool is_given = options.gitlab_values.has_value();
  const bool has_gitlab =
      is_given || std::any_of(facts.names.begin(), facts.names.end(), [](const auto& served) {
        return served.name.starts_with("gitlab.");
      });
  if (!has_gitlab) return std::nullopt;
  const std::string before =
      is_given ? options.gitlab_values->text
               : "# GitLab's own note of its address, for `helm upgrade --reuse-values -f`.\n";
  absl::StatusOr<edited_value> edited =
      edit_value(before, gitlab_external_ip, to_string(facts.vips.front()));
  if (!edited.ok()) {
    return is_given ? with_name(edited.status(), *options.gitlab_values) : edited.status();
  }
  if (edited->overridden_line != 0) {
    notices.push_back(fmt::format(
        "{}: line {}: a later document sets {} too, and Helm 4 takes that one: change it by hand",
        printable(options.gitlab_values->name), edited->overridden_line,
        path_text(gitlab_external_ip)));
  }
  return bundle_file{
      .name = "gitlab-values.yaml", .text = std::move(edited->text), .is_private = is_given};
}

std::string hosts_text(const remedy_facts& facts) {
  std::string text = "# For /etc/hosts of each client, in place of older lines with these names.\n";
  for (const ip_address& vip : facts.vips) {
    for (const detail::served_name& served : facts.names) {
      text += fmt::format("{} {}\n", vip, served.name);
    }
  }
  return text;
}

absl::StatusOr<remedy_facts> facts_of(const candidate_list& list, const remedy_options& options,
                                      const gitlab_values* values,
                                      std::vector<std::string>& notices) {
  remedy_facts facts;
  facts.pin =
      options.pool.version ? pin_way_of(*options.pool.version) : pin_way_of(options.pool.format);
  auto vips = choose_vips(list, options, facts.pin);
  if (!vips.ok()) return vips.status();
  facts.vips = *std::move(vips);
  auto names = names_of(options, values);
  if (!names.ok()) return names.status();
  facts.names = *std::move(names);
  facts.https = values == nullptr || values->https;
  facts.old_vips = old_vips_of(list, options, values, notices);
  return facts;
}

}  // namespace

absl::StatusOr<service_name> parse_service_name(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == text.npos) {
    return invalid_argument("bad Service '{}': expected NAMESPACE/NAME", excerpt(text));
  }
  service_name service{std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
  absl::Status status = detail::check_dns1123_label("namespace", service.name_space);
  if (status.ok()) status = detail::check_dns1123_label("Service", service.name);
  if (!status.ok()) return status;
  return service;
}

absl::StatusOr<remedy_bundle> make_remedy(const candidate_list& list,
                                          const remedy_options& options) {
  if (absl::Status status = check_options(list, options); !status.ok()) return status;
  std::optional<gitlab_values> values;
  if (options.gitlab_values) {
    absl::StatusOr<gitlab_values> read = read_gitlab_values(options.gitlab_values->text);
    if (!read.ok()) return with_name(read.status(), *options.gitlab_values);
    values = *std::move(read);
  }
  const gitlab_values* const gitlab = values ? &*values : nullptr;

  remedy_bundle bundle;
  absl::StatusOr<remedy_facts> facts = facts_of(list, options, gitlab, bundle.notices);
  if (!facts.ok()) return facts.status();
  if (gitlab != nullptr) add_gitlab_notices(options, *gitlab, bundle.notices);

  absl::StatusOr<std::vector<bundle_file>> pools =
      detail::pool_files(list, *facts, options, bundle.notices);
  if (!pools.ok()) return pools.status();
  const bool has_final_pool = pools->size() > 1;
  bundle.files = *std::move(pools);
  bundle.files.push_back({"test-lb.yaml", detail::test_service_yaml(*facts, list.ports, options)});
  if (options.service == service_name{}) {
    bundle.files.push_back(
        {"ingress-nginx-values.yaml", detail::ingress_nginx_values_yaml(*facts)});
  }
  absl::StatusOr<std::optional<bundle_file>> gitlab_values_file =
      gitlab_file(*facts, options, bundle.notices);
  if (!gitlab_values_file.ok()) return gitlab_values_file.status();
  const bool has_gitlab_values = gitlab_values_file->has_value();
  if (has_gitlab_values) bundle.files.push_back(**std::move(gitlab_values_file));
  bundle.files.push_back({"hosts", hosts_text(*facts)});
  bundle.files.push_back(
      {.name = "apply.sh",
       .text = detail::runbook(*facts, list.ports, options, has_gitlab_values, has_final_pool),
       .is_executable = true});
  bundle.plan = detail::plan_of(*facts, list.ports, options);
  bundle.files.push_back({"plan.json", to_json(bundle.plan)});
  return bundle;
}

}  // namespace netscan
