#pragma once

#include <string_view>
#include <vector>

#include "netscan/remedy/gitlab_values.hpp"
#include "report/yaml_tree.hpp"

namespace netscan::detail {

/// The keys of a values file that are likely misspelt ones of GitLab's chart, in the file's order.
std::vector<misspelt_key> misspelt_keys(std::string_view text, const yaml_node& root);

}  // namespace netscan::detail
