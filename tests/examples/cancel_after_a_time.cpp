// Stops a scan by its cancellation slot: what was found until then is whole, and counted.
#include <fmt/format.h>

#include <chrono>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <netscan/scan/scan.hpp>

namespace asio = boost::asio;

int main() {
  // All ports of 16 million addresses: more than anybody waits for.
  auto targets = netscan::address_set::of({*netscan::parse_cidr("127.0.0.0/8")});
  auto plan = netscan::plan::make(targets, *netscan::parse_ports("-"));

  asio::io_context context;
  asio::cancellation_signal stop;
  asio::steady_timer timer(context, std::chrono::milliseconds(100));
  timer.async_wait([&](auto) { stop.emit(asio::cancellation_type::total); });

  std::uint64_t seen = 0;
  netscan::async_scan(
      context.get_executor(), *plan, {},
      [&](std::span<const netscan::probe_record> records) {
        seen += records.size();
        return boost::system::error_code();
      },
      asio::bind_cancellation_slot(stop.slot(), [&](auto error, netscan::scan_summary summary) {
        const bool all_there =
            seen == summary.ended() && summary.not_started == summary.planned - summary.ended();
        fmt::print("{}, and {}\n",
                   error == asio::error::operation_aborted ? "stopped" : "not stopped",
                   all_there ? "nothing is lost" : "something is lost");
      }));
  context.run();
}
