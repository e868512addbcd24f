#include "netscan/remedy/metallb_version.hpp"

#include <gtest/gtest.h>

#include <string>

#include "netscan/target/status.hpp"

namespace netscan {
namespace {

metallb_version version(std::string_view text) {
  return parse_metallb_version(text).value();
}

std::string error(const absl::Status& status) {
  return std::string(message_of(status));
}

TEST(a_metallb_version, is_read_with_and_without_v_and_patch) {
  EXPECT_EQ(to_string(version("0.13.7")), "0.13.7");
  EXPECT_EQ(version("v0.13.7"), version("0.13.7"));
  EXPECT_EQ(to_string(version("0.14")), "0.14");
  EXPECT_FALSE(version("0.14").patch_number);
}

TEST(a_metallb_version, is_refused_with_its_text_when_it_is_none) {
  for (const char* text : {"", "v", "0", "0.", ".13", "0.13.", "0.13.7.1", "0.13.x", "-0.13",
                           "0.+13", "0.13.7-rc1", "latest", "99999.1", "0.13 "}) {
    const auto parsed = parse_metallb_version(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_NE(error(parsed.status()).find('\'' + std::string(text) + '\''), std::string::npos);
  }
}

TEST(a_version_known_in_part, is_taken_for_its_oldest_release) {
  EXPECT_TRUE(is_at_least(version("0.14"), 0, 14, 0));
  EXPECT_FALSE(is_at_least(version("0.14"), 0, 14, 9));
  EXPECT_TRUE(is_at_least(version("0.15"), 0, 14, 9));
  EXPECT_TRUE(is_at_least(version("1.0"), 0, 14, 9));
  EXPECT_FALSE(is_at_least(version("0.13.12"), 0, 14, 0));
}

// The rows of MetalLB's history, one a line: version, formats that it reads (c CRD, m ConfigMap,
// h helm values), how a Service is pinned.
TEST(each_version, reads_its_formats_and_pins_its_way) {
  struct {
    const char* text;
    std::string reads;
    const char* pin;
  } const rows[] = {
      {"0.9.6", "mh", "spec.loadBalancerIP"},
      {"0.10.2", "mh", "spec.loadBalancerIP"},
      {"0.11.0", "mh", "spec.loadBalancerIP"},
      {"0.12", "mh", "metallb.universe.tf/loadBalancerIPs"},
      {"0.12.1", "mh", "metallb.universe.tf/loadBalancerIPs"},
      {"0.13.0", "c", "metallb.universe.tf/loadBalancerIPs"},
      {"0.13.7", "c", "metallb.universe.tf/loadBalancerIPs"},
      {"0.14", "c", "metallb.universe.tf/loadBalancerIPs"},
      {"0.14.8", "c", "metallb.universe.tf/loadBalancerIPs"},
      {"0.14.9", "c", "metallb.io/loadBalancerIPs"},
      {"0.15.3", "c", "metallb.io/loadBalancerIPs"},
      {"0.16.1", "c", "metallb.io/loadBalancerIPs"},
      {"1.0.0", "c", "metallb.io/loadBalancerIPs"},
  };
  for (const auto& row : rows) {
    const metallb_version v = version(row.text);
    EXPECT_EQ(check_reads(v, pool_format::crd).ok(), row.reads.find('c') != std::string::npos)
        << row.text;
    EXPECT_EQ(check_reads(v, pool_format::configmap).ok(), row.reads.find('m') != std::string::npos)
        << row.text;
    EXPECT_EQ(check_reads(v, pool_format::helm_values).ok(),
              row.reads.find('h') != std::string::npos)
        << row.text;
    EXPECT_TRUE(check_reads(v, default_pool_format(v)).ok()) << row.text;
    EXPECT_EQ(to_string(pin_way_of(v)), row.pin) << row.text;
  }
}

TEST(a_format_that_is_not_read, is_refused_with_what_the_version_does) {
  EXPECT_EQ(error(check_reads(version("0.13.3"), pool_format::helm_values)),
            "MetalLB 0.13.3 does not read helm-values: its chart refuses configInline since "
            "0.13.3; use crd");
  EXPECT_EQ(error(check_reads(version("0.13.2"), pool_format::helm_values)),
            "MetalLB 0.13.2 does not read helm-values: its chart ignores configInline since 0.13; "
            "use crd");
  EXPECT_EQ(error(check_reads(version("0.13.0"), pool_format::configmap)),
            "MetalLB 0.13.0 does not read configmap: since 0.13 the ConfigMap is ignored; use crd");
  EXPECT_EQ(error(check_reads(version("0.12.1"), pool_format::crd)),
            "MetalLB 0.12.1 does not read crd: IPAddressPool came with 0.13; use configmap or "
            "helm-values");
}

TEST(the_pin_of_a_format_alone, is_what_all_its_versions_read) {
  EXPECT_EQ(pin_way_of(pool_format::crd), pin_way::universe_annotation);
  EXPECT_EQ(pin_way_of(pool_format::configmap), pin_way::load_balancer_ip);
  EXPECT_EQ(pin_way_of(pool_format::helm_values), pin_way::load_balancer_ip);
}

// --- what validate() asks of the other options ---

pool_options with(std::string_view text, pool_format format = pool_format::crd) {
  pool_options options{.format = format};
  if (!text.empty()) options.version = version(text);
  return options;
}

TEST(a_pool_option, is_refused_where_the_version_does_not_read_it) {
  EXPECT_FALSE(validate(with("0.13.3", pool_format::helm_values)).ok());

  pool_options spaces = with("0.13.7");
  spaces.allocation.namespaces = {"ingress-nginx"};
  EXPECT_EQ(error(validate(spaces)),
            "MetalLB 0.13.7 does not read serviceAllocation: it came with 0.13.8");
  spaces.version = version("0.13");
  EXPECT_EQ(error(validate(spaces)),
            "MetalLB 0.13 does not (in all its releases) read serviceAllocation: it came with "
            "0.13.8");
  spaces.version = version("0.13.8");
  EXPECT_TRUE(validate(spaces).ok());
  spaces = with("", pool_format::configmap);
  spaces.allocation.namespaces = {"ingress-nginx"};
  EXPECT_EQ(error(validate(spaces)),
            "serviceAllocation has no place in configmap: it needs crd, MetalLB 0.13.8 or later");

  pool_options bgp = with("0.11.0", pool_format::configmap);
  bgp.protocol = pool_protocol::bgp;
  bgp.bgp.aggregation_length_v6 = 64;
  EXPECT_NE(error(validate(bgp)).find("does not read aggregation-length-v6"), std::string::npos);
  bgp.version = version("0.12");
  EXPECT_TRUE(validate(bgp).ok());
  bgp.bgp.peers = {"tor-1"};
  EXPECT_EQ(error(validate(bgp)),
            "a choice of BGP peers has no place in configmap: it needs crd, MetalLB 0.13.8 or "
            "later");
}

TEST(a_pool_with_a_priority_alone, is_refused_where_it_would_give_out_nothing) {
  pool_options options = with("0.14.9");
  options.allocation.priority = 10;
  EXPECT_NE(error(validate(options)).find("gives out no address"), std::string::npos);
  options.allocation.namespaces = {"a"};
  EXPECT_TRUE(validate(options).ok());
  options = with("0.15.0");
  options.allocation.priority = 10;
  EXPECT_TRUE(validate(options).ok());
}

TEST(bgp_options, are_refused_when_metallb_would_refuse_them) {
  pool_options layer2;
  layer2.bgp.local_pref = 100;
  EXPECT_NE(error(validate(layer2)).find("are for protocol bgp, not layer2"), std::string::npos);

  const auto with_bgp = [](const bgp_options& bgp, pool_format format = pool_format::crd) {
    return error(validate({.format = format, .protocol = pool_protocol::bgp, .bgp = bgp}));
  };
  EXPECT_EQ(with_bgp({.aggregation_length = 0}), "bad aggregation length 0: expected 1 to 32");
  EXPECT_EQ(with_bgp({.aggregation_length = 33}), "bad aggregation length 33: expected 1 to 32");
  EXPECT_EQ(with_bgp({.aggregation_length_v6 = 129}),
            "bad aggregation length for IPv6 129: expected 1 to 128");
  EXPECT_EQ(with_bgp({.communities = {"65535:65282", "no-export", "large:1:2:4294967295"}}), "");
  for (const char* bad :
       {"", "1:65536", "1:2:3", "large:1:2", "large:1:2:4294967296", "a b", "1:", ":1", "x\ny"}) {
    EXPECT_TRUE(with_bgp({.communities = {bad}}).starts_with("bad BGP community '")) << bad;
  }
  EXPECT_EQ(with_bgp({.communities = {"large:1:2:3"}}, pool_format::configmap),
            "BGP community 'large:1:2:3' is a large one, which configmap has no place for");
  EXPECT_EQ(with_bgp({.communities = {"a", "b", "a"}}),
            "BGP community 'a' is given twice: MetalLB refuses that");
  EXPECT_TRUE(with_bgp({.peers = {"Tor_1"}}).starts_with("bad BGP peer 'Tor_1'"));
  EXPECT_EQ(with_bgp({.peers = {"tor", "tor"}}),
            "BGP peer 'tor' is given twice: MetalLB refuses that");
}

TEST(an_allocation, is_refused_when_metallb_would_refuse_it) {
  pool_options options;
  options.allocation.namespaces = {"a", "a"};
  EXPECT_EQ(error(validate(options)), "namespace 'a' is given twice: MetalLB refuses that");
  options.allocation = {{"a.b"}, {}};
  EXPECT_TRUE(error(validate(options)).starts_with("bad namespace 'a.b'"));
  options.allocation = {{"a"}, 2147483648u};
  EXPECT_EQ(error(validate(options)), "bad priority 2147483648: expected 0 to 2147483647");
}

}  // namespace
}  // namespace netscan
