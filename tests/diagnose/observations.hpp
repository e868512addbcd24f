// Views to make diagnoses of: all of 10.0.0.216, port 443, at the same time.
#pragma once

#include <string>
#include <vector>

#include "netscan/check/trace_record.hpp"
#include "netscan/diagnose/sight.hpp"

namespace netscan::testing {

ip_address address(const std::string& text);

/// A scan's view. Where the reason is an ICMP error, 192.168.77.1 has sent it; `no-neighbor` was
/// found out on the address' own link, and `local-error` is ENETUNREACH.
observation saw(const std::string& vantage, probe_reason reason);
observation rejected_by(const std::string& vantage, probe_reason reason, const std::string& sender);

/// Some view of this kind.
observation saw_sight(const std::string& vantage, sight what);

/// A check of https://gitlab.ailab.com/ that came to this end at this layer; without a problem all
/// layers up to it are right. A connect is met with silence, a wrong status is 502.
check_record check_of(const std::string& vantage, check_layer layer, check_problem problem);
observation of_check(const check_record& check);

/// A trace to 10.0.0.216:443 by way of these routers.
trace_record trace_ending(const std::string& vantage, probe_reason reason,
                          const std::vector<std::string>& routers);

}  // namespace netscan::testing
