/// What the remedy needs from the values file of GitLab's Helm chart.
///
///     auto values = netscan::read_gitlab_values(yaml);
///     for (const auto& host : values->hosts) fmt::print("{} {}\n", vip, host.name);
///     for (const auto& key : values->misspelt) fmt::print(stderr, "{}\n", to_string(key));
///
/// Only what is listed here is kept: no password or token that the file may hold gets out.
/// To change the address in the file, see values_edit.hpp.
///
/// Source of the keys and defaults: GitLab's documentation, "Configure charts using globals" and
/// "GitLab Helm chart deployment options".
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/remedy/values_edit.hpp"

namespace netscan {

/// The path of the address that GitLab documents for itself.
extern const yaml_path gitlab_external_ip;

/// A name under which a part of GitLab is served.
struct gitlab_host {
  /// `gitlab`, `registry`, `minio`, `kas`, `pages` or `smartcard`.
  std::string service;
  std::string name;

  friend bool operator==(const gitlab_host&, const gitlab_host&) = default;
};

/// A key that GitLab does not document, but for a letter or two. Helm takes any key, so nobody else
/// tells.
struct misspelt_key {
  yaml_path path;
  /// The key that is likely meant, of the same mapping.
  std::string known;
  std::size_t line = 0;    ///< from 1
  std::size_t column = 0;  ///< from 1, in bytes

  friend bool operator==(const misspelt_key&, const misspelt_key&) = default;
};

/// `line 8, column 5: unknown key global.ingress.congifureCertmanager, which Helm ignores in
/// silence: is configureCertmanager meant?`
std::string to_string(const misspelt_key& key);

struct gitlab_values {
  /// global.hosts.domain. Nothing when the file does not set it: it may be in another values file.
  std::optional<std::string> domain;
  /// global.hosts.https.
  bool https = true;
  /// global.hosts.externalIP.
  std::optional<std::string> external_ip;
  /// Each name once, in the order of gitlab_host::service: `gitlab.DOMAIN` and so on, with
  /// global.hosts.hostSuffix, unless global.hosts.SERVICE.name says another. Without a domain only
  /// those that have a name. What the values switch off is left out (registry.enabled,
  /// global.minio.enabled, global.kas.enabled), pages and smartcard are in when they are switched
  /// on. `kas` is in unless it is switched off, which older charts have as their default.
  std::vector<gitlab_host> hosts;
  /// global.ingress.class.
  std::optional<std::string> ingress_class;
  /// global.ingress.tls.secretName: the name of the Secret.
  std::optional<std::string> tls_secret;
  /// global.ingress.configureCertmanager, where the file says it. The chart's default was true
  /// before GitLab 19.
  std::optional<bool> configure_certmanager;
  /// nginx-ingress.enabled, where the file says it: whether the chart brings an ingress of its own,
  /// whose Service gets external_ip. Else that only documents the address, and the pin on the other
  /// ingress's Service is what counts. The chart's default depends on its version.
  std::optional<bool> own_ingress;
  std::vector<misspelt_key> misspelt;
  /// More than 1: Helm 3 reads the first only, as is done here, and Helm 4 lays the later ones over
  /// it.
  std::size_t documents = 0;
};

/// Reads the first document of `yaml`. An empty one has the defaults.
/// Errors: InvalidArgument, beginning with the place (`line 7, column 3: `): no YAML, a document or
/// one of these keys' parents that is no mapping, a key with a value of the wrong kind.
absl::StatusOr<gitlab_values> read_gitlab_values(std::string_view yaml);

}  // namespace netscan
