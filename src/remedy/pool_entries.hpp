#pragma once

#include <string>
#include <vector>

#include "netscan/remedy/metallb.hpp"

namespace netscan::detail {

/// One line of a pool's addresses, and the lines that explain it; all ready for YAML, without
/// indentation and '#'.
struct pool_entry {
  std::string address;
  std::vector<std::string> comments;
};

/// The entries of `list.chosen`, each address of which is in `list.judged`.
std::vector<pool_entry> pool_entries(const candidate_list& list, const pool_options& options);

/// What made the pool: the choice, and each scan with its time.
std::vector<std::string> pool_origin(const candidate_list& list, const pool_options& options);

}  // namespace netscan::detail
