/// MetalLB pools, written as YAML in the form that a MetalLB version reads.
///
///     auto list = netscan::find_candidates(clients, owners, {});
///     absl::StatusOr<std::string> yaml = netscan::metallb_pool(*list, {});
///
/// Each entry has a comment line above it that says why it is there. The text depends on the
/// arguments only, not on the clock or the locale: the same scans give the same bytes.
///
/// Source of what each version reads: MetalLB's internal/config/config.go (up to 0.12) and
/// api/v1beta1 (from 0.13).
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/remedy/candidates.hpp"

namespace netscan {

enum class pool_format : std::uint8_t {
  crd,        ///< IPAddressPool and its advertisement, `metallb.io/v1beta1`: MetalLB 0.13 and later
  configmap,  ///< ConfigMap `config`: up to 0.12
  helm_values,  ///< `configInline` for the chart: up to 0.12
};

enum class pool_protocol : std::uint8_t { layer2, bgp };

/// How addresses become the pool's entries.
enum class pool_aggregate : std::uint8_t {
  none,   ///< a /32 (/128) each, in the order chosen
  cidr,   ///< the fewest CIDR blocks that hold exactly these addresses, ascending
  range,  ///< `first-last` for each run of addresses, ascending
};

/// The words of the options: `crd`, `configmap`, `helm-values`; `layer2`, `bgp`; `none`, `cidr`,
/// `range`. parse_ gives nothing for a word that is not one.
std::string_view to_string(pool_format format) noexcept;
std::string_view to_string(pool_protocol protocol) noexcept;
std::string_view to_string(pool_aggregate aggregate) noexcept;
std::optional<pool_format> parse_pool_format(std::string_view text) noexcept;
std::optional<pool_protocol> parse_pool_protocol(std::string_view text) noexcept;
std::optional<pool_aggregate> parse_pool_aggregate(std::string_view text) noexcept;

/// A release of MetalLB, as far as it is known: see metallb_version.hpp.
struct metallb_version {
  // Not `major` and `minor`: glibc's sys/sysmacros.h has macros of these names.
  unsigned major_number = 0;
  unsigned minor_number = 0;
  std::optional<unsigned> patch_number = {};

  friend bool operator==(const metallb_version&, const metallb_version&) = default;
};

/// How a pool of protocol bgp is advertised. All of it may be left to MetalLB's defaults.
struct bgp_options {
  /// 1 to 32: addresses are advertised rolled up into prefixes of this length. MetalLB refuses one
  /// that is shorter than the prefix of a pool's entry, so less than 32 needs entries that are
  /// blocks (`aggregate`).
  std::optional<unsigned> aggregation_length = {};
  /// 1 to 128; the same for IPv6. MetalLB 0.12 and later.
  std::optional<unsigned> aggregation_length_v6 = {};
  /// LOCAL_PREF, for IBGP peers.
  std::optional<std::uint32_t> local_pref = {};
  /// `65535:65282`, `large:1:2:3` (`crd`), or names that the configuration gives to such.
  std::vector<std::string> communities = {};
  /// Names of BGPPeers, to advertise to these only. `crd`, MetalLB 0.13.8 and later.
  std::vector<std::string> peers = {};

  friend bool operator==(const bgp_options&, const bgp_options&) = default;
};

/// Who gets addresses of the pool: `spec.serviceAllocation`. `crd`, MetalLB 0.13.8 and later.
struct service_allocation {
  /// Only Services in these namespaces. Empty: all.
  std::vector<std::string> namespaces = {};
  /// Among several pools the one with the lowest number is used first; 0 counts as none.
  std::optional<std::uint32_t> priority = {};

  friend bool operator==(const service_allocation&, const service_allocation&) = default;
};

/// What equals MetalLB's own default is not written.
struct pool_options {
  pool_format format = pool_format::crd;
  /// Of the pool, and in `crd` of the advertisement too: a DNS-1123 subdomain.
  std::string name = "default";
  /// The one MetalLB runs in, for `crd` and `configmap`: a DNS-1123 label. `helm_values` has none.
  std::string name_space = "metallb-system";
  pool_protocol protocol = pool_protocol::layer2;
  /// False: only Services that ask for this pool or its addresses get one.
  bool auto_assign = true;
  /// True: MetalLB never gives out IPv4 addresses that end in .0 or .255.
  bool avoid_buggy_ips = false;
  pool_aggregate aggregate = pool_aggregate::none;
  /// For `bgp` only.
  bgp_options bgp = {};
  service_allocation allocation = {};
  /// When it is given, what this version does not read is an error.
  std::optional<metallb_version> version = {};
};

/// OK when a pool can be written so. Errors: InvalidArgument, naming the option: names that
/// Kubernetes would refuse, numbers out of their range, what the format has no place for, what
/// `version` does not read.
absl::Status validate(const pool_options& options);

/// Writes the pool of `list.chosen`.
///
/// `configmap` and `helm_values` are MetalLB's whole configuration: what else stands in the one in
/// use (peers, other pools) must be carried over, and a comment says so.
///
/// Errors: FailedPrecondition, with the list's advice, when nothing is chosen (MetalLB refuses a
/// pool without addresses); those of validate(); InvalidArgument for an aggregation length shorter
/// than the prefix of an entry, and for a list that find_candidates() would not make: an address
/// chosen twice, with a zone, or not accepted.
absl::StatusOr<std::string> metallb_pool(const candidate_list& list, const pool_options& options);

}  // namespace netscan
