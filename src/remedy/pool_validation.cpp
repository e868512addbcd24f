// What a pool may be made of, before there are addresses.
#include <absl/status/status.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kubernetes_name.hpp"
#include "netscan/remedy/metallb.hpp"
#include "netscan/remedy/metallb_version.hpp"
#include "netscan/target/status.hpp"

namespace netscan {
namespace {

absl::Status check_names(const pool_options& options) {
  absl::Status status = detail::check_dns1123_subdomain("pool name", options.name);
  if (status.ok() && options.format != pool_format::helm_values) {
    status = detail::check_dns1123_label("namespace", options.name_space);
  }
  return status;
}

absl::Status check_no_twin(std::string_view what, const std::vector<std::string>& names) {
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (std::find(names.begin(), name, *name) != name) {
      return invalid_argument("{} '{}' is given twice: MetalLB refuses that", what, excerpt(*name));
    }
  }
  return absl::OkStatus();
}

bool is_number(std::string_view text, std::uint64_t most) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number <= most;
}

/// `count` numbers with colons between them.
bool are_numbers(std::string_view text, int count, std::uint64_t most) {
  for (; count > 1; --count) {
    const std::size_t colon = text.find(':');
    if (colon == text.npos || !is_number(text.substr(0, colon), most)) return false;
    text.remove_prefix(colon + 1);
  }
  return is_number(text, most);
}

bool is_alias(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

absl::Status check_community(const std::string& text, pool_format format) {
  constexpr std::string_view large = "large:";
  if (text.starts_with(large)) {
    if (format != pool_format::crd) {
      return invalid_argument("BGP community '{}' is a large one, which {} has no place for",
                              excerpt(text), to_string(format));
    }
    const std::string_view parts = std::string_view(text).substr(large.size());
    if (are_numbers(parts, 3, std::numeric_limits<std::uint32_t>::max())) return absl::OkStatus();
  } else if (are_numbers(text, 2, std::numeric_limits<std::uint16_t>::max()) || is_alias(text)) {
    return absl::OkStatus();
  }
  return invalid_argument(
      "bad BGP community '{}': expected 65535:65282, large:1:2:3 or the name of one",
      excerpt(text));
}

absl::Status check_length(std::string_view what, std::optional<unsigned> length, unsigned most) {
  if (!length || (*length >= 1 && *length <= most)) return absl::OkStatus();
  return invalid_argument("bad {} {}: expected 1 to {}", what, *length, most);
}

absl::Status check_bgp_values(const pool_options& options) {
  const bgp_options& bgp = options.bgp;
  absl::Status status = check_length("aggregation length", bgp.aggregation_length, 32);
  if (status.ok()) {
    status = check_length("aggregation length for IPv6", bgp.aggregation_length_v6, 128);
  }
  if (status.ok()) status = check_no_twin("BGP community", bgp.communities);
  for (const std::string& community : bgp.communities) {
    if (status.ok()) status = check_community(community, options.format);
  }
  if (status.ok()) status = check_no_twin("BGP peer", bgp.peers);
  for (const std::string& peer : bgp.peers) {
    if (status.ok()) status = detail::check_dns1123_subdomain("BGP peer", peer);
  }
  return status;
}

/// What only `crd` has a place for, and there only from a version on.
absl::Status check_place(std::string_view what, const pool_options& options, unsigned minor,
                         unsigned patch) {
  if (options.format != pool_format::crd) {
    return invalid_argument("{} has no place in {}: it needs crd, MetalLB 0.{}.{} or later", what,
                            to_string(options.format), minor, patch);
  }
  if (options.version && !is_at_least(*options.version, 0, minor, patch)) {
    return invalid_argument(
        "MetalLB {} does not{} read {}: it came with 0.{}.{}", to_string(*options.version),
        options.version->patch_number ? "" : " (in all its releases)", what, minor, patch);
  }
  return absl::OkStatus();
}

absl::Status check_bgp(const pool_options& options) {
  if (options.protocol != pool_protocol::bgp) {
    if (options.bgp == bgp_options{}) return absl::OkStatus();
    return invalid_argument(
        "aggregation lengths, local preference, communities and peers are for "
        "protocol bgp, not layer2");
  }
  if (options.bgp.aggregation_length_v6 && options.version &&
      !is_at_least(*options.version, 0, 12, 0)) {
    return invalid_argument(
        "MetalLB {} does not read aggregation-length-v6, and stops at keys it does not know: it "
        "came with 0.12",
        to_string(*options.version));
  }
  if (!options.bgp.peers.empty()) {
    if (absl::Status status = check_place("a choice of BGP peers", options, 13, 8); !status.ok()) {
      return status;
    }
  }
  return check_bgp_values(options);
}

absl::Status check_allocation(const pool_options& options) {
  const service_allocation& allocation = options.allocation;
  if (allocation == service_allocation{}) return absl::OkStatus();
  absl::Status status = check_place("serviceAllocation", options, 13, 8);
  if (status.ok()) status = check_no_twin("namespace", allocation.namespaces);
  for (const std::string& name_space : allocation.namespaces) {
    if (status.ok()) status = detail::check_dns1123_label("namespace", name_space);
  }
  if (!status.ok()) return status;
  constexpr std::uint32_t most = std::numeric_limits<std::int32_t>::max();
  if (allocation.priority.value_or(0) > most) {
    return invalid_argument("bad priority {}: expected 0 to {}", *allocation.priority, most);
  }
  // metallb/metallb#2656: such a pool was taken to be for no Service at all.
  if (allocation.namespaces.empty() && options.version &&
      !is_at_least(*options.version, 0, 15, 0)) {
    return invalid_argument(
        "MetalLB {} gives out no address of a pool that has a priority and no namespaces: give "
        "namespaces too, or MetalLB 0.15",
        to_string(*options.version));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status validate(const pool_options& options) {
  absl::Status status;
  if (options.version) status = check_reads(*options.version, options.format);
  if (status.ok()) status = check_names(options);
  if (status.ok()) status = check_bgp(options);
  if (status.ok()) status = check_allocation(options);
  return status;
}

}  // namespace netscan
