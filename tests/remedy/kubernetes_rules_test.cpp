// The rules that the other tests lean on, against what they must let through and what they must
// not.
#include "kubernetes_rules.hpp"

#include <gtest/gtest.h>

#include <string>

#include "replaced.hpp"

namespace netscan::testing {
namespace {

constexpr std::string_view pool =
    "apiVersion: metallb.io/v1beta1\n"
    "kind: IPAddressPool\n"
    "metadata:\n"
    "  name: a\n"
    "  namespace: metallb-system\n"
    "spec:\n"
    "  addresses:\n"
    "  - 10.0.0.0/24\n"
    "  - 10.0.1.5-10.0.1.20\n"
    "  - \"fd00::/64\"\n"
    "  autoAssign: false\n"
    "  serviceAllocation:\n"
    "    priority: 5\n"
    "    namespaces: [gitlab]\n";
constexpr std::string_view advertisement =
    "---\n"
    "apiVersion: metallb.io/v1beta1\n"
    "kind: BGPAdvertisement\n"
    "metadata: {name: a, namespace: metallb-system}\n"
    "spec:\n"
    "  ipAddressPools: [a]\n"
    "  aggregationLength: 29\n"
    "  aggregationLengthV6: 64\n"
    "  communities: [\"65535:65282\"]\n";
constexpr std::string_view service =
    "apiVersion: v1\n"
    "kind: Service\n"
    "metadata:\n"
    "  name: lb\n"
    "  annotations: {metallb.io/loadBalancerIPs: \"10.0.0.1,fd00::1\"}\n"
    "spec:\n"
    "  type: LoadBalancer\n"
    "  selector: {app: x}\n"
    "  ports: [{name: http, port: 80}, {name: https, port: 443}]\n";
constexpr std::string_view config_map =
    "apiVersion: v1\n"
    "kind: ConfigMap\n"
    "metadata: {name: config, namespace: metallb-system}\n"
    "data:\n"
    "  config: |\n"
    "    peers: [{peer-address: 10.0.0.1}]\n"
    "    address-pools:\n"
    "    - name: a\n"
    "      protocol: bgp\n"
    "      addresses: [10.0.0.0/24]\n"
    "      auto-assign: no\n"
    "      bgp-advertisements: [{aggregation-length: 24, localpref: 100}]\n";

TEST(the_rules, take_what_is_right) {
  EXPECT_EQ(manifest_errors(std::string(pool) + std::string(advertisement)),
            std::vector<std::string>{});
  EXPECT_EQ(manifest_errors(std::string(service)), std::vector<std::string>{});
  EXPECT_EQ(manifest_errors(std::string(config_map)), std::vector<std::string>{});
}

TEST(the_rules, refuse_what_is_wrong) {
  struct wrong {
    std::string_view file;
    std::string_view from;
    std::string_view to;
  };
  const wrong changes[] = {
      {pool, "v1beta1", "v1"},
      {pool, "IPAddressPool", "Pool"},
      {pool, "name: a", "name: A"},
      {pool, "name: a", "name: 1"},
      {pool, "metallb-system", "a.b"},
      {pool, "metallb-system", "1"},
      {pool, "10.0.0.0/24", "10.0.0.0/33"},
      {pool, "10.0.0.0/24", "10.0.0.0"},
      {pool, "10.0.0.0/24", "10.0.0.0/024"},
      {pool, "10.0.1.5-10.0.1.20", "10.0.1.20-10.0.1.5"},
      {pool, "10.0.1.5-10.0.1.20", "10.0.1.5-fd00::1"},
      {pool, "10.0.1.5-10.0.1.20", "10.0.0.255/32"},
      {pool, "\"fd00::/64\"", "fd00::/x"},
      {pool, "autoAssign: false", "autoAssign: \"false\""},
      {pool, "autoAssign: false", "auto-assign: false"},
      {pool, "autoAssign: false", "addresses: [10.9.0.0/24]"},
      {pool, "priority: 5", "priority: high"},
      {pool, "[gitlab]", "[gitlab, gitlab]"},
      {pool, "[gitlab]", "gitlab"},
      {service, "name: lb", "name: 1lb"},
      {service, "10.0.0.1,fd00::1", "10.0.0.1,10.0.0.2"},
      {service, "10.0.0.1,fd00::1", "10.0.0.1/32"},
      {service, "\"10.0.0.1,fd00::1\"", "1"},
      {service, "type: LoadBalancer", "type: LoadBalancer\n  loadBalancerIP: 10.0.0.1"},
      {service, "type: LoadBalancer", "type: Balancer"},
      {service, "{app: x}", "{app: true}"},
      {service, "port: 443", "port: 65536"},
      {service, "name: https", "name: http"},
      {service, "{name: https, ", "{"},
      {config_map, "auto-assign: no", "autoAssign: no"},
      {config_map, "auto-assign: no", "auto-assign: never"},
      {config_map, "protocol: bgp", "protocol: arp"},
      {config_map, "name: a", "title: a"},
      {config_map, "peers:", "peer:"},
      {config_map, "aggregation-length: 24", "aggregation-length: 23"},
      {config_map, "localpref: 100", "localPref: 100"},
      {config_map, "config: |", "config: [|"},
      {config_map, "data:\n  config: |", "data:\n  other: 1\n  config: |"},
  };
  for (const wrong& change : changes) {
    EXPECT_FALSE(manifest_errors(replaced(change.file, change.from, change.to)).empty())
        << change.from << " -> " << change.to;
  }
}

TEST(the_rules, look_at_all_resources_together) {
  const std::string both = std::string(pool) + std::string(advertisement);
  for (const auto& [from, to] : {std::pair{"ipAddressPools: [a]", "ipAddressPools: [b]"},
                                 {"aggregationLength: 29", "aggregationLength: 23"},
                                 {"aggregationLengthV6: 64", "aggregationLengthV6: 63"},
                                 {"aggregationLength: 29", "aggregationLength: 0"},
                                 {"communities: [\"65535:65282\"]", "communities: [a, a]"}}) {
    EXPECT_FALSE(manifest_errors(replaced(both, from, to)).empty()) << to;
  }
  const std::string twin = std::string(pool) + "---\n" + std::string(pool);
  EXPECT_FALSE(manifest_errors(twin).empty());
  EXPECT_FALSE(manifest_errors(replaced(twin, "name: a", "name: b")).empty());
}

TEST(the_rules, find_the_widest_block_of_a_range) {
  // 10.0.1.5-10.0.1.20 is .5, .6/31, .8/29, .16/30, .20: the widest is a /29.
  const std::string both = std::string(pool) + std::string(advertisement);
  const std::string only_range = replaced(both, "  - 10.0.0.0/24\n", "");
  EXPECT_EQ(manifest_errors(only_range), std::vector<std::string>{});
  EXPECT_FALSE(
      manifest_errors(replaced(only_range, "aggregationLength: 29", "aggregationLength: 28"))
          .empty());
}

TEST(the_rules, for_helm_values) {
  EXPECT_EQ(metallb_values_errors("configInline:\n  address-pools:\n   - name: a\n     protocol: "
                                  "layer2\n     addresses:\n     - 10.0.0.1/32\n"),
            std::vector<std::string>{});
  EXPECT_FALSE(metallb_values_errors("configInline: {address-pools: [{name: a}]}").empty());
  EXPECT_FALSE(metallb_values_errors("config: {}").empty());
  EXPECT_EQ(
      ingress_values_errors("controller: {service: {annotations: {metallb.io/loadBalancerIPs: "
                            "10.0.0.1}, loadBalancerIP: \"\"}}"),
      std::vector<std::string>{});
  EXPECT_FALSE(ingress_values_errors("controller: {service: {annotations: "
                                     "{metallb.io/loadBalancerIPs: 10.0.0.1}, loadBalancerIP: "
                                     "10.0.0.1}}")
                   .empty());
}

}  // namespace
}  // namespace netscan::testing
