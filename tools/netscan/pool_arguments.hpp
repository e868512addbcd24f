/// The options that choose addresses and make a pool of them, as `pool` and `remedy` have them.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "netscan/remedy/candidates.hpp"
#include "netscan/remedy/metallb.hpp"

namespace CLI {
class App;
}

namespace netscan::cli {

struct pool_arguments {
  std::vector<std::string> results;
  std::vector<std::string> owners;
  std::string select = "open";
  std::string ports = "80,443";
  std::vector<std::string> exclude;
  std::vector<std::string> nodes;
  std::vector<std::string> ours;
  bool allow_tarpit = false;
  std::vector<std::string> prefer;
  std::optional<std::size_t> max;

  /// Empty: as the version reads it, else crd.
  std::string format;
  std::string metallb_version;
  std::string name = "default";
  std::string name_space = "metallb-system";
  std::string protocol = "layer2";
  bool auto_assign = true;
  bool avoid_buggy_ips = false;
  std::string aggregate = "none";
  std::optional<unsigned> aggregation_length;
  std::optional<unsigned> aggregation_length_v6;
  std::optional<std::uint32_t> local_pref;
  std::vector<std::string> communities;
  std::vector<std::string> peers;
  std::vector<std::string> allocation_namespaces;
  std::optional<std::uint32_t> allocation_priority;
};

void add_selection_options(CLI::App& command, pool_arguments& arguments);
/// All but --format, whose words differ from command to command.
void add_pool_options(CLI::App& command, pool_arguments& arguments);

/// The scans of all files; `-` is standard input. What the user should know of them goes to
/// standard error.
absl::StatusOr<std::vector<scan_results>> read_all_results(const std::vector<std::string>& paths);

/// Addresses as `sweep` reads targets, without names.
absl::StatusOr<address_set> read_addresses(const std::vector<std::string>& texts);

absl::StatusOr<candidate_options> read_candidate_options(const pool_arguments& arguments);
/// Valid ones, whatever the addresses are.
absl::StatusOr<pool_options> read_pool_options(const pool_arguments& arguments);

/// The candidates by these arguments; their notices go to standard error.
absl::StatusOr<candidate_list> choose_candidates(const pool_arguments& arguments);

}  // namespace netscan::cli
