// What the tests of checks share.
#pragma once

#include <string>

#include "netscan/check/check.hpp"

namespace netscan::testing {

/// The request for a target as the command line takes it.
check_request request_for(const std::string& target);

/// Checks it and returns the record, whose sums and shapes are looked at on the way.
check_record run_check(const check_request& request);

/// `tls timeout`: the layer that failed, and the reason; `ok` when none did.
std::string verdict_of(const check_record& record);

}  // namespace netscan::testing
