/// The whole remedy: the files that give a LoadBalancer Service an address which the firewall lets
/// through, and the plan to verify it by.
///
///     auto list = netscan::find_candidates(clients, owners, {});
///     netscan::remedy_options options;
///     options.pool.version = *netscan::parse_metallb_version("0.14.9");
///     options.hosts = {"gitlab.ailab.com"};
///     auto bundle = netscan::make_remedy(*list, options);
///     netscan::write_bundle("fix", bundle->files, netscan::existing_bundle::refuse);
///
/// make_remedy() is pure: no I/O, the same arguments give the same bytes.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/remedy/candidates.hpp"
#include "netscan/remedy/metallb.hpp"
#include "netscan/remedy/remedy_plan.hpp"

namespace netscan {

/// A Service, by its namespace and name.
struct service_name {
  std::string name_space = "ingress-nginx";
  std::string name = "ingress-nginx-controller";

  friend bool operator==(const service_name&, const service_name&) = default;
};

/// Reads `NAMESPACE/NAME`. Errors: InvalidArgument, naming the text and what Kubernetes takes.
absl::StatusOr<service_name> parse_service_name(std::string_view text);

/// A file that the user gave: its text, and its name for messages.
struct given_file {
  std::string name;
  std::string text;
};

struct remedy_options {
  pool_options pool = {};
  /// The Service that is to have the new address.
  service_name service = {};
  /// An IPv4 and an IPv6 address for it: MetalLB 0.12 and later. Else the first one chosen.
  bool dual_stack = false;
  /// The names it serves. Empty: those that the GitLab values have.
  std::vector<std::string> hosts = {};
  /// The old VIP: what must not be needed any more, and may be taken out of the old pool.
  address_set ours = {};
  /// GitLab's values, to be changed in place.
  std::optional<given_file> gitlab_values = {};
  /// MetalLB's configuration in use, to which the pool is added.
  std::optional<given_file> metallb_config = {};
  /// What each host is to answer, as plan_check has it. Status empty: 200 to 399 for GitLab itself,
  /// and below 500 for the others, which answer a stranger with 401, 403 or 404.
  std::string expected_status = {};
  std::string expected_text = {};
  bool any_certificate = false;
  /// The image of the test pod: any nginx that serves /usr/share/nginx/html on port 80.
  std::string test_image = "nginx:stable";
};

struct bundle_file {
  std::string name = {};
  std::string text = {};
  bool is_executable = false;
  /// May hold what the user's own file held, passwords too: for the owner's eyes only.
  bool is_private = false;

  friend bool operator==(const bundle_file&, const bundle_file&) = default;
};

struct remedy_bundle {
  /// metallb.yaml, with `metallb_config` and an old pool metallb-final.yaml; test-lb.yaml;
  /// ingress-nginx-values.yaml for its Service; gitlab-values.yaml when it was given, or a host's
  /// name begins with "gitlab."; hosts; apply.sh; plan.json.
  std::vector<bundle_file> files;
  remedy_plan plan;
  /// What the user should know, a sentence each: keys misspelt in the values, an old pool that
  /// cannot be taken away by itself. Nothing in it is a value of a given file but host names and
  /// addresses.
  std::vector<std::string> notices;
};

/// Errors: FailedPrecondition, with the list's advice, when nothing is chosen; InvalidArgument,
/// naming what is wrong: names that Kubernetes or DNS would refuse, no host name, an address of the
/// other family missing for `dual_stack`, a pool that the Service may not use, what metallb_pool(),
/// merge_pool(), read_gitlab_values() and edit_value() refuse, with the file's name.
absl::StatusOr<remedy_bundle> make_remedy(const candidate_list& list,
                                          const remedy_options& options);

/// What to do with a bundle that is there already.
enum class existing_bundle : std::uint8_t {
  refuse,
  replace,  ///< but for its `undo` folder, which apply.sh keeps its records in
};

/// Writes the files to a folder: all of them, or nothing. They are written beside it and then take
/// its place as a whole.
///
/// Errors: AlreadyExists when the folder is there and has something in it; FailedPrecondition when
/// it is to be replaced and has something that is no part of a bundle; else those of the system
/// calls, naming the path.
absl::Status write_bundle(const std::string& folder, std::span<const bundle_file> files,
                          existing_bundle existing);

}  // namespace netscan
