/// What Kubernetes and MetalLB refuse, written out from their documentation and sources: so that
/// every file that is written can be checked without a cluster. Nothing here is shared with the
/// code that writes: neither address nor name checks.
#pragma once

#include <string>
#include <vector>

namespace netscan::testing {

/// What is wrong with manifests, a line each: of MetalLB's resources, its ConfigMap, Services and
/// Pods; of other kinds only what all have. Empty when they would be taken.
std::vector<std::string> manifest_errors(const std::string& yaml);

/// The same for values of MetalLB's chart up to 0.12, with configInline.
std::vector<std::string> metallb_values_errors(const std::string& yaml);

/// The same for values of ingress-nginx's chart, as far as they concern its Service's address.
std::vector<std::string> ingress_values_errors(const std::string& yaml);

}  // namespace netscan::testing
