/// A network and a host in virtual time, for the scan machine to be run against.
///
/// Everything that happens follows from the seed: what each endpoint is, how long it takes, which
/// packets get lost, when the host runs out of something. A failure is a seed that replays.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "machine.hpp"
#include "netscan/target/plan.hpp"

namespace netscan::testing {

struct network_options {
  std::uint64_t seed = 1;
  double open = 0.1;
  double closed = 0.2;
  double rejected = 0.1;
  double unaskable_here = 0;  ///< share of endpoints this host has no route to
  detail::instant rtt_min = std::chrono::milliseconds(1);
  detail::instant rtt_max = std::chrono::milliseconds(20);
  double slow = 0;  ///< share of endpoints that take up to a second longer
  double loss = 0;  ///< of each packet, each way
  double duplicates = 0;
  std::uint32_t host_sockets = ~0U;  ///< EMFILE above
  double host_shortage = 0;          ///< share of attempts that fail with ENOBUFS
};

enum class endpoint_kind : std::uint8_t { open, closed, rejected, silent, no_route };

/// What a run showed, besides the records.
struct simulation_result {
  std::vector<probe_record> records;
  scan_summary summary;
  std::uint64_t syns_sent = 0;
  std::uint32_t most_in_flight = 0;
  std::uint32_t most_to_an_address = 0;
  std::uint32_t most_to_a_network = 0;
  std::size_t most_looked_for = 0;  ///< addresses asked in the last 3.1 s that have not answered
  std::vector<detail::instant> sent_at;
  std::set<endpoint> answered;  ///< an answer reached the host while it waited for it
  detail::instant took{};
  std::string broken;  ///< the first broken rule of the machine's own interface
};

endpoint_kind kind_of(const network_options& network, const endpoint& probe);

/// Runs the machine over the whole plan, or until `stop_after` in virtual time.
simulation_result simulate(const plan& plan, const network_options& network,
                           detail::machine_options options,
                           detail::instant stop_after = detail::instant::max());

}  // namespace netscan::testing
