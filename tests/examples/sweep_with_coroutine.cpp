// Scans from a coroutine.
#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <netscan/scan/scan.hpp>

namespace asio = boost::asio;

asio::awaitable<void> sweep(netscan::plan plan) {
  const auto print = [](std::span<const netscan::probe_record> records) {
    for (const auto& r : records)
      fmt::print("{} port {}: {}\n", r.ip, r.port, to_string(r.state()));
    return boost::system::error_code();
  };
  const netscan::scan_summary summary = co_await netscan::async_scan(
      co_await asio::this_coro::executor, std::move(plan), {}, print, asio::use_awaitable);
  fmt::print("{} closed\n", summary.closed);
}

int main() {
  auto targets = netscan::address_set::of({*netscan::parse_cidr("127.0.0.1/32")});
  auto plan = netscan::plan::make(targets, *netscan::parse_ports("80,443"));

  asio::io_context context;
  asio::co_spawn(context, sweep(*plan), asio::detached);
  context.run();
}
