#pragma once

#include <string>

#include "netscan/remedy/sweep_manifest.hpp"
#include "pod_share.hpp"

namespace netscan::detail {

/// The object as `kubectl apply` reads it.
std::string manifest_yaml(const sweep_manifest_options& options, const pod_share& share);

}  // namespace netscan::detail
