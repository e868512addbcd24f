#include "gitlab_keys.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "edit_distance.hpp"
#include "report/text_edit.hpp"

namespace netscan::detail {
namespace {

struct known_keys {
  yaml_path parent;
  std::vector<std::string_view> keys;
};

/// What GitLab documents of its chart, as far as the address, the names and the certificate go;
/// older and newer versions together. A key that is not here is only reported when it is close to
/// one that is, so a list need not be complete to be of use.
const std::vector<known_keys>& documented_keys() {
  static const std::vector<known_keys> all = {
      {{}, {"global",         "upgradeCheck",
            "certmanager",    "certmanager-issuer",
            "nginx-ingress",  "nginx-ingress-geo",
            "haproxy",        "traefik",
            "prometheus",     "redis",
            "postgresql",     "registry",
            "shared-secrets", "gitlab-runner",
            "gitlab",         "gitlab-zoekt",
            "minio",          "openbao",
            "grafana",        "consul",
            "redis-ha",       "installCertmanager",
            "gateway-helm",   "nameOverride"}},
      {{"global"},
       {"affinity",
        "antiAffinity",
        "appConfig",
        "application",
        "batch",
        "busybox",
        "certificates",
        "clickhouse",
        "common",
        "communityImages",
        "deployment",
        "edition",
        "email",
        "enterpriseImages",
        "extraEnv",
        "extraEnvFrom",
        "gatewayApi",
        "geo",
        "gitaly",
        "gitlab",
        "gitlabBase",
        "gitlabVersion",
        "grafana",
        "hosts",
        "hpa",
        "image",
        "imagePullPolicy",
        "imagePullSecrets",
        "ingress",
        "initialRootPassword",
        "job",
        "kas",
        "keda",
        "kubectl",
        "labels",
        "minio",
        "monitoring",
        "nodeSelector",
        "oauth",
        "openbao",
        "operator",
        "pages",
        "pdb",
        "platform",
        "pod",
        "praefect",
        "priorityClassName",
        "psql",
        "rails",
        "railsSecrets",
        "redis",
        "registry",
        "runner",
        "service",
        "serviceAccount",
        "shell",
        "sidekiq",
        "smtp",
        "spamcheck",
        "storageClass",
        "time_zone",
        "tolerations",
        "topologySpreadConstraints",
        "tracing",
        "traefik",
        "webservice",
        "workhorse",
        "zoekt"}},
      {{"global", "hosts"},
       {"domain", "hostSuffix", "https", "externalIP", "externalGeoIP", "ssh", "gitlab", "minio",
        "registry", "tls", "smartcard", "kas", "pages", "openbao", "workspaces"}},
      {{"global", "hosts", "gitlab"},
       {"name", "https", "hostnameOverride", "serviceName", "servicePort", "protocol"}},
      {{"global", "hosts", "registry"},
       {"name", "https", "serviceName", "servicePort", "protocol"}},
      {{"global", "hosts", "minio"}, {"name", "https", "serviceName", "servicePort", "protocol"}},
      {{"global", "hosts", "kas"}, {"name", "https"}},
      {{"global", "hosts", "pages"}, {"name", "https"}},
      {{"global", "hosts", "smartcard"}, {"name"}},
      {{"global", "ingress"},
       {"apiVersion", "annotations", "configureCertmanager", "useNewIngressForCerts", "class",
        "enabled", "path", "pathType", "provider", "tls"}},
      {{"global", "ingress", "tls"}, {"enabled", "secretName"}},
      {{"global", "kas"},
       {"enabled", "apiSecret", "privateApiSecret", "websocketTokenSecret", "service", "tls",
        "externalUrl", "apiUrl"}},
      {{"global", "minio"}, {"enabled", "credentials"}},
      {{"global", "pages"},
       {"enabled", "accessControl", "apiSecret", "artifactsServer", "authSecret", "externalHttp",
        "externalHttps", "host", "https", "localStore", "namespaceInPath", "objectStore", "path",
        "port", "sentry"}},
      {{"certmanager"}, {"install", "installCRDs", "crds", "rbac", "image", "nameOverride"}},
      {{"certmanager-issuer"}, {"email", "server", "image", "resources"}},
      {{"gitlab-runner"},
       {"install", "certsSecretName", "concurrent", "gitlabUrl", "image", "rbac", "resources",
        "runnerRegistrationToken", "runnerToken", "runners"}},
      {{"nginx-ingress"},
       {"enabled", "controller", "defaultBackend", "rbac", "serviceAccount", "tcpExternalConfig"}},
      {{"prometheus"}, {"install", "rbac", "server", "alertmanager"}},
      {{"registry"}, {"enabled", "ingress", "image", "storage", "tls"}},
  };
  return all;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

/// How many letters may be wrong before it is another word.
std::size_t tolerance(std::string_view known) {
  return known.size() < 8 ? 1 : 2;
}

/// The known key that is meant, nothing for a known key and for one that is close to none.
std::optional<std::string_view> meant_key(std::string_view key,
                                          const std::vector<std::string_view>& known) {
  if (std::find(known.begin(), known.end(), key) != known.end()) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t least = 0;
  for (const std::string_view candidate : known) {
    const std::size_t distance = edit_distance(lower_case(key), lower_case(candidate));
    if (distance > tolerance(candidate) || (best && distance >= least)) continue;
    best = candidate;
    least = distance;
  }
  return best;
}

void find_misspelt(std::string_view text, const yaml_node& mapping, const known_keys& known,
                   std::vector<misspelt_key>& found) {
  for (std::size_t i = 0; i + 1 < mapping.children.size(); i += 2) {
    const yaml_node& key = mapping.children[i];
    if (key.kind != yaml_kind::scalar) continue;
    if (const auto meant = meant_key(key.value, known.keys)) {
      yaml_path path = known.parent;
      path.push_back(key.value);
      found.push_back({std::move(path), std::string(*meant), line_number(text, key.offset),
                       column(text, key.offset) + 1});
    }
  }
}

}  // namespace

std::vector<misspelt_key> misspelt_keys(std::string_view text, const yaml_node& root) {
  std::vector<misspelt_key> found;
  for (const known_keys& known : documented_keys()) {
    const yaml_node* node = &root;
    for (const std::string& key : known.parent) {
      node = node == nullptr ? nullptr : find_value(*node, key);
    }
    if (node != nullptr && node->kind == yaml_kind::mapping) {
      find_misspelt(text, *node, known, found);
    }
  }
  std::sort(found.begin(), found.end(), [](const misspelt_key& a, const misspelt_key& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  });
  return found;
}

}  // namespace netscan::detail
