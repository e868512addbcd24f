#pragma once

#include <absl/status/status.h>

#include <string_view>

namespace netscan::detail {

/// A DNS-1123 subdomain, as Kubernetes takes for object names: labels joined by '.', at most 253
/// characters. Unlike a label alone its labels are not limited to 63 each.
/// Source: k8s.io/apimachinery pkg/util/validation, IsDNS1123Subdomain.
/// Errors: InvalidArgument, with `what` ("pool name"), the text and the rule.
absl::Status check_dns1123_subdomain(std::string_view what, std::string_view text);

/// A DNS-1123 label, as Kubernetes takes for namespaces: 1 to 63 of a-z, 0-9 and '-', with a letter
/// or digit at both ends. Source: the same, IsDNS1123Label. Errors: the same.
absl::Status check_dns1123_label(std::string_view what, std::string_view text);

}  // namespace netscan::detail
