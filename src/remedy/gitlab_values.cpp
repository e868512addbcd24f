#include "netscan/remedy/gitlab_values.hpp"

#include <fmt/format.h>

#include "gitlab_keys.hpp"
#include "netscan/target/status.hpp"
#include "report/yaml_parse.hpp"
#include "report/yaml_tree.hpp"

namespace netscan {
namespace {

using detail::yaml_kind;
using detail::yaml_node;

/// The values of a file, and where they stand: the first error stays.
class values_reader {
 public:
  values_reader(std::string_view text, const yaml_node& root) : text_(text), root_(root) {}

  const absl::Status& status() const { return status_; }

  std::optional<std::string> text(const yaml_path& path) {
    const yaml_node* node = scalar(path);
    return node == nullptr ? std::nullopt : std::optional(node->value);
  }

  std::optional<bool> flag(const yaml_path& path) {
    const yaml_node* node = scalar(path);
    if (node == nullptr) return std::nullopt;
    const auto value = detail::yaml_bool(*node);
    if (!value) fail(*node, path, "neither true nor false");
    return value;
  }

 private:
  /// The node of a path with a value; null where the file has none.
  const yaml_node* scalar(const yaml_path& path) {
    const yaml_node* node = resolve(&root_);
    for (std::size_t depth = 0; depth < path.size() && node != nullptr; ++depth) {
      if (node->kind == yaml_kind::null) return nullptr;
      if (node->kind != yaml_kind::mapping) {
        fail(*node, yaml_path(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(depth)),
             "no mapping");
        return nullptr;
      }
      node = resolve(detail::find_value(*node, path[depth]));
    }
    if (node == nullptr || node->kind == yaml_kind::null) return nullptr;
    if (node->kind == yaml_kind::scalar) return node;
    fail(*node, path, node->kind == yaml_kind::mapping ? "a mapping" : "a list");
    return nullptr;
  }

  const yaml_node* resolve(const yaml_node* node) const {
    if (node == nullptr || node->kind != yaml_kind::alias) return node;
    return detail::find_anchor(root_, node->anchor);
  }

  void fail(const yaml_node& node, const yaml_path& path, std::string_view what) {
    if (!status_.ok()) return;
    status_ = invalid_argument("{}: {} is {}", detail::place(text_, node.offset),
                               path.empty() ? "the document" : path_text(path), what);
  }

  std::string_view text_;
  const yaml_node& root_;
  absl::Status status_;
};

/// A part of GitLab that has a name, and what switches it on or off.
struct service {
  std::string_view name;
  yaml_path enabled;
  bool by_default;
};

std::vector<service> services() {
  return {{"gitlab", {}, true},
          {"registry", {"registry", "enabled"}, true},
          {"minio", {"global", "minio", "enabled"}, true},
          {"kas", {"global", "kas", "enabled"}, true},
          {"pages", {"global", "pages", "enabled"}, false},
          {"smartcard", {"global", "appConfig", "smartcard", "enabled"}, false}};
}

std::vector<gitlab_host> read_hosts(values_reader& reader,
                                    const std::optional<std::string>& domain) {
  const auto suffix = reader.text({"global", "hosts", "hostSuffix"}).value_or("");
  std::vector<gitlab_host> hosts;
  for (const service& part : services()) {
    const std::string name(part.name);
    const auto given = reader.text({"global", "hosts", name, "name"});
    const bool can_be_off = !part.enabled.empty();
    if (can_be_off && !reader.flag(part.enabled).value_or(part.by_default)) continue;
    if (given && !given->empty()) {
      hosts.push_back({name, *given});
    } else if (domain && !domain->empty()) {
      hosts.push_back(
          {name, fmt::format("{}{}{}.{}", name, suffix.empty() ? "" : "-", suffix, *domain)});
    }
  }
  return hosts;
}

}  // namespace

const yaml_path gitlab_external_ip = {"global", "hosts", "externalIP"};

absl::StatusOr<gitlab_values> read_gitlab_values(std::string_view yaml) {
  const auto documents = detail::parse_yaml(yaml);
  if (!documents.ok()) return documents.status();
  const yaml_node nothing;
  const yaml_node& root = documents->empty() ? nothing : documents->front().root;

  values_reader reader(yaml, root);
  gitlab_values values;
  values.documents = documents->size();
  values.domain = reader.text({"global", "hosts", "domain"});
  values.https = reader.flag({"global", "hosts", "https"}).value_or(true);
  values.external_ip = reader.text(gitlab_external_ip);
  values.hosts = read_hosts(reader, values.domain);
  values.ingress_class = reader.text({"global", "ingress", "class"});
  values.tls_secret = reader.text({"global", "ingress", "tls", "secretName"});
  values.configure_certmanager = reader.flag({"global", "ingress", "configureCertmanager"});
  values.own_ingress = reader.flag({"nginx-ingress", "enabled"});
  if (!reader.status().ok()) return reader.status();
  values.misspelt = detail::misspelt_keys(yaml, root);
  return values;
}

std::string to_string(const misspelt_key& key) {
  return fmt::format(
      "line {}, column {}: unknown key {}, which Helm ignores in silence: is {} meant?", key.line,
      key.column, path_text(key.path), key.known);
}

}  // namespace netscan
