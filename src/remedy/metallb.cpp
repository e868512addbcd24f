#include "netscan/remedy/metallb.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <vector>

#include "aggregate.hpp"
#include "netscan/target/status.hpp"
#include "pool_entries.hpp"
#include "probe/words.hpp"
#include "report/yaml_text.hpp"

namespace netscan {
namespace {

constexpr std::array<std::string_view, 3> format_words = {"crd", "configmap", "helm-values"};
constexpr std::array<std::string_view, 2> protocol_words = {"layer2", "bgp"};
constexpr std::array<std::string_view, 3> aggregate_words = {"none", "cidr", "range"};

absl::Status check_chosen(const candidate_list& list) {
  if (list.chosen.empty()) {
    return absl::FailedPreconditionError("no address for the pool: " + list.advice);
  }
  std::set<ip_address> seen;
  for (const ip_address& address : list.chosen) {
    const candidate* judged = find(list, address);
    if (judged == nullptr || !judged->accepted) {
      return invalid_argument("{} is chosen for the pool, but was not accepted", address);
    }
    if (address.zone() != 0) return invalid_argument("{} has a zone: no pool can hold it", address);
    if (!seen.insert(address).second) return invalid_argument("{} is chosen twice", address);
  }
  return absl::OkStatus();
}

/// MetalLB's own rule (validateBGPAdvPerPool): of an entry's blocks the widest must be as wide as
/// the aggregation at least.
absl::Status check_aggregation(const candidate_list& list, const pool_options& options) {
  if (options.protocol != pool_protocol::bgp) return absl::OkStatus();
  for (const address_range& entry : detail::aggregate(list.chosen, options.aggregate)) {
    const auto& length =
        entry.first.is_v4() ? options.bgp.aggregation_length : options.bgp.aggregation_length_v6;
    if (!length) continue;
    int widest = 128;
    for (const address_range& block : detail::cidr_blocks(entry)) {
      widest = std::min(widest, prefix_length(block));
    }
    if (static_cast<int>(*length) >= widest) continue;
    return invalid_argument(
        "aggregation length {} is shorter than the prefix of the entry {} (/{}): MetalLB refuses "
        "that",
        *length, to_string(entry), widest);
  }
  return absl::OkStatus();
}

std::string comment_lines(const std::vector<std::string>& lines, std::string_view indent) {
  std::string text;
  for (const std::string& line : lines) text += fmt::format("{}# {}\n", indent, line);
  return text;
}

/// The items of the list of addresses, each under its explanation.
std::string address_lines(const std::vector<detail::pool_entry>& entries, std::string_view indent) {
  std::string text;
  for (const detail::pool_entry& entry : entries) {
    text += comment_lines(entry.comments, indent);
    text += fmt::format("{}- {}\n", indent, entry.address);
  }
  return text;
}

std::string metadata(std::string_view name, const pool_options& options) {
  return fmt::format("metadata:\n  name: {}\n  namespace: {}\n", detail::yaml_scalar(name),
                     detail::yaml_scalar(options.name_space));
}

/// `KEY:` and its items below; nothing without any.
std::string list_lines(std::string_view key, const std::vector<std::string>& items,
                       std::string_view indent) {
  if (items.empty()) return "";
  std::string text = fmt::format("{}{}:\n", indent, key);
  for (const std::string& item : items) {
    text += fmt::format("{}- {}\n", indent, detail::yaml_scalar(item));
  }
  return text;
}

template <typename Number>
std::string number_line(std::string_view key, const std::optional<Number>& number,
                        std::string_view indent) {
  return number ? fmt::format("{}{}: {}\n", indent, key, *number) : "";
}

std::string service_allocation_lines(const service_allocation& allocation) {
  if (allocation == service_allocation{}) return "";
  return "  serviceAllocation:\n" + number_line("priority", allocation.priority, "    ") +
         list_lines("namespaces", allocation.namespaces, "    ");
}

std::string bgp_lines(const bgp_options& bgp) {
  return number_line("aggregationLength", bgp.aggregation_length, "  ") +
         number_line("aggregationLengthV6", bgp.aggregation_length_v6, "  ") +
         number_line("localPref", bgp.local_pref, "  ") +
         list_lines("communities", bgp.communities, "  ") + list_lines("peers", bgp.peers, "  ");
}

/// The same as ConfigMap and chart have it: a list of one, below the pool.
std::string bgp_advertisements(const bgp_options& bgp, const std::string& indent) {
  if (bgp == bgp_options{}) return "";
  const std::string item = indent + "  ";
  std::string lines = number_line("aggregation-length", bgp.aggregation_length, item) +
                      number_line("aggregation-length-v6", bgp.aggregation_length_v6, item) +
                      number_line("localpref", bgp.local_pref, item) +
                      list_lines("communities", bgp.communities, item);
  lines[indent.size()] = '-';
  return indent + "bgp-advertisements:\n" + lines;
}

/// The advertisement goes with the pool: without one that selects it MetalLB assigns its addresses
/// and announces none.
std::string crd(const std::vector<detail::pool_entry>& entries, const pool_options& options) {
  const bool layer2 = options.protocol == pool_protocol::layer2;
  std::string text = "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\n";
  text += metadata(options.name, options);
  text += "spec:\n  addresses:\n" + address_lines(entries, "  ");
  if (!options.auto_assign) text += "  autoAssign: false\n";
  if (options.avoid_buggy_ips) text += "  avoidBuggyIPs: true\n";
  text += service_allocation_lines(options.allocation);
  text += fmt::format("---\napiVersion: metallb.io/v1beta1\nkind: {}\n",
                      layer2 ? "L2Advertisement" : "BGPAdvertisement");
  text += metadata(options.name, options);
  text += fmt::format("spec:\n  ipAddressPools:\n  - {}\n", detail::yaml_scalar(options.name));
  if (!layer2) text += bgp_lines(options.bgp);
  return text;
}

/// The list of pools, as ConfigMap and chart have it; `indent` is that of its dash, `item` that of
/// the pool's keys.
std::string address_pools(const std::vector<detail::pool_entry>& entries,
                          const pool_options& options, std::string_view indent) {
  const std::string item = std::string(indent) + "  ";
  std::string text = fmt::format("{}- name: {}\n", indent, detail::yaml_scalar(options.name));
  text += fmt::format("{}protocol: {}\n", item, to_string(options.protocol));
  if (!options.auto_assign) text += item + "auto-assign: false\n";
  if (options.avoid_buggy_ips) text += item + "avoid-buggy-ips: true\n";
  text += item + "addresses:\n" + address_lines(entries, item);
  if (options.protocol == pool_protocol::bgp) text += bgp_advertisements(options.bgp, item);
  return text;
}

constexpr std::string_view whole_configuration =
    "# MetalLB reads this as its whole configuration: carry over the peers, bgp-communities and\n"
    "# other pools of the one in use.\n";

std::string configmap(const std::vector<detail::pool_entry>& entries, const pool_options& options) {
  std::string text(whole_configuration);
  text += "apiVersion: v1\nkind: ConfigMap\n" + metadata("config", options);
  text += "data:\n  config: |\n    address-pools:\n" + address_pools(entries, options, "    ");
  return text;
}

std::string helm_values(const std::vector<detail::pool_entry>& entries,
                        const pool_options& options) {
  std::string text(whole_configuration);
  text += "configInline:\n  address-pools:\n" + address_pools(entries, options, "   ");
  return text;
}

std::string body(const std::vector<detail::pool_entry>& entries, const pool_options& options) {
  switch (options.format) {
    case pool_format::crd:
      return crd(entries, options);
    case pool_format::configmap:
      return configmap(entries, options);
    case pool_format::helm_values:
      return helm_values(entries, options);
  }
  return "";
}

}  // namespace

std::string_view to_string(pool_format format) noexcept {
  return detail::word(format_words, format);
}

std::string_view to_string(pool_protocol protocol) noexcept {
  return detail::word(protocol_words, protocol);
}

std::string_view to_string(pool_aggregate aggregate) noexcept {
  return detail::word(aggregate_words, aggregate);
}

std::optional<pool_format> parse_pool_format(std::string_view text) noexcept {
  return detail::parse_word<pool_format>(format_words, text);
}

std::optional<pool_protocol> parse_pool_protocol(std::string_view text) noexcept {
  return detail::parse_word<pool_protocol>(protocol_words, text);
}

std::optional<pool_aggregate> parse_pool_aggregate(std::string_view text) noexcept {
  return detail::parse_word<pool_aggregate>(aggregate_words, text);
}

absl::StatusOr<std::string> metallb_pool(const candidate_list& list, const pool_options& options) {
  if (absl::Status status = validate(options); !status.ok()) return status;
  if (absl::Status status = check_chosen(list); !status.ok()) return status;
  if (absl::Status status = check_aggregation(list, options); !status.ok()) return status;
  return comment_lines(detail::pool_origin(list, options), "") +
         body(detail::pool_entries(list, options), options);
}

}  // namespace netscan
