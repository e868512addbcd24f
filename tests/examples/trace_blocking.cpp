// Asks hop by hop how far a connection gets.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <netscan/check/trace.hpp>

int main() {
  auto result = netscan::trace({*netscan::parse_ip_address("127.0.0.1"), 80});
  for (const netscan::trace_hop& hop : result.record.hops) {
    fmt::print("{} {} {}/{}\n", hop.ttl, fmt::join(netscan::routers_of(hop), " "), hop.answered(),
               hop.queries);
  }
  fmt::print("{}\n", netscan::summary_of(result.record));
  return result.error ? 1 : 0;
}
