#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "netscan/remedy/remedy.hpp"
#include "plan_checks.hpp"

namespace netscan::detail {

/// metallb.yaml; after it metallb-final.yaml when the configuration in use was given and the old
/// VIP's entries can be taken out of it.
absl::StatusOr<std::vector<bundle_file>> pool_files(const candidate_list& list,
                                                    const remedy_facts& facts,
                                                    const remedy_options& options,
                                                    std::vector<std::string>& notices);

}  // namespace netscan::detail
