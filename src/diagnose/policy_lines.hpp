#pragma once

#include <string>
#include <string_view>

#include "netscan/diagnose/policy.hpp"
#include "netscan/diagnose/policy_verdict.hpp"

namespace netscan::detail {

/// `holds`, `violated` or `unknown`.
std::string_view outcome_of(const policy_case& one) noexcept;

/// `10.0.0.60-10.0.0.69:80,443, 10.0.0.80:80 and 7 more`.
std::string endpoints_of(const policy_finding& finding);

/// `expected open, seen filtered (admin-prohibited from 192.168.77.1)`; printable.
std::string sentence_of(const policy_rule& rule, const policy_finding& finding);

}  // namespace netscan::detail
