// A scan within an io_context that serves connections at the same time, on the same thread.
#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <netscan/scan/scan.hpp>

namespace asio = boost::asio;

asio::awaitable<void> serve(asio::ip::tcp::acceptor& acceptor, int& served) {
  for (;;) {
    co_await acceptor.async_accept(asio::use_awaitable);  // and close it again
    ++served;
  }
}

int main() {
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 8080});
  int served = 0;
  asio::co_spawn(context, serve(acceptor, served), asio::detached);

  auto targets = netscan::address_set::of({*netscan::parse_cidr("127.0.0.1/32")});
  auto plan = netscan::plan::make(targets, *netscan::parse_ports("8000-8100"));
  netscan::async_scan(
      context.get_executor(), *plan, {},
      [](std::span<const netscan::probe_record>) { return boost::system::error_code(); },
      [&](auto, netscan::scan_summary summary) {
        fmt::print("{} open, {} closed\n", summary.open, summary.closed);
        acceptor.close();
        context.stop();
      });
  context.run();
}
