#pragma once

#include <string>

#include "netscan/remedy/remedy.hpp"
#include "plan_checks.hpp"

namespace netscan::detail {

/// A pod of its own with a LoadBalancer Service that asks for the VIP, in the namespace of the
/// Service that is to have it (the pool may be for that namespace only).
std::string test_service_yaml(const remedy_facts& facts, const port_set& ports,
                              const remedy_options& options);

/// Values of ingress-nginx's chart that pin its Service to the VIP.
std::string ingress_nginx_values_yaml(const remedy_facts& facts);

}  // namespace netscan::detail
