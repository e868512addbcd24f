/// MetalLB configurations that are there already: reading, comparing, adding to them.
///
///     auto drift = netscan::pool_drift(yaml, *list, options);
///     for (const std::string& clause : *drift) fmt::print("{}\n", clause);
///     auto merged = netscan::merge_pool(yaml, *list, options);
///
/// All three formats are read, whichever it is: manifests with metallb.io resources (and others
/// among them, which are left alone), a ConfigMap with the configuration as text, helm values with
/// configInline. What each MetalLB version reads: see metallb.hpp.
///
/// Pure: no I/O, the same input gives the same text. Concurrent use needs no care.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/remedy/candidates.hpp"
#include "netscan/remedy/metallb.hpp"
#include "netscan/target/address_set.hpp"

namespace netscan {

/// An entry of a pool's addresses.
struct existing_entry {
  /// As written: `10.0.0.232/32`, `10.0.0.240-10.0.0.242`.
  std::string text;
  address_range range;
  std::size_t line = 0;  ///< from 1

  friend bool operator==(const existing_entry&, const existing_entry&) = default;
};

/// A pool as a file has it.
struct existing_pool {
  std::string name;
  /// Empty where the file does not say: in helm values, and in manifests that leave it to kubectl.
  std::string name_space;
  std::vector<existing_entry> addresses;
  /// How it is announced; in manifests by the advertisements in the same file, so both, or neither,
  /// can be.
  bool layer2 = false;
  bool bgp = false;
  bool auto_assign = true;
  bool avoid_buggy_ips = false;
  /// Its serviceAllocation in one line, `{namespaces: [gitlab], priority: 5}`; empty for none.
  std::string allocation;
  /// The settings of each BGP advertisement that announces it, with the names that the resources
  /// have and without those that are MetalLB's defaults: `{aggregationLength: 28}`, `{}`.
  std::vector<std::string> bgp_advertisements;
  std::size_t line = 0;  ///< from 1

  friend bool operator==(const existing_pool&, const existing_pool&) = default;
};

struct existing_pools {
  pool_format format = pool_format::crd;
  /// In the file's order.
  std::vector<existing_pool> pools;
};

/// Reads the pools of a file. A file of manifests may have none.
///
/// Errors: InvalidArgument, beginning with the place (`line 7, column 3: `) where there is one: no
/// YAML, none of the three formats, more than one of them, or what MetalLB would refuse (no name,
/// two pools of one name, no addresses, an entry that is neither CIDR nor `start-end`, entries that
/// overlap, a protocol that is neither layer2 nor bgp, a word that is no boolean, and in ConfigMap
/// and configInline any key that it does not know).
absl::StatusOr<existing_pools> read_pools(std::string_view yaml);

/// What differs between the pool of `list.chosen` and the one of the same name in the file, a
/// clause each, with its line; empty when nothing does. `options.format` is not looked at, and
/// neither is the order of the addresses.
///
///     10.0.0.249 is missing
///     10.0.0.216/32 is extra (line 8)
///     pool default (line 2) has auto-assign false, true is asked for
///     no L2Advertisement selects pool default (line 2): its addresses are assigned, and never
///     announced
///
/// Errors: those of read_pools() and of metallb_pool().
absl::StatusOr<std::vector<std::string>> pool_drift(std::string_view yaml,
                                                    const candidate_list& list,
                                                    const pool_options& options);

/// The file with the pool of `list.chosen` in it, each new entry with its explanation.
///
/// Where a pool of that name is there, the addresses it lacks are added at its end, and none is
/// taken away; where none is, it is added after the last one. The same for the advertisement. All
/// other bytes stay as they are: other pools, peers, communities, comments. Merging again changes
/// nothing. The result is parsed, and must have what was there and the new, before it is returned.
///
/// Errors: those of read_pools() and of metallb_pool(); InvalidArgument when `options.format` is
/// not the file's, when an address is in another pool of the file too (MetalLB refuses that; both
/// are named), when the pool that is there differs in more than addresses (pool_drift() says in
/// what), and where the file is written so that nothing can be added safely (an anchor or a tag at
/// that place, a ConfigMap whose text is not a `|` block), with the place and the reason.
absl::StatusOr<std::string> merge_pool(std::string_view yaml, const candidate_list& list,
                                       const pool_options& options);

}  // namespace netscan
