#include "kubernetes_rules.hpp"

#include <arpa/inet.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string_view>
#include <utility>

namespace netscan::testing {
namespace {

using names = std::set<std::string>;

bool matches(const std::string& text, const char* pattern) {
  static std::map<std::string, std::regex> made;  // they take long to make
  return std::regex_match(text, made.try_emplace(pattern, pattern).first->second);
}

// --- addresses, as MetalLB's ParseCIDR takes them ---

struct bytes_range {
  int family = 0;
  std::array<std::uint8_t, 16> first = {};
  std::array<std::uint8_t, 16> last = {};

  std::size_t size() const { return family == AF_INET ? 4 : 16; }
  bool overlaps(const bytes_range& other) const {
    return family == other.family && first <= other.last && other.first <= last;
  }
};

std::optional<bytes_range> parse_address(const std::string& text) {
  bytes_range range;
  for (const int family : {AF_INET, AF_INET6}) {
    if (::inet_pton(family, text.c_str(), range.first.data()) == 1) {
      range.family = family;
      range.last = range.first;
      return range;
    }
  }
  return std::nullopt;
}

std::optional<bytes_range> parse_block(const std::string& text) {
  const std::size_t slash = text.find('/');
  auto range = slash == text.npos ? std::nullopt : parse_address(text.substr(0, slash));
  const std::string digits = slash == text.npos ? "" : text.substr(slash + 1);
  if (!range || !matches(digits, "[0-9]|[1-9][0-9]{1,2}")) return std::nullopt;
  const std::size_t prefix = std::stoul(digits);
  if (prefix > range->size() * 8) return std::nullopt;
  for (std::size_t bit = prefix; bit < range->size() * 8; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80u >> (bit % 8));
    range->first[bit / 8] &= static_cast<std::uint8_t>(~mask);
    range->last[bit / 8] |= mask;
  }
  return range;
}

std::optional<bytes_range> parse_entry(const std::string& text) {
  const std::size_t dash = text.find('-');
  if (dash == text.npos) return parse_block(text);
  auto first = parse_address(text.substr(0, dash));
  const auto last = parse_address(text.substr(dash + 1));
  if (!first || !last || first->family != last->family || last->first < first->first) {
    return std::nullopt;
  }
  first->last = last->first;
  return first;
}

/// The shortest prefix that an entry breaks up into.
unsigned widest_prefix(const std::string& text) {
  if (const std::size_t slash = text.find('/'); slash != text.npos) {
    return static_cast<unsigned>(std::stoul(text.substr(slash + 1)));
  }
  // The largest block that fits: tried from the widest on, at every place where it can begin.
  const bytes_range range = *parse_entry(text);
  const unsigned bits = static_cast<unsigned>(range.size() * 8);
  for (unsigned prefix = 0; prefix < bits; ++prefix) {
    // The first block of this size that begins in the range begins at its first address, or at the
    // next multiple.
    char written[INET6_ADDRSTRLEN];
    ::inet_ntop(range.family, range.first.data(), written, sizeof written);
    bytes_range block = *parse_block(std::string(written) + "/" + std::to_string(prefix));
    if (block.first < range.first) {
      bool carry = true;
      block.first = block.last;
      for (std::size_t i = range.size(); i-- > 0 && carry;) carry = ++block.first[i] == 0;
      if (carry) continue;
      ::inet_ntop(range.family, block.first.data(), written, sizeof written);
      block = *parse_block(std::string(written) + "/" + std::to_string(prefix));
    }
    if (range.first <= block.first && block.last <= range.last) return prefix;
  }
  return bits;
}

// --- names and types ---

bool is_label(const std::string& text) {
  return text.size() <= 63 && matches(text, "[a-z0-9]([-a-z0-9]*[a-z0-9])?");
}
bool is_service_name(const std::string& text) {
  return text.size() <= 63 && matches(text, "[a-z]([-a-z0-9]*[a-z0-9])?");
}
bool is_subdomain(const std::string& text) {
  return text.size() <= 253 &&
         matches(text, "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
}

bool is_plain(const YAML::Node& node) {
  return node.IsScalar() && node.Tag() == "?";
}

/// What go-yaml (YAML 1.1) makes of a plain scalar: a text only when it is nothing else.
bool is_bool(const YAML::Node& node) {
  return is_plain(node) && matches(node.Scalar(),
                                   "[yYnN]|[yY]es|YES|[nN]o|NO|[tT]rue|TRUE|[fF]alse|FALSE|"
                                   "[oO]n|ON|[oO]ff|OFF");
}
bool is_integer(const YAML::Node& node) {
  return is_plain(node) && matches(node.Scalar(), "0|[1-9][0-9]*");
}
bool is_text(const YAML::Node& node) {
  if (!node.IsScalar()) return false;
  if (!is_plain(node)) return true;
  return !is_bool(node) &&
         !matches(
             node.Scalar(),
             "|~|null|Null|NULL|"
             "[-+]?[0-9][0-9_]*(\\.[0-9_]*)?([eE][-+]?[0-9]+)?|[-+]?\\.[0-9_]+([eE][-+]?[0-9]+)?|"
             "[-+]?0[xob][0-9a-fA-F_]+|[-+]?[0-9]+(:[0-5]?[0-9])+(\\.[0-9]*)?|"
             "[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|<<|=");
}

// --- the checker ---

class checker {
 public:
  std::vector<std::string> errors;

  void manifests(const std::string& yaml);
  void metallb_values(const YAML::Node& root);
  void ingress_values(const YAML::Node& root);

 private:
  struct pool {
    std::string name;
    std::string name_space;
    std::vector<std::string> entries;
  };
  struct pool_user {
    std::string name_space;
    std::string pool;
  };

  void complain(const std::string& where, const std::string& what) {
    errors.push_back(where + ": " + what);
  }

  /// A mapping whose keys are texts, each once, and of these.
  bool mapping(const YAML::Node& node, const std::string& where,
               const std::optional<names>& allowed) {
    if (!node.IsMap()) {
      complain(where, "no mapping");
      return false;
    }
    names seen;
    for (const auto& pair : node) {
      if (!is_text(pair.first)) complain(where, "a key that is no text");
      const std::string key = pair.first.Scalar();
      if (!seen.insert(key).second) complain(where, "the key " + key + " twice");
      if (allowed && !allowed->contains(key)) complain(where, "unknown key " + key);
    }
    return true;
  }

  void check(const YAML::Node& parent, const std::string& key, const std::string& where,
             const char* what, const std::function<bool(const YAML::Node&)>& good,
             bool required = false) {
    const YAML::Node node = parent[key];
    if (!node.IsDefined()) {
      if (required) complain(where, key + " is missing");
    } else if (!good(node)) {
      complain(where, key + " is no " + what);
    }
  }

  std::vector<std::string> texts(const YAML::Node& parent, const std::string& key,
                                 const std::string& where) {
    std::vector<std::string> items;
    const YAML::Node list = parent[key];
    if (!list.IsDefined()) return items;
    if (!list.IsSequence() || list.size() == 0) complain(where, key + " is no list with items");
    names seen;
    for (const YAML::Node& item : list) {
      if (!is_text(item)) {
        complain(where, key + " has an item that is no text");
        continue;
      }
      if (!seen.insert(item.Scalar()).second) complain(where, key + " has an item twice");
      items.push_back(item.Scalar());
    }
    return items;
  }

  void text_mapping(const YAML::Node& parent, const std::string& key, const std::string& where) {
    const YAML::Node map = parent[key];
    if (!map.IsDefined() || !mapping(map, where + " " + key, std::nullopt)) return;
    for (const auto& pair : map) {
      if (!is_text(pair.second)) complain(where, key + " has a value that is no text");
    }
  }

  std::vector<std::string> entries(const YAML::Node& parent, const std::string& where) {
    std::vector<std::string> good;
    if (!parent["addresses"].IsDefined()) complain(where, "addresses is missing");
    for (const std::string& text : texts(parent, "addresses", where)) {
      if (parse_entry(text)) {
        good.push_back(text);
      } else {
        complain(where, "bad address " + text);
      }
    }
    return good;
  }

  void document(const YAML::Node& root);
  void metadata(const YAML::Node& root, const std::string& kind);
  void ip_address_pool(const YAML::Node& spec, const std::string& where, pool named);
  void advertisement(const YAML::Node& spec, const std::string& where,
                     const std::string& name_space, bool bgp);
  void config(const YAML::Node& root, const std::string& where);
  void service(const YAML::Node& root, const std::string& where);
  void pins(const YAML::Node& annotations, const YAML::Node& field, const std::string& where);
  void pod(const YAML::Node& spec, const std::string& where);
  void aggregation(const std::optional<unsigned>& v4, const std::optional<unsigned>& v6,
                   const std::vector<std::string>& entries, const std::string& where);
  void pools_together();

  std::vector<pool> pools_;
  std::vector<pool_user> users_;
  struct rolled_up {
    pool_user user;
    std::optional<unsigned> v4;
    std::optional<unsigned> v6;
    std::string where;
  };
  std::vector<rolled_up> rolled_up_;
};

std::optional<unsigned> number(const YAML::Node& node) {
  if (!node.IsDefined() || !is_integer(node)) return std::nullopt;
  return static_cast<unsigned>(std::stoul(node.Scalar()));
}

std::function<bool(const YAML::Node&)> between(std::uint64_t least, std::uint64_t most) {
  return [=](const YAML::Node& node) {
    return is_integer(node) && node.Scalar().size() < 12 && std::stoull(node.Scalar()) >= least &&
           std::stoull(node.Scalar()) <= most;
  };
}

void checker::ip_address_pool(const YAML::Node& spec, const std::string& where, pool named) {
  mapping(spec, where, names{"addresses", "autoAssign", "avoidBuggyIPs", "serviceAllocation"});
  named.entries = entries(spec, where);
  check(spec, "autoAssign", where, "boolean", is_bool);
  check(spec, "avoidBuggyIPs", where, "boolean", is_bool);
  if (const YAML::Node allocation = spec["serviceAllocation"]; allocation.IsDefined()) {
    mapping(allocation, where + " serviceAllocation",
            names{"priority", "namespaces", "namespaceSelectors", "serviceSelectors"});
    check(allocation, "priority", where, "number", between(0, 0x7fffffff));
    for (const std::string& name : texts(allocation, "namespaces", where)) {
      if (!is_label(name)) complain(where, "bad namespace " + name);
    }
  }
  pools_.push_back(std::move(named));
}

void checker::advertisement(const YAML::Node& spec, const std::string& where,
                            const std::string& name_space, bool bgp) {
  if (!spec.IsDefined() || spec.IsNull()) return;
  if (bgp) {
    mapping(spec, where,
            names{"aggregationLength", "aggregationLengthV6", "localPref", "communities",
                  "ipAddressPools", "ipAddressPoolSelectors", "peers", "nodeSelectors"});
    check(spec, "aggregationLength", where, "number from 1 to 32", between(1, 32));
    check(spec, "aggregationLengthV6", where, "number from 1 to 128", between(1, 128));
    check(spec, "localPref", where, "number", between(0, 0xffffffff));
    texts(spec, "communities", where);
    texts(spec, "peers", where);
  } else {
    mapping(spec, where,
            names{"ipAddressPools", "ipAddressPoolSelectors", "nodeSelectors", "interfaces",
                  "serviceSelectors"});
    texts(spec, "interfaces", where);
  }
  for (const std::string& name : texts(spec, "ipAddressPools", where)) {
    users_.push_back({name_space, name});
    if (bgp) {
      rolled_up_.push_back({users_.back(), number(spec["aggregationLength"]),
                            number(spec["aggregationLengthV6"]), where});
    }
  }
}

void checker::aggregation(const std::optional<unsigned>& v4, const std::optional<unsigned>& v6,
                          const std::vector<std::string>& entries, const std::string& where) {
  for (const std::string& entry : entries) {
    const bool is_v4 = parse_entry(entry)->family == AF_INET;
    const unsigned length = is_v4 ? v4.value_or(32) : v6.value_or(128);
    if (length < widest_prefix(entry)) {
      complain(where, "aggregation shorter than the prefix of " + entry);
    }
  }
}

/// The text of the ConfigMap, and configInline: MetalLB reads it strictly.
void checker::config(const YAML::Node& root, const std::string& where) {
  if (!mapping(root, where, names{"address-pools", "peers", "bgp-communities", "bfd-profiles"})) {
    return;
  }
  for (const YAML::Node& node : root["address-pools"]) {
    mapping(node, where,
            names{"name", "protocol", "addresses", "auto-assign", "avoid-buggy-ips",
                  "bgp-advertisements"});
    check(node, "name", where, "text", is_text, true);
    check(
        node, "protocol", where, "protocol",
        [](const YAML::Node& protocol) {
          return protocol.IsScalar() &&
                 (protocol.Scalar() == "layer2" || protocol.Scalar() == "bgp");
        },
        true);
    check(node, "auto-assign", where, "boolean", is_bool);
    check(node, "avoid-buggy-ips", where, "boolean", is_bool);
    pool named{node["name"].IsDefined() ? node["name"].Scalar() : "", "", entries(node, where)};
    for (const YAML::Node& one : node["bgp-advertisements"]) {
      mapping(one, where,
              names{"aggregation-length", "aggregation-length-v6", "localpref", "communities"});
      check(one, "aggregation-length", where, "number from 1 to 32", between(1, 32));
      check(one, "aggregation-length-v6", where, "number from 1 to 128", between(1, 128));
      check(one, "localpref", where, "number", between(0, 0xffffffff));
      texts(one, "communities", where);
      aggregation(number(one["aggregation-length"]), number(one["aggregation-length-v6"]),
                  named.entries, where);
    }
    pools_.push_back(std::move(named));
  }
}

/// The ways to ask for an address: one at a time, and an address a family.
void checker::pins(const YAML::Node& annotations, const YAML::Node& field,
                   const std::string& where) {
  int ways = 0;
  if (annotations.IsDefined() && annotations.IsMap()) {
    for (const char* key : {"metallb.io/loadBalancerIPs", "metallb.universe.tf/loadBalancerIPs"}) {
      const YAML::Node value = annotations[key];
      // Null takes an earlier values file's back.
      if (!value.IsDefined() || value.IsNull()) continue;
      ++ways;
      std::set<int> families;
      std::string rest = value.Scalar() + ",";
      for (std::size_t comma; (comma = rest.find(',')) != rest.npos; rest.erase(0, comma + 1)) {
        const auto address = parse_address(rest.substr(0, comma));
        if (!address) complain(where, std::string(key) + " has no address list");
        if (address && !families.insert(address->family).second) {
          complain(where, std::string(key) + " has two addresses of a family");
        }
      }
    }
  }
  if (field.IsDefined() && !field.IsNull() && !field.Scalar().empty()) {
    ++ways;
    if (!is_text(field) || !parse_address(field.Scalar())) {
      complain(where, "loadBalancerIP is no address");
    }
  }
  if (ways > 1) complain(where, "two ways to ask for an address");
}

void checker::service(const YAML::Node& root, const std::string& where) {
  const YAML::Node spec = root["spec"];
  if (!spec.IsDefined() || !mapping(spec, where + " spec", std::nullopt)) return;
  if (!is_service_name(root["metadata"]["name"].Scalar())) complain(where, "bad Service name");
  check(spec, "type", where, "type", [](const YAML::Node& type) {
    return type.IsScalar() &&
           names{"ClusterIP", "NodePort", "LoadBalancer"}.contains(type.Scalar());
  });
  text_mapping(spec, "selector", where);
  names seen;
  const YAML::Node ports = spec["ports"];
  if (!ports.IsDefined() || !ports.IsSequence() || ports.size() == 0) {
    complain(where, "no ports");
    return;
  }
  for (const YAML::Node& port : ports) {
    check(port, "port", where, "port", between(1, 65535), true);
    if (ports.size() > 1) check(port, "name", where, "text", is_text, true);
    if (port["name"].IsDefined()) {
      const std::string name = port["name"].Scalar();
      if (!is_label(name)) complain(where, "bad port name " + name);
      if (!seen.insert(name).second) complain(where, "port name " + name + " twice");
    }
  }
  pins(root["metadata"]["annotations"], spec["loadBalancerIP"], where);
}

void checker::pod(const YAML::Node& spec, const std::string& where) {
  const YAML::Node containers = spec["containers"];
  if (!containers.IsDefined() || containers.size() == 0) return complain(where, "no containers");
  for (const YAML::Node& container : containers) {
    check(
        container, "name", where, "label",
        [](const YAML::Node& name) { return is_text(name) && is_label(name.Scalar()); }, true);
    check(container, "image", where, "text", is_text, true);
  }
}

void checker::metadata(const YAML::Node& root, const std::string& kind) {
  const YAML::Node metadata = root["metadata"];
  if (!metadata.IsDefined()) return complain(kind, "no metadata");
  if (!mapping(metadata, kind + " metadata", names{"name", "namespace", "labels", "annotations"})) {
    return;
  }
  check(
      metadata, "name", kind, "DNS-1123 subdomain",
      [](const YAML::Node& name) { return is_text(name) && is_subdomain(name.Scalar()); }, true);
  check(metadata, "namespace", kind, "DNS-1123 label",
        [](const YAML::Node& name) { return is_text(name) && is_label(name.Scalar()); });
  text_mapping(metadata, "labels", kind);
  text_mapping(metadata, "annotations", kind);
}

void checker::document(const YAML::Node& root) {
  if (!mapping(root, "manifest", std::nullopt)) return;
  const std::string version = root["apiVersion"].IsDefined() ? root["apiVersion"].Scalar() : "";
  const std::string kind = root["kind"].IsDefined() ? root["kind"].Scalar() : "";
  if (version.empty() || kind.empty()) return complain("manifest", "no apiVersion or no kind");
  metadata(root, kind);
  const YAML::Node name = root["metadata"]["name"];
  const std::string where = kind + " " + (name.IsDefined() ? name.Scalar() : "");
  const YAML::Node given = root["metadata"]["namespace"];
  const std::string name_space = given.IsDefined() ? given.Scalar() : "";
  if (version.starts_with("metallb.io/")) {
    const names fields = {"apiVersion", "kind", "metadata", "spec"};
    mapping(root, where, fields);
    if (version != "metallb.io/v1beta1") complain(where, "unknown version " + version);
    if (kind == "IPAddressPool") {
      return ip_address_pool(root["spec"], where, {name.Scalar(), name_space, {}});
    }
    if (kind == "L2Advertisement" || kind == "BGPAdvertisement") {
      return advertisement(root["spec"], where, name_space, kind == "BGPAdvertisement");
    }
    return complain(where, "a kind that is not written");
  }
  if (version != "v1") return;
  if (kind == "ConfigMap") {
    text_mapping(root, "data", where);
    const YAML::Node text = root["data"]["config"];
    if (name.Scalar() == "config" && text.IsDefined()) config(YAML::Load(text.Scalar()), where);
  } else if (kind == "Service") {
    service(root, where);
  } else if (kind == "Pod") {
    pod(root["spec"], where);
  }
}

/// What MetalLB checks over all resources.
void checker::pools_together() {
  std::vector<std::pair<const pool*, bytes_range>> all;
  std::set<std::pair<std::string, std::string>> seen;
  for (const pool& one : pools_) {
    if (!seen.insert({one.name_space, one.name}).second) {
      complain("pool " + one.name, "is there twice");
    }
    for (const std::string& entry : one.entries) {
      const bytes_range range = *parse_entry(entry);
      for (const auto& [other, taken] : all) {
        if (other->name_space == one.name_space && range.overlaps(taken)) {
          complain("pool " + one.name, entry + " overlaps an entry of pool " + other->name);
        }
      }
      all.emplace_back(&one, range);
    }
  }
  for (const pool_user& user : users_) {
    if (!seen.contains({user.name_space, user.pool})) {
      complain("advertisement", "no pool " + user.pool + " in its namespace");
    }
  }
  for (const rolled_up& one : rolled_up_) {
    for (const pool& target : pools_) {
      if (target.name == one.user.pool) aggregation(one.v4, one.v6, target.entries, one.where);
    }
  }
}

void checker::manifests(const std::string& yaml) {
  for (const YAML::Node& root : YAML::LoadAll(yaml)) {
    if (!root.IsNull()) document(root);
  }
  pools_together();
}

void checker::metallb_values(const YAML::Node& root) {
  mapping(root, "values", std::nullopt);
  const YAML::Node inline_config = root["configInline"];
  if (!inline_config.IsDefined()) return complain("values", "no configInline");
  config(inline_config, "configInline");
  pools_together();
}

void checker::ingress_values(const YAML::Node& root) {
  mapping(root, "values", std::nullopt);
  const YAML::Node service = root["controller"]["service"];
  if (!service.IsDefined()) return complain("values", "no controller.service");
  mapping(service, "controller.service", std::nullopt);
  pins(service["annotations"], service["loadBalancerIP"], "controller.service");
}

/// The errors that `run` finds; YAML that does not parse is one.
std::vector<std::string> errors_of(const std::function<void(checker&)>& run) {
  checker check;
  try {
    run(check);
  } catch (const YAML::Exception& error) {
    check.errors.emplace_back(error.what());
  }
  return check.errors;
}

}  // namespace

std::vector<std::string> manifest_errors(const std::string& yaml) {
  return errors_of([&](checker& check) { check.manifests(yaml); });
}

std::vector<std::string> metallb_values_errors(const std::string& yaml) {
  return errors_of([&](checker& check) { check.metallb_values(YAML::Load(yaml)); });
}

std::vector<std::string> ingress_values_errors(const std::string& yaml) {
  return errors_of([&](checker& check) { check.ingress_values(YAML::Load(yaml)); });
}

}  // namespace netscan::testing
