#include "pool_difference.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "metallb_config.hpp"
#include "netscan/target/status.hpp"

namespace netscan {
namespace detail {
namespace {

using differences = std::vector<pool_difference>;

std::string ranges_text(const address_set& set) {
  std::vector<std::string> texts;
  for (const address_range& range : set.ranges()) texts.push_back(to_string(range));
  return fmt::format("{}", fmt::join(texts, ", "));
}

void compare_addresses(const existing_pool& have, const existing_pool& want, differences& found) {
  const address_set wanted = addresses_of(want);
  const address_set missing = wanted - addresses_of(have);
  for (const address_range& range : missing.ranges()) {
    found.push_back(
        {difference_kind::address_missing, fmt::format("{} is missing", to_string(range))});
  }
  for (const existing_entry& entry : have.addresses) {
    const address_set whole = address_set::of({entry.range});
    const address_set extra = whole - wanted;
    if (extra.empty()) continue;
    const std::string text =
        extra == whole ? entry.text : fmt::format("{} of {}", ranges_text(extra), entry.text);
    found.push_back({difference_kind::address_extra,
                     fmt::format("{} is extra (line {})", excerpt(text), entry.line)});
  }
}

std::string_view protocol_of(const existing_pool& pool) {
  if (pool.layer2 && pool.bgp) return "layer2 and bgp";
  return pool.layer2 ? "layer2" : "bgp";
}

void compare_announcement(const existing_pool& have, const existing_pool& want,
                          differences& found) {
  const bool announced = have.layer2 || have.bgp;
  if (!announced) {
    found.push_back(
        {difference_kind::announcement_missing,
         fmt::format("no {} selects pool {} (line {}): its addresses are assigned, and never "
                     "announced",
                     want.layer2 ? "L2Advertisement" : "BGPAdvertisement", want.name, have.line)});
    return;
  }
  if ((want.layer2 && !have.layer2) || (want.bgp && !have.bgp)) {
    found.push_back({difference_kind::setting,
                     fmt::format("pool {} (line {}) is announced by {}, {} is asked for", want.name,
                                 have.line, protocol_of(have), protocol_of(want))});
    return;
  }
  for (const std::string& settings : want.bgp_advertisements) {
    const auto& all = have.bgp_advertisements;
    if (std::find(all.begin(), all.end(), settings) != all.end()) continue;
    found.push_back(
        {difference_kind::setting,
         excerpt(fmt::format("pool {} (line {}) is advertised with {}, {} is asked for", want.name,
                             have.line, fmt::join(all, " and "), settings))});
  }
}

void compare_setting(std::string_view name, std::string_view have, std::string_view want,
                     const existing_pool& pool, differences& found) {
  if (have == want) return;
  found.push_back({difference_kind::setting,
                   fmt::format("pool {} (line {}) has {} {}, {} is asked for", pool.name, pool.line,
                               name, excerpt(have), excerpt(want))});
}

std::string_view word(bool truth) {
  return truth ? "true" : "false";
}

std::string_view or_none(const std::string& text) {
  return text.empty() ? "none" : std::string_view(text);
}

void compare_settings(const existing_pool& have, const existing_pool& want, differences& found) {
  compare_setting("auto-assign", word(have.auto_assign), word(want.auto_assign), have, found);
  compare_setting("avoid-buggy-ips", word(have.avoid_buggy_ips), word(want.avoid_buggy_ips), have,
                  found);
  compare_setting("serviceAllocation", or_none(have.allocation), or_none(want.allocation), have,
                  found);
}

void find_overlaps(const existing_pools& existing, std::optional<std::size_t> own,
                   const existing_pool& want, differences& found) {
  for (std::size_t i = 0; i < existing.pools.size(); ++i) {
    const existing_pool& other = existing.pools[i];
    if (i == own || !may_share_namespace(other.name_space, want.name_space)) continue;
    for (const existing_entry& entry : other.addresses) {
      const address_set wanted = addresses_of(want);
      const address_set shared = wanted - (wanted - address_set::of({entry.range}));
      if (shared.empty()) continue;
      found.push_back(
          {difference_kind::overlap,
           fmt::format("{} of pool {} is in pool {} too ({}, line {}): MetalLB refuses that",
                       ranges_text(shared), want.name, excerpt(other.name), excerpt(entry.text),
                       entry.line)});
    }
  }
}

/// What to say where there is no pool of that name.
std::string missing_text(const existing_pools& existing, const existing_pool& want) {
  std::vector<std::string> names;
  for (const existing_pool& pool : existing.pools) {
    if (pool.name == want.name) {
      return fmt::format("pool {} is in namespace {} (line {}), {} is asked for", want.name,
                         excerpt(pool.name_space), pool.line, want.name_space);
    }
    names.push_back(excerpt(pool.name));
  }
  if (names.empty()) return fmt::format("no pool {}, and no other", want.name);
  return fmt::format("no pool {}, only {}", want.name, fmt::join(names, ", "));
}

}  // namespace

absl::StatusOr<existing_pool> wanted_pool(const candidate_list& list, const pool_options& options) {
  const auto text = metallb_pool(list, options);
  if (!text.ok()) return text.status();
  auto read = read_pools(*text);
  if (!read.ok()) return read.status();
  return std::move(read->pools.front());
}

std::optional<std::size_t> find_pool(const existing_pools& existing, const existing_pool& wanted) {
  for (std::size_t i = 0; i < existing.pools.size(); ++i) {
    const existing_pool& pool = existing.pools[i];
    if (pool.name == wanted.name && may_share_namespace(pool.name_space, wanted.name_space)) {
      return i;
    }
  }
  return std::nullopt;
}

std::vector<pool_difference> pool_differences(const existing_pools& existing,
                                              const existing_pool& wanted) {
  differences found;
  const auto own = find_pool(existing, wanted);
  if (own) {
    const existing_pool& have = existing.pools[*own];
    compare_addresses(have, wanted, found);
    compare_announcement(have, wanted, found);
    compare_settings(have, wanted, found);
  } else {
    found.push_back({difference_kind::pool_missing, missing_text(existing, wanted)});
  }
  find_overlaps(existing, own, wanted, found);
  return found;
}

address_set addresses_of(const existing_pool& pool) {
  std::vector<address_range> ranges;
  for (const existing_entry& entry : pool.addresses) ranges.push_back(entry.range);
  return address_set::of(std::move(ranges));
}

}  // namespace detail

absl::StatusOr<existing_pools> read_pools(std::string_view yaml) {
  auto config = detail::read_metallb_config(yaml);
  if (!config.ok()) return config.status();
  return std::move(config->existing);
}

absl::StatusOr<std::vector<std::string>> pool_drift(std::string_view yaml,
                                                    const candidate_list& list,
                                                    const pool_options& options) {
  const auto wanted = detail::wanted_pool(list, options);
  if (!wanted.ok()) return wanted.status();
  const auto existing = read_pools(yaml);
  if (!existing.ok()) return existing.status();
  std::vector<std::string> clauses;
  for (detail::pool_difference& difference : detail::pool_differences(*existing, *wanted)) {
    clauses.push_back(std::move(difference.text));
  }
  return clauses;
}

}  // namespace netscan
