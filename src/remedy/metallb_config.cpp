#include "metallb_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "config_reader.hpp"
#include "netscan/target/status.hpp"
#include "report/yaml_parse.hpp"

namespace netscan::detail {
namespace {

using labels = std::map<std::string, std::string>;

// --- ConfigMap and configInline: MetalLB up to 0.12, internal/config/config.go. It reads strictly.

constexpr std::array<std::string_view, 4> config_keys = {"address-pools", "peers",
                                                         "bgp-communities", "bfd-profiles"};
constexpr std::array<std::string_view, 6> pool_keys = {
    "name", "protocol", "addresses", "auto-assign", "avoid-buggy-ips", "bgp-advertisements"};
constexpr std::array<std::string_view, 4> advertisement_keys = {
    "aggregation-length", "aggregation-length-v6", "localpref", "communities"};

/// A setting of a BGP advertisement: its names in the two kinds of formats, and MetalLB's default.
struct bgp_setting {
  std::string_view config_key;
  std::string_view resource_key;
  std::string_view standard;
};
constexpr std::array<bgp_setting, 5> bgp_settings = {
    {{"aggregation-length", "aggregationLength", "32"},
     {"aggregation-length-v6", "aggregationLengthV6", "128"},
     {"localpref", "localPref", "0"},
     {"communities", "communities", "[]"},
     {"", "peers", "[]"}}};

/// The settings in one line, as existing_pool has them.
std::string settings_text(const config_reader& reader, const yaml_node& advertisement,
                          std::string_view bgp_setting::*key) {
  std::vector<std::string> settings;
  for (const bgp_setting& setting : bgp_settings) {
    const yaml_node* value = reader.value(advertisement, setting.*key);
    const std::string text = value == nullptr ? std::string(setting.standard) : one_line(*value);
    if (text == setting.standard) continue;
    settings.push_back(fmt::format("{}: {}", setting.resource_key, text));
  }
  return fmt::format("{{{}}}", fmt::join(settings, ", "));
}

void read_protocol(config_reader& reader, const yaml_node& node, existing_pool& pool) {
  const auto protocol = reader.text(node, "protocol");
  pool.layer2 = protocol == "layer2";
  pool.bgp = protocol == "bgp";
  if (pool.layer2 || pool.bgp) return;
  const yaml_node* given = reader.value(node, "protocol");
  reader.fail(given == nullptr ? node : *given, "the pool's protocol is neither layer2 nor bgp");
}

existing_pool read_config_pool(config_reader& reader, const yaml_node& node) {
  reader.only(node, pool_keys, "the pool");
  existing_pool pool;
  pool.line = reader.line(node);
  pool.name = reader.text(node, "name").value_or("");
  if (pool.name.empty()) reader.fail(node, "the pool has no name");
  read_protocol(reader, node, pool);
  pool.addresses = reader.addresses(node);
  pool.auto_assign = reader.flag(node, "auto-assign", true);
  pool.avoid_buggy_ips = reader.flag(node, "avoid-buggy-ips", false);
  for (const yaml_node* advertisement : reader.mappings(node, "bgp-advertisements")) {
    reader.only(*advertisement, advertisement_keys, "the BGP advertisement");
    pool.bgp_advertisements.push_back(
        settings_text(reader, *advertisement, &bgp_setting::config_key));
  }
  // Without any it advertises with its defaults.
  if (pool.bgp && pool.bgp_advertisements.empty()) pool.bgp_advertisements = {"{}"};
  return pool;
}

absl::Status read_config_pools(metallb_config& config, const yaml_node& root,
                               const yaml_node& mapping, std::string_view name_space) {
  config_reader reader(config.source, root);
  reader.only(mapping, config_keys, "the configuration");
  for (const yaml_node* node : reader.mappings(mapping, "address-pools")) {
    existing_pool pool = read_config_pool(reader, *node);
    pool.name_space = name_space;
    config.existing.pools.push_back(std::move(pool));
    config.addresses.push_back(find_value(*node, "addresses"));
  }
  return reader.status();
}

// --- resources: MetalLB 0.13 and later, api/v1beta1 ---

bool is_metallb(const yaml_node& resource) {
  const yaml_node* version = find_value(resource, "apiVersion");
  return version != nullptr && version->value.starts_with("metallb.io/");
}

bool is_kind(const yaml_node& resource, std::string_view kind) {
  const yaml_node* node = find_value(resource, "kind");
  return node != nullptr && node->kind == yaml_kind::scalar && node->value == kind;
}

/// The name and the namespace.
std::pair<std::string, std::string> read_name(config_reader& reader, const yaml_node& resource) {
  const yaml_node* metadata = reader.mapping(resource, "metadata");
  if (metadata == nullptr) {
    reader.fail(resource, "the resource has no name");
    return {};
  }
  std::string name = reader.text(*metadata, "name").value_or("");
  if (name.empty()) reader.fail(*metadata, "the resource has no name");
  return {std::move(name), reader.text(*metadata, "namespace").value_or("")};
}

labels read_labels(config_reader& reader, const yaml_node& of, std::string_view key) {
  labels result;
  const yaml_node* mapping = reader.mapping(of, key);
  if (mapping == nullptr) return result;
  for (std::size_t i = 0; i + 1 < mapping->children.size(); i += 2) {
    result[mapping->children[i].value] = mapping->children[i + 1].value;
  }
  return result;
}

struct resource_pool {
  existing_pool pool;
  labels pool_labels;
  const yaml_node* addresses = nullptr;
};

resource_pool read_resource_pool(config_reader& reader, const yaml_node& resource) {
  resource_pool result;
  existing_pool& pool = result.pool;
  pool.line = reader.line(resource);
  std::tie(pool.name, pool.name_space) = read_name(reader, resource);
  if (const yaml_node* metadata = reader.mapping(resource, "metadata")) {
    result.pool_labels = read_labels(reader, *metadata, "labels");
  }
  const yaml_node* spec = reader.mapping(resource, "spec");
  if (spec == nullptr) {
    reader.fail(resource, "the pool has no spec");
    return result;
  }
  pool.addresses = reader.addresses(*spec);
  pool.auto_assign = reader.flag(*spec, "autoAssign", true);
  if (is_kind(resource, "AddressPool")) {
    // The kind of 0.13 that came before IPAddressPool says itself how it is announced.
    read_protocol(reader, *spec, pool);
    for (const yaml_node* node : reader.mappings(*spec, "bgpAdvertisements")) {
      pool.bgp_advertisements.push_back(settings_text(reader, *node, &bgp_setting::resource_key));
    }
    if (pool.bgp && pool.bgp_advertisements.empty()) pool.bgp_advertisements = {"{}"};
  } else {
    pool.avoid_buggy_ips = reader.flag(*spec, "avoidBuggyIPs", false);
  }
  if (const yaml_node* allocation = reader.mapping(*spec, "serviceAllocation")) {
    pool.allocation = one_line(*allocation);
    if (pool.allocation == "{}") pool.allocation.clear();
  }
  result.addresses = find_value(*spec, "addresses");
  return result;
}

/// A label selector: all of it must hold, and an empty one takes everything.
bool selects(config_reader& reader, const yaml_node& selector, const labels& of) {
  for (const auto& [key, value] : read_labels(reader, selector, "matchLabels")) {
    const auto label = of.find(key);
    if (label == of.end() || label->second != value) return false;
  }
  for (const yaml_node* expression : reader.mappings(selector, "matchExpressions")) {
    const auto label = of.find(reader.text(*expression, "key").value_or(""));
    const std::string operation = reader.text(*expression, "operator").value_or("");
    const std::vector<std::string> values = reader.texts(*expression, "values");
    const bool listed =
        label != of.end() && std::find(values.begin(), values.end(), label->second) != values.end();
    const bool holds = (operation == "In" && listed) || (operation == "NotIn" && !listed) ||
                       (operation == "Exists" && label != of.end()) ||
                       (operation == "DoesNotExist" && label == of.end());
    if (!holds) return false;
  }
  return true;
}

/// Whether an advertisement's spec selects the pool: by name or label, or all when it names none.
bool selects_pool(config_reader& reader, const yaml_node& spec, const resource_pool& pool) {
  const std::vector<std::string> names = reader.texts(spec, "ipAddressPools");
  const auto selectors = reader.mappings(spec, "ipAddressPoolSelectors");
  if (names.empty() && selectors.empty()) return true;
  if (std::find(names.begin(), names.end(), pool.pool.name) != names.end()) return true;
  return std::any_of(selectors.begin(), selectors.end(), [&](const yaml_node* selector) {
    return selects(reader, *selector, pool.pool_labels);
  });
}

void read_advertisement(config_reader& reader, const yaml_node& resource,
                        std::vector<resource_pool>& pools, metallb_config& config) {
  advertisement result;
  result.bgp = is_kind(resource, "BGPAdvertisement");
  std::tie(result.name, result.name_space) = read_name(reader, resource);
  result.offset = resource.offset;
  // Without a spec it selects every pool.
  const yaml_node nothing;
  const yaml_node* spec = reader.mapping(resource, "spec");
  if (spec == nullptr) spec = &nothing;
  result.pools = find_value(*spec, "ipAddressPools");
  for (resource_pool& pool : pools) {
    if (!may_share_namespace(pool.pool.name_space, result.name_space)) continue;
    if (!selects_pool(reader, *spec, pool)) continue;
    (result.bgp ? pool.pool.bgp : pool.pool.layer2) = true;
    if (result.bgp) {
      pool.pool.bgp_advertisements.push_back(
          settings_text(reader, *spec, &bgp_setting::resource_key));
    }
  }
  config.advertisements.push_back(std::move(result));
}

/// A resource with the root of its document, where the anchors are.
struct resource_node {
  const yaml_node* node;
  const yaml_node* root;
};

absl::Status read_resources(metallb_config& config, const std::vector<resource_node>& resources) {
  std::vector<resource_pool> pools;
  for (const resource_node& resource : resources) {
    if (!is_metallb(*resource.node)) continue;
    if (!is_kind(*resource.node, "IPAddressPool") && !is_kind(*resource.node, "AddressPool")) {
      continue;
    }
    config_reader reader(config.source, *resource.root);
    pools.push_back(read_resource_pool(reader, *resource.node));
    if (!reader.status().ok()) return reader.status();
  }
  for (const resource_node& resource : resources) {
    if (!is_metallb(*resource.node)) continue;
    if (!is_kind(*resource.node, "L2Advertisement") &&
        !is_kind(*resource.node, "BGPAdvertisement")) {
      continue;
    }
    config_reader reader(config.source, *resource.root);
    read_advertisement(reader, *resource.node, pools, config);
    if (!reader.status().ok()) return reader.status();
  }
  for (resource_pool& pool : pools) {
    config.existing.pools.push_back(std::move(pool.pool));
    config.addresses.push_back(pool.addresses);
  }
  return absl::OkStatus();
}

// --- which of the formats it is ---

/// Every resource of the manifests, those in a List (as `kubectl get -o yaml` prints) too.
std::vector<resource_node> find_resources(const std::vector<yaml_document>& documents) {
  std::vector<resource_node> resources;
  for (const yaml_document& document : documents) {
    if (find_value(document.root, "kind") == nullptr) continue;
    resources.push_back({&document.root, &document.root});
    const yaml_node* items = find_value(document.root, "items");
    if (!is_kind(document.root, "List") || items == nullptr) continue;
    for (const yaml_node& item : items->children) {
      if (item.kind == yaml_kind::mapping) resources.push_back({&item, &document.root});
    }
  }
  return resources;
}

/// The text that a ConfigMap has for MetalLB; null for other ConfigMaps and resources.
const yaml_node* find_config_text(const yaml_node& resource) {
  if (!is_kind(resource, "ConfigMap")) return nullptr;
  const yaml_node* data = find_value(resource, "data");
  const yaml_node* text = data == nullptr ? nullptr : find_value(*data, "config");
  if (text == nullptr || text->kind != yaml_kind::scalar) return nullptr;
  const bool known = std::any_of(config_keys.begin(), config_keys.end(), [&](auto key) {
    return text->value.find(key) != std::string::npos;
  });
  return known ? text : nullptr;
}

absl::Status read_config_map(metallb_config& config, const resource_node& resource,
                             const yaml_node& text) {
  config_reader reader(config.source, *resource.root);
  const std::string name_space = read_name(reader, *resource.node).second;
  if (!reader.status().ok()) return reader.status();
  auto embedded = embedded_source(config.source.text, text);
  if (!embedded.ok()) return embedded.status();
  config.existing.format = pool_format::configmap;
  config.source = *std::move(embedded);
  config.pools_path = {"address-pools"};
  const yaml_node& root = config.source.documents.front().root;
  if (root.kind != yaml_kind::mapping) {
    return invalid_argument("{}: the configuration is no mapping",
                            place_in_file(config.source, root.offset));
  }
  return read_config_pools(config, root, root, name_space);
}

absl::Status read_manifests(metallb_config& config, const std::vector<resource_node>& resources) {
  const resource_node* config_map = nullptr;
  const yaml_node* text = nullptr;
  for (const resource_node& resource : resources) {
    const yaml_node* found = find_config_text(*resource.node);
    if (found == nullptr) continue;
    if (text != nullptr) {
      return invalid_argument("{}: a second ConfigMap for MetalLB; the first is in line {}",
                              place_in_file(config.source, resource.node->offset),
                              line_in_file(config.source, config_map->node->offset));
    }
    config_map = &resource;
    text = found;
  }
  if (text == nullptr) return read_resources(config, resources);
  for (const resource_node& resource : resources) {
    if (!is_metallb(*resource.node)) continue;
    return invalid_argument(
        "{}: a metallb.io resource, in one file with a ConfigMap for MetalLB (line {}): no version "
        "reads both",
        place_in_file(config.source, resource.node->offset),
        line_in_file(config.source, config_map->node->offset));
  }
  return read_config_map(config, *config_map, *text);
}

absl::Status read_values(metallb_config& config) {
  config.existing.format = pool_format::helm_values;
  const yaml_node& root = config.source.documents.front().root;
  const yaml_node* written = find_value(root, "configInline");
  if (written == nullptr) {
    return invalid_argument(
        "{}: no MetalLB configuration: neither resources with a kind, nor helm values with "
        "configInline",
        place_in_file(config.source, root.offset));
  }
  config.pools_path = {"configInline", "address-pools"};
  config_reader reader(config.source, root);
  const yaml_node* mapping = reader.mapping(root, "configInline");
  if (mapping == nullptr) return reader.status();
  return read_config_pools(config, root, *mapping, "");
}

/// What MetalLB checks over all pools.
absl::Status check_pools(const metallb_config& config) {
  const std::vector<existing_pool>& pools = config.existing.pools;
  for (std::size_t i = 0; i < pools.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      if (!may_share_namespace(pools[i].name_space, pools[j].name_space)) continue;
      if (i != j && pools[i].name == pools[j].name) {
        return invalid_argument("line {}: a second pool named {}; the first is in line {}",
                                pools[i].line, excerpt(pools[i].name), pools[j].line);
      }
      for (const existing_entry& one : pools[i].addresses) {
        for (const existing_entry& other : pools[j].addresses) {
          if (&one == &other || one.range.last < other.range.first ||
              other.range.last < one.range.first) {
            continue;
          }
          return invalid_argument(
              "line {}: {} of pool {} overlaps {} of pool {} (line {}): MetalLB refuses that",
              std::max(one.line, other.line), one.text, excerpt(pools[i].name), other.text,
              excerpt(pools[j].name), std::min(one.line, other.line));
        }
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

bool may_share_namespace(std::string_view a, std::string_view b) {
  return a.empty() || b.empty() || a == b;
}

absl::StatusOr<metallb_config> read_metallb_config(std::string_view file) {
  auto documents = parse_yaml(file);
  if (!documents.ok()) return documents.status();
  if (documents->empty()) return invalid_argument("no MetalLB configuration: the file is empty");
  metallb_config config;
  config.source.text = file;
  config.source.documents = *std::move(documents);
  const std::vector<resource_node> resources = find_resources(config.source.documents);
  absl::Status status = resources.empty() ? read_values(config) : read_manifests(config, resources);
  if (status.ok()) status = check_pools(config);
  if (!status.ok()) return status;
  return config;
}

}  // namespace netscan::detail
