// Scans inside an io_context that does other things too, and can be stopped by a signal.
#include <fmt/format.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <netscan/scan/scan.hpp>

namespace asio = boost::asio;

int main() {
  auto targets = netscan::address_set::of({*netscan::parse_cidr("127.0.0.1/32")});
  auto plan = netscan::plan::make(targets, *netscan::parse_ports("80-90"));

  asio::io_context context;
  asio::cancellation_signal stop;
  asio::signal_set signals(context, SIGINT);
  signals.async_wait([&](auto error, int) {
    if (!error) stop.emit(asio::cancellation_type::total);
  });

  netscan::async_scan(
      context.get_executor(), *plan, {},
      [](std::span<const netscan::probe_record> records) {
        for (const auto& r : records) {
          fmt::print("{} port {}: {}\n", r.ip, r.port, to_string(r.state()));
        }
        return boost::system::error_code();
      },
      asio::bind_cancellation_slot(stop.slot(), [&](auto error, netscan::scan_summary summary) {
        fmt::print("{}: {} of {}\n", error.message(), summary.ended(), summary.planned);
        signals.cancel();
      }));
  context.run();
}
