#include <stdexcept>

#include "contestants.hpp"
#include "netscan/scan/scan.hpp"

namespace netscan::bench {

answers ask_netscan(const job& job) {
  return ask_netscan(job, 1);
}

answers ask_netscan(const job& job, unsigned threads) {
  const plan plan = *plan::make(
      address_set::of({{ip_address::v4(job.first_address),
                        ip_address::v4(job.first_address + job.addresses - 1)}}),
      port_set::of({{job.first_port, static_cast<std::uint16_t>(job.first_port + job.ports - 1)}}));
  const scan_options options = {.timeout = job.timeout,
                                .timing = timing::thorough,  // as the others: waits in full
                                .retries = 0,
                                .concurrency = job.in_flight,
                                .threads = threads};
  answers result;
  const scan_result scanned = scan(plan, options, [&](std::span<const probe_record> records) {
    for (const probe_record& record : records) {
      switch (record.reason) {
        case probe_reason::syn_ack:
          ++result.open;
          break;
        case probe_reason::conn_refused:
          ++result.refused;
          break;
        case probe_reason::no_response:
          ++result.silent;
          break;
        default:
          ++result.other;
      }
    }
    return boost::system::error_code();
  });
  if (!scanned.summary.complete) throw std::runtime_error("netscan's scan is not complete");
  return result;
}

}  // namespace netscan::bench
