#include "netscan/remedy/metallb.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "lab_candidates.hpp"
#include "netscan/target/address_set.hpp"
#include "netscan/target/status.hpp"

namespace netscan {
namespace {

using testing::ip;
using testing::lab_pc;
using testing::lan;
using testing::open_candidates;
using testing::scan_of;
using testing::seen;

candidate_list lab(candidate_selection selection = candidate_selection::open) {
  return testing::lab_candidates({.selection = selection});
}

std::string pool(const candidate_list& list, const pool_options& options = {}) {
  return metallb_pool(list, options).value();
}

std::string without_comments(const std::string& yaml) {
  std::istringstream in(yaml);
  std::string out;
  for (std::string line; std::getline(in, line);) {
    const std::size_t text = line.find_first_not_of(' ');
    if (text == line.npos || line[text] != '#') out += line + '\n';
  }
  return out;
}

// --- what is written, to the letter ---

TEST(helm_values, of_the_lab_are_what_was_written_by_hand) {
  EXPECT_EQ(without_comments(pool(lab(), {.format = pool_format::helm_values})),
            "configInline:\n"
            "  address-pools:\n"
            "   - name: default\n"
            "     protocol: layer2\n"
            "     addresses:\n"
            "     - 10.0.0.232/32\n"
            "     - 10.0.0.249/32\n");
}

TEST(crds, of_the_lab_are_a_pool_and_its_advertisement) {
  EXPECT_EQ(without_comments(pool(lab())),
            "apiVersion: metallb.io/v1beta1\n"
            "kind: IPAddressPool\n"
            "metadata:\n"
            "  name: default\n"
            "  namespace: metallb-system\n"
            "spec:\n"
            "  addresses:\n"
            "  - 10.0.0.232/32\n"
            "  - 10.0.0.249/32\n"
            "---\n"
            "apiVersion: metallb.io/v1beta1\n"
            "kind: L2Advertisement\n"
            "metadata:\n"
            "  name: default\n"
            "  namespace: metallb-system\n"
            "spec:\n"
            "  ipAddressPools:\n"
            "  - default\n");
}

TEST(a_configmap, of_the_lab_holds_the_configuration_as_text) {
  const YAML::Node map = YAML::Load(pool(lab(), {.format = pool_format::configmap}));
  EXPECT_EQ(without_comments(map["data"]["config"].as<std::string>()),
            "address-pools:\n"
            "- name: default\n"
            "  protocol: layer2\n"
            "  addresses:\n"
            "  - 10.0.0.232/32\n"
            "  - 10.0.0.249/32\n");
}

TEST(the_comments, say_what_made_the_pool_and_why_each_entry_is_there) {
  const std::string yaml = pool(lab());
  EXPECT_EQ(yaml.substr(0, yaml.find("apiVersion")),
            "# MetalLB pool default: 2 addresses, --select open on ports 80,443\n"
            "# client scan from pc, 2026-01-05T10:00:00.123Z, netscan 0.1.0\n"
            "# owner scan from node, 2026-01-05T10:00:00.123Z, netscan 0.1.0\n");
  EXPECT_NE(
      yaml.find("  # 80,443: syn-ack; passed, and somebody answers there; in use: somebody "
                "answers on its link too (node 80,443: syn-ack); it must be yours, or MetalLB "
                "will fight over it\n  - 10.0.0.232/32\n"),
      yaml.npos)
      << yaml;
}

TEST(the_comments, of_an_aggregated_entry_count_its_addresses) {
  const std::string yaml =
      pool(lab(candidate_selection::free), {.aggregate = pool_aggregate::cidr});
  EXPECT_NE(yaml.find("  # 2 addresses, each: 80,443: host-unreach from 192.168.77.1;"), yaml.npos)
      << yaml;
  EXPECT_NE(yaml.find("  - 10.0.0.240/31\n"), yaml.npos);
}

TEST(the_comments, of_an_aggregated_entry_have_each_explanation_once) {
  const std::vector<scan_results> clients = {scan_of(
      "pc",
      {seen(lan(4), 80, probe_reason::syn_ack), seen(lan(4), 443, probe_reason::syn_ack),
       seen(lan(5), 80, probe_reason::conn_refused), seen(lan(5), 443, probe_reason::conn_refused),
       seen(lan(6), 80, probe_reason::syn_ack), seen(lan(6), 443, probe_reason::syn_ack)})};
  const candidate_list list =
      find_candidates(clients, {}, {.selection = candidate_selection::passable}).value();
  const std::string yaml = pool(list, {.aggregate = pool_aggregate::range});
  EXPECT_NE(yaml.find("  # 3 addresses:\n  #   2 of them: 80,443: syn-ack;"), yaml.npos) << yaml;
  EXPECT_NE(yaml.find("  #   1 of them: 80,443: conn-refused;"), yaml.npos) << yaml;
}

TEST(the_comments, cannot_be_left_by_a_vantage_name) {
  std::vector<scan_results> clients = {lab_pc(), lab_pc()};
  clients[1].header.vantage = "x\nkind: Secret\n#";
  const candidate_list list = find_candidates(clients, {}, {}).value();
  for (const pool_format format :
       {pool_format::crd, pool_format::configmap, pool_format::helm_values}) {
    EXPECT_EQ(without_comments(pool(list, {.format = format})),
              without_comments(pool(lab(), {.format = format})));
  }
}

TEST(the_order, of_the_choice_is_kept_as_metallb_gives_out_the_first_entry_first) {
  const std::string yaml = pool(open_candidates({lan(9), lan(3)}));
  EXPECT_LT(yaml.find("- 10.0.0.9/32"), yaml.find("- 10.0.0.3/32"));
}

TEST(defaults, are_not_written_and_what_differs_is) {
  for (const pool_format format :
       {pool_format::crd, pool_format::configmap, pool_format::helm_values}) {
    const bool crd = format == pool_format::crd;
    const std::string plain = pool(lab(), {.format = format});
    EXPECT_EQ(plain.find(crd ? "autoAssign" : "auto-assign"), plain.npos);
    EXPECT_EQ(plain.find(crd ? "avoidBuggyIPs" : "avoid-buggy-ips"), plain.npos);
    const std::string set =
        pool(lab(), {.format = format, .auto_assign = false, .avoid_buggy_ips = true});
    EXPECT_NE(set.find(crd ? "autoAssign: false" : "auto-assign: false"), set.npos);
    EXPECT_NE(set.find(crd ? "avoidBuggyIPs: true" : "avoid-buggy-ips: true"), set.npos);
  }
}

TEST(a_bgp_pool, has_its_advertisement_in_each_format) {
  const pool_options options{.protocol = pool_protocol::bgp,
                             .aggregate = pool_aggregate::cidr,
                             .bgp = {.aggregation_length = 31,
                                     .aggregation_length_v6 = 64,
                                     .local_pref = 200,
                                     .communities = {"65535:65282", "no-export"},
                                     .peers = {}}};
  const candidate_list list = open_candidates({ip("10.0.0.240"), ip("10.0.0.241")});
  pool_options crd = options;
  crd.bgp.peers = {"tor-1"};
  const std::string yaml = without_comments(pool(list, crd));
  EXPECT_EQ(yaml.substr(yaml.find("---")),
            "---\n"
            "apiVersion: metallb.io/v1beta1\n"
            "kind: BGPAdvertisement\n"
            "metadata:\n"
            "  name: default\n"
            "  namespace: metallb-system\n"
            "spec:\n"
            "  ipAddressPools:\n"
            "  - default\n"
            "  aggregationLength: 31\n"
            "  aggregationLengthV6: 64\n"
            "  localPref: 200\n"
            "  communities:\n"
            "  - \"65535:65282\"\n"
            "  - no-export\n"
            "  peers:\n"
            "  - tor-1\n");
  pool_options values = options;
  values.format = pool_format::helm_values;
  EXPECT_EQ(without_comments(pool(list, values)),
            "configInline:\n"
            "  address-pools:\n"
            "   - name: default\n"
            "     protocol: bgp\n"
            "     addresses:\n"
            "     - 10.0.0.240/31\n"
            "     bgp-advertisements:\n"
            "     - aggregation-length: 31\n"
            "       aggregation-length-v6: 64\n"
            "       localpref: 200\n"
            "       communities:\n"
            "       - \"65535:65282\"\n"
            "       - no-export\n");
}

TEST(an_aggregation_length, must_have_room_for_every_entry) {
  pool_options options{.protocol = pool_protocol::bgp, .bgp = {.aggregation_length = 24}};
  const candidate_list two = open_candidates({ip("10.0.0.240"), ip("10.0.0.241")});
  EXPECT_EQ(message_of(metallb_pool(two, options).status()),
            "aggregation length 24 is shorter than the prefix of the entry 10.0.0.240 (/32): "
            "MetalLB refuses that");
  options.bgp.aggregation_length = 31;
  EXPECT_FALSE(metallb_pool(two, options).ok());
  options.aggregate = pool_aggregate::cidr;
  EXPECT_TRUE(metallb_pool(two, options).ok());
  // Of a range MetalLB looks at the widest block in it.
  options.aggregate = pool_aggregate::range;
  EXPECT_TRUE(metallb_pool(open_candidates({lan(3), lan(4), lan(5)}), options).ok());
  EXPECT_FALSE(metallb_pool(open_candidates({lan(3), lan(4)}), options).ok());
  // The length of the other family does not count.
  EXPECT_TRUE(metallb_pool(open_candidates({ip("fd00::1")}), options).ok());
}

TEST(a_service_allocation, is_written_below_the_pool) {
  const std::string yaml = without_comments(
      pool(lab(), {.allocation = {.namespaces = {"ingress-nginx", "1"}, .priority = 50}}));
  EXPECT_NE(yaml.find("  - 10.0.0.249/32\n"
                      "  serviceAllocation:\n"
                      "    priority: 50\n"
                      "    namespaces:\n"
                      "    - ingress-nginx\n"
                      "    - \"1\"\n"),
            yaml.npos)
      << yaml;
}

TEST(a_version, keeps_what_it_does_not_read_from_being_written) {
  const metallb_version old{.major_number = 0, .minor_number = 10, .patch_number = 2};
  EXPECT_FALSE(metallb_pool(lab(), {.version = old}).ok());
  EXPECT_EQ(pool(lab(), {.format = pool_format::helm_values, .version = old}),
            pool(lab(), {.format = pool_format::helm_values}));
}

TEST(an_address_ending_in_0_or_255, is_marked_when_buggy_ips_are_avoided) {
  const candidate_list list = open_candidates({ip("10.0.1.0"), ip("10.0.1.1")});
  const std::string yaml = pool(list, {.avoid_buggy_ips = true});
  const std::size_t mark = yaml.find("MetalLB never gives it out");
  EXPECT_LT(mark, yaml.find("- 10.0.1.0/32"));
  EXPECT_EQ(yaml.find("MetalLB never gives it out", mark + 1), yaml.npos);
  EXPECT_EQ(pool(list).find("MetalLB never gives it out"), yaml.npos);
}

// --- what MetalLB reads: the rules of KUBERNETES.md, checked on every combination ---

std::set<std::string> keys(const YAML::Node& map) {
  std::set<std::string> result;
  for (const auto& entry : map) {
    EXPECT_TRUE(result.insert(entry.first.as<std::string>()).second) << "key twice";
  }
  return result;
}

bool within(const std::set<std::string>& keys, const std::set<std::string>& allowed) {
  return std::includes(allowed.begin(), allowed.end(), keys.begin(), keys.end());
}

/// MetalLB's ParseCIDR: a CIDR block, or `start-end` with start <= end in one family.
address_range metallb_range(const std::string& text) {
  const bool block = text.find('/') != text.npos;
  const auto range = block ? parse_cidr(text) : parse_address_range(text);
  EXPECT_TRUE(range.ok()) << text;
  return range.value();
}

std::vector<address_range> check_addresses(const YAML::Node& list) {
  EXPECT_TRUE(list.IsSequence());
  EXPECT_GE(list.size(), 1u);
  std::vector<address_range> ranges;
  for (const YAML::Node& item : list) {
    EXPECT_TRUE(item.IsScalar());
    const address_range next = metallb_range(item.as<std::string>());
    for (const address_range& other : ranges) {
      EXPECT_TRUE(next.last < other.first || other.last < next.first) << "overlap";
    }
    ranges.push_back(next);
  }
  return ranges;
}

void check_metadata(const YAML::Node& metadata, const std::string& name,
                    const std::string& name_space) {
  EXPECT_EQ(keys(metadata), (std::set<std::string>{"name", "namespace"}));
  EXPECT_EQ(metadata["name"].as<std::string>(), name);
  EXPECT_EQ(metadata["namespace"].as<std::string>(), name_space);
}

std::vector<address_range> check_crd(const std::string& yaml, const pool_options& options) {
  const std::vector<YAML::Node> documents = YAML::LoadAll(yaml);
  EXPECT_EQ(documents.size(), 2u);
  for (const YAML::Node& document : documents) {
    EXPECT_EQ(keys(document), (std::set<std::string>{"apiVersion", "kind", "metadata", "spec"}));
    EXPECT_EQ(document["apiVersion"].as<std::string>(), "metallb.io/v1beta1");
    check_metadata(document["metadata"], options.name, options.name_space);
  }
  const YAML::Node spec = documents[0]["spec"];
  EXPECT_EQ(documents[0]["kind"].as<std::string>(), "IPAddressPool");
  EXPECT_TRUE(within(keys(spec), {"addresses", "autoAssign", "avoidBuggyIPs"}));
  EXPECT_EQ(spec["autoAssign"].as<bool>(true), options.auto_assign);
  EXPECT_EQ(spec["avoidBuggyIPs"].as<bool>(false), options.avoid_buggy_ips);
  EXPECT_EQ(documents[1]["kind"].as<std::string>(),
            options.protocol == pool_protocol::layer2 ? "L2Advertisement" : "BGPAdvertisement");
  EXPECT_EQ(keys(documents[1]["spec"]), std::set<std::string>{"ipAddressPools"});
  EXPECT_EQ(documents[1]["spec"]["ipAddressPools"].as<std::vector<std::string>>(),
            std::vector<std::string>{options.name});
  return check_addresses(spec["addresses"]);
}

/// The part that ConfigMap and chart have in common; the real parser fails on an unknown key.
std::vector<address_range> check_config(const YAML::Node& config, const pool_options& options) {
  EXPECT_EQ(keys(config), std::set<std::string>{"address-pools"});
  EXPECT_EQ(config["address-pools"].size(), 1u);
  const YAML::Node one = config["address-pools"][0];
  EXPECT_TRUE(
      within(keys(one), {"name", "protocol", "addresses", "auto-assign", "avoid-buggy-ips"}));
  EXPECT_EQ(one["name"].as<std::string>(), options.name);
  EXPECT_EQ(one["protocol"].as<std::string>(),
            options.protocol == pool_protocol::layer2 ? "layer2" : "bgp");
  EXPECT_EQ(one["auto-assign"].as<bool>(true), options.auto_assign);
  EXPECT_EQ(one["avoid-buggy-ips"].as<bool>(false), options.avoid_buggy_ips);
  return check_addresses(one["addresses"]);
}

std::vector<address_range> check(const std::string& yaml, const pool_options& options) {
  if (options.format == pool_format::crd) return check_crd(yaml, options);
  const YAML::Node document = YAML::Load(yaml);
  if (options.format == pool_format::helm_values) {
    EXPECT_EQ(keys(document), std::set<std::string>{"configInline"});
    return check_config(document["configInline"], options);
  }
  EXPECT_EQ(keys(document), (std::set<std::string>{"apiVersion", "kind", "metadata", "data"}));
  EXPECT_EQ(document["apiVersion"].as<std::string>(), "v1");
  EXPECT_EQ(document["kind"].as<std::string>(), "ConfigMap");
  check_metadata(document["metadata"], "config", options.name_space);
  EXPECT_EQ(keys(document["data"]), std::set<std::string>{"config"});
  return check_config(YAML::Load(document["data"]["config"].as<std::string>()), options);
}

TEST(every_pool, is_read_as_metallb_reads_it) {
  const std::vector<ip_address> addresses = {
      ip("10.0.0.240"), ip("10.0.0.241"), ip("10.0.0.242"),    ip("10.0.1.0"),
      ip("::1"),        ip("::2"),        ip("fd00:10::ffff"), ip("fd00:10::1:0")};
  std::vector<address_range> singles;
  for (const ip_address& address : addresses) singles.push_back({address, address});
  const candidate_list list = open_candidates(addresses);
  int combinations = 0;
  for (const auto format : {pool_format::crd, pool_format::configmap, pool_format::helm_values}) {
    for (const auto protocol : {pool_protocol::layer2, pool_protocol::bgp}) {
      for (const auto how : {pool_aggregate::none, pool_aggregate::cidr, pool_aggregate::range}) {
        for (const bool on : {false, true}) {
          for (const char* name : {"default", "true", "1e3", "a.b-2"}) {
            const pool_options options{.format = format,
                                       .name = name,
                                       .name_space = on ? "metallb" : "1",
                                       .protocol = protocol,
                                       .auto_assign = on,
                                       .avoid_buggy_ips = on,
                                       .aggregate = how};
            EXPECT_EQ(address_set::of(check(pool(list, options), options)),
                      address_set::of(singles));
            ++combinations;
          }
        }
      }
    }
  }
  EXPECT_EQ(combinations, 144);
}

TEST(every_pool, is_the_same_for_the_same_scans) {
  EXPECT_EQ(pool(lab()), pool(lab()));
}

// --- errors ---

TEST(a_pool, needs_an_address_and_says_how_to_get_one) {
  const std::vector<scan_results> clients = {scan_of(
      "pc",
      {seen(lan(7), 80, probe_reason::no_response), seen(lan(7), 443, probe_reason::no_response)})};
  const auto yaml = metallb_pool(find_candidates(clients, {}, {}).value(), {});
  EXPECT_EQ(yaml.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(
      message_of(yaml.status()),
      "no address for the pool: none of 1 address is open on 80,443; have the firewall let an "
      "address through, or sweep another subnet");
}

TEST(a_pool, needs_names_that_kubernetes_takes) {
  const auto error = [](const pool_options& options) {
    return std::string(message_of(metallb_pool(lab(), options).status()));
  };
  EXPECT_TRUE(error({.name = "a: b"}).starts_with("bad pool name 'a: b'"));
  EXPECT_TRUE(error({.name_space = "a.b"}).starts_with("bad namespace 'a.b'"));
  EXPECT_EQ(error({.format = pool_format::helm_values, .name_space = "a.b"}), "");
}

TEST(a_pool, refuses_a_list_that_was_not_judged_so) {
  candidate_list list = lab();
  list.chosen = {lan(232), lan(232)};
  EXPECT_EQ(message_of(metallb_pool(list, {}).status()), "10.0.0.232 is chosen twice");
  list.chosen = {lan(60)};
  EXPECT_EQ(message_of(metallb_pool(list, {}).status()),
            "10.0.0.60 is chosen for the pool, but was not accepted");
}

TEST(pool_words, are_those_of_the_options) {
  EXPECT_EQ(parse_pool_format("helm-values"), pool_format::helm_values);
  EXPECT_EQ(parse_pool_protocol("bgp"), pool_protocol::bgp);
  EXPECT_EQ(parse_pool_aggregate("cidr"), pool_aggregate::cidr);
  EXPECT_EQ(parse_pool_format("helm_values"), std::nullopt);
  EXPECT_EQ(to_string(pool_format::configmap), "configmap");
  EXPECT_EQ(to_string(pool_protocol::layer2), "layer2");
  EXPECT_EQ(to_string(pool_aggregate::range), "range");
}

}  // namespace
}  // namespace netscan
