#include "netscan/remedy/metallb_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "kubernetes_rules.hpp"
#include "lab_candidates.hpp"
#include "netscan/target/status.hpp"
#include "replaced.hpp"

namespace netscan {
namespace {

using testing::ip;
using testing::lan;
using testing::manifest_errors;
using testing::metallb_values_errors;
using testing::open_candidates;
using testing::replaced;
using testing::scan_of;
using testing::seen;

candidate_list two() {
  return open_candidates({lan(232), lan(249)});
}

std::vector<std::string> drift(std::string_view file, const pool_options& options = {}) {
  return pool_drift(file, two(), options).value();
}

/// The file after the merge, or what is wrong.
std::string merge(std::string_view file, const pool_options& options = {},
                  const candidate_list& list = two()) {
  const auto merged = merge_pool(file, list, options);
  return merged.ok() ? *merged : "error: " + std::string(message_of(merged.status()));
}

/// What a merge adds to a file, as lines: it has all of the file's bytes around it.
std::string added(std::string_view file, const std::string& merged) {
  const auto front = std::mismatch(file.begin(), file.end(), merged.begin(), merged.end());
  auto head = static_cast<std::size_t>(front.first - file.begin());
  std::size_t tail = 0;
  while (tail < file.size() - head &&
         file[file.size() - 1 - tail] == merged[merged.size() - 1 - tail]) {
    ++tail;
  }
  EXPECT_EQ(head + tail, file.size()) << "more than an insertion:\n" << merged;
  std::string text = merged.substr(head, merged.size() - head - tail);
  // Where it begins as what follows does, it could as well stand a few bytes earlier.
  while (head > 0 && file[head - 1] != '\n' && text.ends_with(file[head - 1])) {
    text.insert(text.begin(), text.back());
    text.pop_back();
    --head;
  }
  return text;
}

constexpr std::string_view why =
    "# 80,443: syn-ack; passed, and somebody answers there; in use: it must be yours, or MetalLB "
    "will fight over it\n";

// --- files as they are found ---

constexpr std::string_view resources =
    "# MetalLB of the office\n"
    "apiVersion: metallb.io/v1beta1\n"
    "kind: IPAddressPool\n"
    "metadata:\n"
    "  name: default\n"
    "  namespace: metallb-system\n"
    "spec:\n"
    "  addresses:\n"
    "  - 10.0.0.216/32 # the old one\n"
    "---\n"
    "apiVersion: metallb.io/v1beta1\n"
    "kind: IPAddressPool\n"
    "metadata: {name: office, namespace: metallb-system}\n"
    "spec: {addresses: [10.0.1.0/24, 10.0.2.1-10.0.2.9], autoAssign: false, avoidBuggyIPs: true}\n"
    "---\n"
    "apiVersion: metallb.io/v1beta1\n"
    "kind: L2Advertisement\n"
    "metadata: {name: all, namespace: metallb-system}\n"
    "---\n"
    "apiVersion: metallb.io/v1beta2\n"
    "kind: BGPPeer\n"
    "metadata: {name: r1, namespace: metallb-system}\n"
    "spec: {myASN: 64500, peerASN: 64501, peerAddress: 10.0.0.1, password: s3cret}\n";

constexpr std::string_view config_map =
    "apiVersion: v1\n"
    "kind: ConfigMap\n"
    "metadata:\n"
    "  namespace: metallb-system\n"
    "  name: config\n"
    "data:\n"
    "  config: |\n"
    "    peers:\n"
    "    - peer-address: 10.0.0.1\n"
    "      peer-asn: 64501\n"
    "      my-asn: 64500\n"
    "\n"
    "    address-pools:\n"
    "      - name: default\n"
    "        protocol: layer2\n"
    "        addresses:\n"
    "          - 10.0.0.216/32\n"
    "      # for guests\n"
    "      - name: guests\n"
    "        protocol: bgp\n"
    "        addresses: [\"10.0.1.0/24\"]\n"
    "        auto-assign: false\n"
    "        bgp-advertisements:\n"
    "        - aggregation-length: 28\n"
    "          communities: [no-adv]\n"
    "    bgp-communities: {no-adv: 65535:65282}\n";

constexpr std::string_view values =
    "controller:\n"
    "  image: {tag: v0.10.2}\n"
    "configInline:\n"
    "  address-pools:\n"
    "   - name: default\n"
    "     protocol: layer2\n"
    "     addresses:\n"
    "     - 10.0.0.216/32\n"
    "prometheus: {}\n";

pool_options as(pool_format format, pool_options options = {}) {
  options.format = format;
  return options;
}

// --- reading ---

TEST(pools, are_read_from_resources) {
  const existing_pools read = read_pools(resources).value();
  EXPECT_EQ(read.format, pool_format::crd);
  const existing_pool first{.name = "default",
                            .name_space = "metallb-system",
                            .addresses = {{"10.0.0.216/32", {lan(216), lan(216)}, 9}},
                            .layer2 = true,
                            .allocation = "",
                            .bgp_advertisements = {},
                            .line = 2};
  const existing_pool second{
      .name = "office",
      .name_space = "metallb-system",
      .addresses = {{"10.0.1.0/24", {ip("10.0.1.0"), ip("10.0.1.255")}, 14},
                    {"10.0.2.1-10.0.2.9", {ip("10.0.2.1"), ip("10.0.2.9")}, 14}},
      .layer2 = true,
      .auto_assign = false,
      .avoid_buggy_ips = true,
      .allocation = "",
      .bgp_advertisements = {},
      .line = 11};
  EXPECT_EQ(read.pools, (std::vector<existing_pool>{first, second}));
}

TEST(pools, are_read_from_a_configmap_with_the_lines_of_the_file) {
  const existing_pools read = read_pools(config_map).value();
  EXPECT_EQ(read.format, pool_format::configmap);
  const existing_pool first{.name = "default",
                            .name_space = "metallb-system",
                            .addresses = {{"10.0.0.216/32", {lan(216), lan(216)}, 17}},
                            .layer2 = true,
                            .allocation = "",
                            .bgp_advertisements = {},
                            .line = 14};
  const existing_pool second{
      .name = "guests",
      .name_space = "metallb-system",
      .addresses = {{"10.0.1.0/24", {ip("10.0.1.0"), ip("10.0.1.255")}, 21}},
      .bgp = true,
      .auto_assign = false,
      .allocation = "",
      .bgp_advertisements = {"{aggregationLength: 28, communities: [no-adv]}"},
      .line = 19};
  EXPECT_EQ(read.pools, (std::vector<existing_pool>{first, second}));
}

TEST(pools, are_read_from_helm_values) {
  const existing_pools read = read_pools(values).value();
  EXPECT_EQ(read.format, pool_format::helm_values);
  ASSERT_EQ(read.pools.size(), 1u);
  EXPECT_EQ(read.pools[0].name_space, "");
  EXPECT_EQ(read.pools[0].addresses[0].line, 8u);
}

TEST(pools, that_netscan_writes_are_read_back) {
  const bgp_options bgp{
      .aggregation_length = 31, .local_pref = 200, .communities = {"65535:65282"}};
  for (const auto format : {pool_format::crd, pool_format::configmap, pool_format::helm_values}) {
    const pool_options options{.format = format,
                               .name = "true",
                               .protocol = pool_protocol::bgp,
                               .auto_assign = false,
                               .avoid_buggy_ips = true,
                               .aggregate = pool_aggregate::cidr,
                               .bgp = bgp};
    const existing_pool pool =
        read_pools(metallb_pool(open_candidates({lan(240), lan(241)}), options).value())
            .value()
            .pools.at(0);
    EXPECT_EQ(pool.name, "true");
    EXPECT_EQ(pool.name_space, format == pool_format::helm_values ? "" : "metallb-system");
    EXPECT_EQ(pool.addresses.size(), 1u);
    EXPECT_TRUE(pool.bgp);
    EXPECT_FALSE(pool.layer2);
    EXPECT_FALSE(pool.auto_assign);
    EXPECT_TRUE(pool.avoid_buggy_ips);
    EXPECT_EQ(pool.bgp_advertisements,
              std::vector<std::string>{
                  "{aggregationLength: 31, localPref: 200, communities: [65535:65282]}"});
  }
  const pool_options allocated{.allocation = {.namespaces = {"gitlab"}, .priority = 5}};
  EXPECT_EQ(read_pools(metallb_pool(two(), allocated).value()).value().pools.at(0).allocation,
            "{namespaces: [gitlab], priority: 5}");
}

TEST(pools, are_read_from_what_kubectl_prints) {
  const existing_pools read =
      read_pools(
          "apiVersion: v1\nitems:\n- apiVersion: metallb.io/v1beta1\n  kind: IPAddressPool\n"
          "  metadata:\n    annotations: {a: b}\n    name: default\n    namespace: metallb\n"
          "    uid: 1234\n  spec:\n    addresses:\n    - 10.0.0.216/32\n"
          "- apiVersion: metallb.io/v1beta1\n  kind: L2Advertisement\n  metadata: {name: x, "
          "namespace: metallb}\n  spec: {}\nkind: List\nmetadata: {resourceVersion: \"\"}\n")
          .value();
  ASSERT_EQ(read.pools.size(), 1u);
  EXPECT_EQ(read.pools[0].name_space, "metallb");
  EXPECT_TRUE(read.pools[0].layer2);
  EXPECT_EQ(read.pools[0].line, 3u);
}

TEST(pools, of_the_first_kind_that_0_13_had_are_read) {
  const existing_pool pool =
      read_pools(
          "apiVersion: metallb.io/v1beta1\nkind: AddressPool\nmetadata: {name: a}\nspec:\n"
          "  protocol: bgp\n  autoAssign: off\n  addresses: [10.0.0.0/30]\n"
          "  bgpAdvertisements: [{aggregationLength: 30}]\n")
          .value()
          .pools.at(0);
  EXPECT_TRUE(pool.bgp);
  EXPECT_FALSE(pool.auto_assign);
  EXPECT_EQ(pool.bgp_advertisements, std::vector<std::string>{"{aggregationLength: 30}"});
}

TEST(an_advertisement, selects_by_name_label_or_everything_in_its_namespace) {
  const auto announced = [](std::string_view spec, std::string_view name_space = "m") {
    const std::string file =
        "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: {name: a, namespace: m, "
        "labels: {zone: east}}\nspec: {addresses: [10.0.0.0/30]}\n---\n"
        "apiVersion: metallb.io/v1beta1\nkind: L2Advertisement\nmetadata: {name: x, namespace: " +
        std::string(name_space) + "}\n" + std::string(spec);
    return read_pools(file).value().pools.at(0).layer2;
  };
  for (const char* spec :
       {"", "spec: {}\n", "spec: {interfaces: [eth0]}\n", "spec: {ipAddressPools: [b, a]}\n",
        "spec: {ipAddressPools: [], ipAddressPoolSelectors: []}\n",
        "spec: {ipAddressPoolSelectors: [{matchLabels: {zone: west}}, {matchLabels: {zone: "
        "east}}]}\n",
        "spec: {ipAddressPoolSelectors: [{}]}\n",
        "spec: {ipAddressPoolSelectors: [{matchExpressions: [{key: zone, operator: In, values: "
        "[east]}]}]}\n",
        "spec: {ipAddressPoolSelectors: [{matchExpressions: [{key: rack, operator: "
        "DoesNotExist}]}]}\n",
        "spec: {ipAddressPoolSelectors: [{matchExpressions: [{key: zone, operator: NotIn, values: "
        "[west]}, "
        "{key: zone, operator: Exists}]}]}\n"}) {
    EXPECT_TRUE(announced(spec)) << spec;
  }
  for (const char* spec :
       {"spec: {ipAddressPools: [b]}\n",
        "spec: {ipAddressPoolSelectors: [{matchLabels: {zone: west}}]}\n",
        "spec: {ipAddressPoolSelectors: [{matchLabels: {zone: east, rack: 1}}]}\n",
        "spec: {ipAddressPoolSelectors: [{matchExpressions: [{key: zone, operator: NotIn, values: "
        "[east]}]}]}\n",
        "spec: {ipAddressPoolSelectors: [{matchExpressions: [{key: rack, operator: "
        "Exists}]}]}\n"}) {
    EXPECT_FALSE(announced(spec)) << spec;
  }
  EXPECT_FALSE(announced("", "other"));
}

struct refused {
  std::string file;
  const char* message;
};

TEST(a_file, that_metallb_would_not_take_is_refused_with_the_place) {
  const refused files[] = {
      {"", "no MetalLB configuration: the file is empty"},
      {"a: b\n",
       "line 1, column 1: no MetalLB configuration: neither resources with a kind, nor helm values "
       "with configInline"},
      {"a: b: c\n", "line 1, column 5: no valid YAML: illegal map value"},
      {replaced(config_map, "protocol: layer2", "protocol: arp"),
       "line 15, column 19: the pool's protocol is neither layer2 nor bgp"},
      {replaced(config_map, "protocol: layer2", "protocols: layer2"),
       "line 15, column 9: the pool has a key 'protocols' that MetalLB does not know: it refuses "
       "all of it"},
      {replaced(config_map, "    peers:", "    peer:"),
       "line 8, column 5: the configuration has a key 'peer' that MetalLB does not know: it "
       "refuses all of it"},
      {replaced(config_map, "communities: [no-adv]", "community: no-adv"),
       "line 25, column 11: the BGP advertisement has a key 'community' that MetalLB does not "
       "know: it refuses all of it"},
      {replaced(config_map, "auto-assign: false", "auto-assign: \"false\""),
       "line 22, column 22: auto-assign is neither true nor false"},
      {replaced(config_map, "- name: default", "- nam: default"),
       "line 14, column 9: the pool has a key 'nam' that MetalLB does not know: it refuses all of "
       "it"},
      {replaced(config_map, "10.0.0.216/32", "10.0.0.216"),
       "line 17, column 13: '10.0.0.216' is not a CIDR block: it has no '/', as in 10.0.0.0/24"},
      {replaced(config_map, "10.0.0.216/32", "10.0.1.7/32"),
       "line 21: 10.0.1.0/24 of pool guests overlaps 10.0.1.7/32 of pool default (line 17): "
       "MetalLB refuses that"},
      {replaced(config_map, "name: guests", "name: default"),
       "line 19: a second pool named default; the first is in line 14"},
      {replaced(config_map, "        protocol: bgp", "        protocol: b: c"),
       "line 7, column 11: in the text there, line 13, column 16: no valid YAML: illegal map "
       "value"},
      {replaced(resources, "  - 10.0.0.216/32 # the old one\n", "  []\n"),
       "line 9, column 3: the pool has no addresses"},
      {replaced(resources, "  - 10.0.0.216/32 # the old one\n", ""),
       "line 8, column 3: the pool has no addresses"},
      {replaced(resources, "- 10.0.0.216/32", "- 10.0.0.9-10.0.0.1"),
       "line 9, column 5: '10.0.0.9-10.0.0.1' is not an address range: it ends before it starts"},
      {replaced(resources, "  name: default\n", ""), "line 5, column 3: the resource has no name"},
      {std::string(resources) + "---\n" + std::string(config_map),
       "line 2, column 1: a metallb.io resource, in one file with a ConfigMap for MetalLB (line "
       "25): no version reads both"},
      {std::string(config_map) + "---\n" + std::string(config_map),
       "line 28, column 1: a second ConfigMap for MetalLB; the first is in line 1"},
      {"configInline: []\n", "line 1, column 15: configInline is no mapping"},
      {"configInline: {address-pools: {}}\n", "line 1, column 31: address-pools is no list"},
      {"configInline: {address-pools: [a]}\n",
       "line 1, column 32: address-pools has an item that is no mapping"},
      {replaced(resources, "- 10.0.0.216/32", "- [10.0.0.216/32]"),
       "line 9, column 5: an address that is no text"},
  };
  for (const refused& one : files) {
    EXPECT_EQ(message_of(read_pools(one.file).status()), one.message);
  }
}

// --- comparing ---

TEST(a_pool_that_is_as_asked_for, has_no_drift) {
  for (const auto format : {pool_format::crd, pool_format::configmap, pool_format::helm_values}) {
    for (const auto protocol : {pool_protocol::layer2, pool_protocol::bgp}) {
      const pool_options options{.format = format, .protocol = protocol, .avoid_buggy_ips = true};
      const std::string written = metallb_pool(two(), options).value();
      EXPECT_EQ(pool_drift(written, two(), options).value(), std::vector<std::string>{});
      // In whatever format, order and notation.
      const pool_options other{
          .protocol = protocol, .avoid_buggy_ips = true, .aggregate = pool_aggregate::range};
      EXPECT_EQ(pool_drift(written, open_candidates({lan(249), lan(232)}), other).value(),
                std::vector<std::string>{});
    }
  }
}

TEST(the_drift, of_addresses_names_what_is_missing_and_what_is_extra) {
  const std::vector<std::string> expected = {"10.0.0.232 is missing", "10.0.0.249 is missing"};
  for (const auto& [file, line] : {std::pair{resources, 9}, {config_map, 17}, {values, 8}}) {
    std::vector<std::string> all = expected;
    all.push_back("10.0.0.216/32 is extra (line " + std::to_string(line) + ")");
    EXPECT_EQ(drift(file), all);
  }
  EXPECT_EQ(
      drift(replaced(values, "10.0.0.216/32", "10.0.0.232-10.0.0.249")),
      std::vector<std::string>{"10.0.0.233-10.0.0.248 of 10.0.0.232-10.0.0.249 is extra (line 8)"});
}

TEST(the_drift, names_every_setting_that_differs) {
  const std::string file =
      "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: {name: default}\nspec:\n"
      "  addresses: [10.0.0.232/32, 10.0.0.249/32]\n  autoAssign: false\n  avoidBuggyIPs: true\n"
      "  serviceAllocation: {priority: 5, namespaces: [a], serviceSelectors: []}\n";
  EXPECT_EQ(drift(file),
            (std::vector<std::string>{
                "no L2Advertisement selects pool default (line 1): its addresses are assigned, and "
                "never announced",
                "pool default (line 1) has auto-assign false, true is asked for",
                "pool default (line 1) has avoid-buggy-ips true, false is asked for",
                "pool default (line 1) has serviceAllocation {namespaces: [a], priority: 5}, none "
                "is asked for"}));
  const std::string bgp =
      file +
      "---\napiVersion: metallb.io/v1beta1\nkind: BGPAdvertisement\nmetadata: {name: x}\n"
      "spec: {aggregationLength: 28}\n";
  const auto has = [&](const std::vector<std::string>& all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  EXPECT_TRUE(has(drift(bgp), "pool default (line 1) is announced by bgp, layer2 is asked for"));
  EXPECT_TRUE(has(drift(bgp, {.protocol = pool_protocol::bgp}),
                  "pool default (line 1) is advertised with {aggregationLength: 28}, {} is asked "
                  "for"));
}

TEST(the_drift, names_pools_that_are_missing_or_in_the_way) {
  EXPECT_EQ(drift(values, {.name = "other"}),
            std::vector<std::string>{"no pool other, only default"});
  EXPECT_EQ(drift("configInline:\n"), std::vector<std::string>{"no pool default, and no other"});
  EXPECT_EQ(drift(replaced(values, "10.0.0.216/32", "10.0.0.240/28"), {.name = "other"}),
            (std::vector<std::string>{
                "no pool other, only default",
                "10.0.0.249 of pool other is in pool default too (10.0.0.240/28, line 8): MetalLB "
                "refuses that"}));
  EXPECT_EQ(drift(resources, {.name_space = "metallb"}),
            std::vector<std::string>{
                "pool default is in namespace metallb-system (line 2), metallb is asked for"});
}

// --- merging ---

/// The two entries, explained, as lines at this column.
std::string entries(std::size_t column) {
  const std::string indent(column, ' ');
  return indent + std::string(why) + indent + "- 10.0.0.232/32\n" + indent + std::string(why) +
         indent + "- 10.0.0.249/32\n";
}

constexpr std::string_view origin =
    "# MetalLB pool new: 2 addresses, --select open on ports 80,443\n"
    "# client scan from pc, 2026-01-05T10:00:00.123Z, netscan 0.1.0\n";

/// A pool named new as an item of a list at this column.
std::string item(std::size_t column) {
  const std::string indent(column, ' ');
  const std::size_t second = origin.find('\n') + 1;
  return indent + std::string(origin.substr(0, second)) + indent +
         std::string(origin.substr(second)) + indent + "- name: new\n" + indent +
         "  protocol: layer2\n" + indent + "  addresses:\n" + entries(column + 2);
}

std::string metadata() {
  return "metadata:\n  name: new\n  namespace: metallb-system\n";
}

std::string pool_document() {
  return "---\n" + std::string(origin) + "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\n" +
         metadata() + "spec:\n  addresses:\n" + entries(2);
}

std::string advertisement_document() {
  return "---\napiVersion: metallb.io/v1beta1\nkind: L2Advertisement\n" + metadata() +
         "spec:\n  ipAddressPools:\n  - new\n";
}

TEST(a_merge, adds_the_missing_addresses_behind_those_of_the_pool) {
  EXPECT_EQ(added(resources, merge(resources)), entries(2));
  EXPECT_EQ(added(config_map, merge(config_map, as(pool_format::configmap))), entries(10));
  EXPECT_EQ(added(values, merge(values, as(pool_format::helm_values))), entries(5));
}

TEST(a_merge, adds_a_pool_behind_the_others) {
  EXPECT_EQ(added(config_map, merge(config_map, as(pool_format::configmap, {.name = "new"}))),
            item(6));
  EXPECT_EQ(added(values, merge(values, as(pool_format::helm_values, {.name = "new"}))), item(3));
  // The advertisement that is there selects every pool.
  EXPECT_EQ(added(resources, merge(resources, {.name = "new"})), pool_document());
}

TEST(a_merge, adds_an_advertisement_where_none_selects_the_pool) {
  const std::string file = replaced(resources, "kind: L2Advertisement\nmetadata: {name: all, ",
                                    "kind: L2Advertisement\nspec: {ipAddressPools: [office]}\n"
                                    "metadata: {name: all, ");
  EXPECT_EQ(added(file, merge(file, {.name = "new"})), pool_document() + advertisement_document());
  const std::string merged = merge(file);
  EXPECT_NE(merged.find(entries(2)), merged.npos);
  EXPECT_TRUE(merged.ends_with("  ipAddressPools:\n  - default\n"));
}

TEST(a_merge, adds_the_pool_to_the_advertisement_of_its_name) {
  const auto with_list = [](std::string_view list) {
    return "apiVersion: metallb.io/v1beta1\nkind: L2Advertisement\nmetadata:\n  name: new\nspec:\n"
           "  ipAddressPools" +
           std::string(list) + "\n  interfaces: [eth0]\n";
  };
  EXPECT_EQ(merge(with_list(": ['a'] # ours"), {.name = "new"}),
            with_list(": ['a', 'new'] # ours") + pool_document());
  EXPECT_EQ(merge(with_list(":\n  - a"), {.name = "new"}),
            with_list(":\n  - a\n  - new") + pool_document());
}

TEST(a_merge, writes_entries_as_the_list_is_written) {
  const auto with_list = [](std::string_view list) {
    return "configInline:\n  address-pools:\n  - name: default\n    protocol: layer2\n"
           "    addresses:" +
           std::string(list) + "\n    auto-assign: true\n";
  };
  const auto merged = [&](std::string_view list) {
    return merge(with_list(list), as(pool_format::helm_values));
  };
  EXPECT_EQ(merged(" [10.0.0.216/32] # old"),
            with_list(" [10.0.0.216/32, 10.0.0.232/32, 10.0.0.249/32] # old"));
  EXPECT_EQ(merged(" [ \"10.0.0.216/32\" ]"),
            with_list(" [ \"10.0.0.216/32\", \"10.0.0.232/32\", \"10.0.0.249/32\" ]"));
  EXPECT_EQ(merged(" [\n      '10.0.0.216/32', # old\n    ]"),
            with_list(" [\n      '10.0.0.216/32', # old\n      '10.0.0.232/32',\n"
                      "      '10.0.0.249/32',\n    ]"));
  EXPECT_EQ(
      merge(with_list("\n    - 10.0.0.200-10.0.0.240"), as(pool_format::helm_values)),
      with_list("\n    - 10.0.0.200-10.0.0.240\n    " + std::string(why) + "    - 10.0.0.249/32"));
}

TEST(a_merge, fills_a_configuration_that_has_no_pools) {
  const pool_options options = as(pool_format::helm_values, {.name = "new"});
  EXPECT_EQ(merge("a: b\nconfigInline: {} # none\nc: d", options),
            "a: b\nconfigInline: # none\n  address-pools:\n" + item(2) + "c: d");
  EXPECT_EQ(merge("configInline:\n", options), "configInline:\n  address-pools:\n" + item(2));
  EXPECT_EQ(merge("configInline:\n  address-pools: []\n", options),
            "configInline:\n  address-pools:\n" + item(4));
  EXPECT_EQ(merge("configInline:\n    peers: []\na: b\n", options),
            "configInline:\n    peers: []\n    address-pools:\n" + item(4) + "a: b\n");
}

TEST(a_merge, keeps_line_ends_and_the_missing_last_one) {
  const auto with_cr = [](std::string text) {
    for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; at += 2)
      text.insert(at, 1, '\r');
    return text;
  };
  EXPECT_EQ(merge(with_cr(std::string(resources)), {.name = "new"}),
            with_cr(merge(resources, {.name = "new"})));
  const pool_options in_map = as(pool_format::configmap, {.name = "new"});
  EXPECT_EQ(merge(with_cr(std::string(config_map)), in_map), with_cr(merge(config_map, in_map)));
  const std::string cut(resources.substr(0, resources.size() - 1));
  EXPECT_EQ(added(cut, merge(cut, {.name = "new"})),
            "\n" + pool_document().substr(0, pool_document().size() - 1));
}

TEST(a_merge, changes_nothing_the_second_time_and_leaves_no_drift_but_what_is_extra) {
  struct one {
    std::string_view file;
    pool_options options;
  };
  const one all[] = {
      {resources, {}},
      {resources, {.name = "new"}},
      {resources, {.name = "new", .name_space = "metallb"}},
      {resources, {.name = "new", .aggregate = pool_aggregate::range}},
      {config_map, as(pool_format::configmap)},
      {config_map, as(pool_format::configmap, {.name = "new"})},
      {config_map, as(pool_format::configmap, {.name = "new", .protocol = pool_protocol::bgp})},
      {values, as(pool_format::helm_values)},
      {values, as(pool_format::helm_values, {.name = "new", .auto_assign = false})}};
  for (const one& it : all) {
    const std::string merged = merge(it.file, it.options);
    EXPECT_EQ(merge(merged, it.options), merged);
    const std::vector<std::string> clauses = pool_drift(merged, two(), it.options).value();
    for (const std::string& clause : clauses) {
      EXPECT_NE(clause.find(" is extra "), clause.npos) << clause << "\n" << merged;
    }
    const auto errors =
        it.options.format == pool_format::helm_values ? metallb_values_errors : manifest_errors;
    EXPECT_EQ(errors(merged), errors(std::string(it.file)));
  }
}

TEST(a_merge, is_refused_where_it_would_not_hold) {
  const auto error = [](std::string_view file, const pool_options& options = {}) {
    return merge(file, options);
  };
  EXPECT_EQ(error(values), "error: the file is of the format helm-values, not crd");
  EXPECT_EQ(error(replaced(resources, "10.0.1.0/24", "10.0.0.240/28")),
            "error: 10.0.0.249 of pool default is in pool office too (10.0.0.240/28, line 14): "
            "MetalLB refuses that");
  EXPECT_EQ(error(resources, {.auto_assign = false}),
            "error: cannot merge: pool default (line 2) has auto-assign true, false is asked for");
  EXPECT_EQ(error(resources, {.protocol = pool_protocol::bgp}),
            "error: cannot merge: pool default (line 2) is announced by layer2, bgp is asked for");
  EXPECT_EQ(error("a: &a [10.0.0.216/32]\nconfigInline:\n  address-pools:\n  - {name: default, "
                  "protocol: layer2, addresses: *a}\n",
                  as(pool_format::helm_values)),
            "error: line 4, column 50: the list of addresses of pool default is an alias of what "
            "stands in line 1: change it there");
  EXPECT_EQ(
      error("configInline:\n  address-pools:\n  - &p\n    name: default\n    protocol: "
            "layer2\n    addresses: [10.0.0.216/32]\nother: *p\n",
            as(pool_format::helm_values)),
      "error: line 3, column 5: the list of addresses of pool default has an anchor that line "
      "7 uses, so a change here would change that too");
  EXPECT_EQ(error("configInline: {address-pools: [{name: old, protocol: layer2, addresses: "
                  "[10.9.0.0/24]}]}\n",
                  as(pool_format::helm_values)),
            "error: line 1, column 31: a pool cannot be added to this safely: do it by hand");
  EXPECT_EQ(
      error("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata: {config: "
            "'address-pools: [{name: default, protocol: layer2, addresses: [10.0.0.216/32]}]'}\n",
            as(pool_format::configmap)),
      "error: pool default cannot be added to this file safely (the text is no | block): do it "
      "by hand");
  EXPECT_EQ(
      error(resources, {.name = "new", .protocol = pool_protocol::bgp}),
      "error: cannot merge: in the merged file pool new (line 27) is announced by layer2, bgp "
      "is asked for");
}

TEST(a_merge, of_no_addresses_says_how_to_get_some) {
  const std::vector<scan_results> clients = {
      scan_of("pc", {seen(lan(7), 80, probe_reason::no_response)})};
  const candidate_list none = find_candidates(clients, {}, {}).value();
  EXPECT_EQ(merge_pool(resources, none, {}).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(pool_drift(resources, none, {}).status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace netscan
