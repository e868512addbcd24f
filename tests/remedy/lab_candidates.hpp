/// What was found in scans that tests begin from.
#pragma once

#include <vector>

#include "lab_results.hpp"
#include "netscan/remedy/candidates.hpp"

namespace netscan::testing {

/// Of the lab's scans, the client's and the node's.
inline candidate_list lab_candidates(const candidate_options& options = {}) {
  const std::vector<scan_results> clients = {lab_pc()};
  const std::vector<scan_results> owners = {lab_node()};
  return find_candidates(clients, owners, options).value();
}

/// A list that chose exactly these, which are open, in this order.
inline candidate_list open_candidates(const std::vector<ip_address>& addresses) {
  scan_results scan = scan_of("pc", {});
  for (const ip_address& address : addresses) {
    for (const std::uint16_t port : lab_ports) {
      scan.probes.push_back(seen(address, port, probe_reason::syn_ack));
    }
  }
  const std::vector<scan_results> clients = {scan};
  return find_candidates(clients, {}, {.prefer = addresses}).value();
}

}  // namespace netscan::testing
