#pragma once

#include <string>
#include <vector>

#include "netscan/remedy/sweep_manifest.hpp"
#include "pod_share.hpp"

namespace netscan::detail {

/// The arguments of the netscan that a pod runs, as its `args` have them.
std::vector<std::string> arguments_of(const sweep_manifest_options& options,
                                      const pod_share& share);

}  // namespace netscan::detail
