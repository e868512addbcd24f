#include "connector.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>

#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "netscan/scan/host.hpp"
#include "scan/clock.hpp"
#include "scan/neighbor_table.hpp"
#include "scan/socket_pool.hpp"

namespace netscan::detail {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// The kernel's own measurement knows nothing of what else this thread had to do meanwhile, such as
/// another check's cryptography.
void take_kernels_rtt(int connection, std::vector<probe_record>& attempts) {
  tcp_info info{};
  socklen_t size = sizeof info;
  const bool is_known =
      ::getsockopt(connection, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && info.tcpi_rtt != 0;
  for (probe_record& attempt : attempts) {
    if (!is_known || attempt.reason != probe_reason::syn_ack) continue;
    attempt.rtt_us = std::min<std::uint32_t>(*attempt.rtt_us, info.tcpi_rtt);
  }
}

/// Carries out the race's orders with the pool's sockets, as a scan does with its machine's.
class connector {
 public:
  connector(const asio::any_io_executor& executor, const std::vector<endpoint>& endpoints,
            const race_options& options)
      : pool_(static_cast<std::uint32_t>(endpoints.size()), own_addresses()),
        race_(endpoints, options),
        descriptor_(executor, pool_.native_handle()) {
    pool_.keep_connections();
  }
  connector(const connector&) = delete;
  connector& operator=(const connector&) = delete;
  ~connector() {
    // The descriptor is the pool's to close.
    if (descriptor_.is_open()) descriptor_.release();
  }

  asio::awaitable<void> run() {
    error_code error;
    const asio::cancellation_state cancellation = co_await asio::this_coro::cancellation_state;
    // It may come while no wait is under way.
    const auto goes_on = [&] {
      return !error && cancellation.cancelled() == asio::cancellation_type::none;
    };
    while (goes_on() && !carry_out_orders()) {
      std::tie(error) =
          co_await descriptor_.async_wait(asio::posix::descriptor_base::wait_read,
                                          asio::experimental::as_tuple(asio::use_awaitable));
      take_answers();
    }
  }

  connect_result result() {
    connect_result result;
    result.attempts = race_.records();
    result.overtaken = race_.overtaken();
    if (const std::optional<slot_index> winner = race_.winner()) {
      result.connection = pool_.take(*winner);
      take_kernels_rtt(result.connection.get(), result.attempts);
      result.peer = race_.destination(*winner);
    }
    return result;
  }

 private:
  void take_answers() {
    for (bool more = true; more;) {
      for (const socket_pool::event& event : pool_.poll(more)) {
        const instant time = now();
        tell(event.slot, pool_.resolve(event, time - race_.aimed_at(event.slot)), time);
      }
    }
  }

  /// False when there is something to wait for.
  bool carry_out_orders() {
    for (;;) {
      const order order = race_.next(now());
      switch (order.what) {
        case order::aim:
          aim(order.slot);
          break;
        case order::abandon:
          abandon(order.slot);
          break;
        case order::wait:
          pool_.wake_at(order.until);
          return false;
        case order::flush:
        case order::finished:
          return true;
      }
    }
  }

  void aim(slot_index slot) {
    const instant time = now();
    const attempt_result result = pool_.aim(slot, race_.destination(slot));
    if (result.state != attempt_result::failed_locally) race_.aimed(slot, time);
    tell(slot, result, now());
  }

  void abandon(slot_index slot) {
    const instant time = now();
    const instant age = time - race_.aimed_at(slot);
    tell(slot, pool_.abandon(slot, age), time);
  }

  void tell(slot_index slot, attempt_result result, instant time) {
    // The table is not kept: most connections never need it.
    if (result.state == attempt_result::silent || result.what.reason == probe_reason::no_neighbor) {
      neighbor_table().correct(result, race_.destination(slot).address,
                               time - race_.aimed_at(slot));
    }
    switch (result.state) {
      case attempt_result::pending:
        return;
      case attempt_result::answered:
        return race_.answered(slot, result.what, time);
      case attempt_result::silent:
        return race_.silent(slot, time);
      case attempt_result::failed_locally:
        return race_.failed_locally(slot, result.error, time);
      case attempt_result::self_connected:
        return race_.self_connected(slot, time);
    }
  }

  socket_pool pool_;
  connect_race race_;
  asio::posix::stream_descriptor descriptor_;
};

}  // namespace

asio::awaitable<connect_result> connect_to_any(std::vector<endpoint> endpoints,
                                               race_options options) {
  connect_result result;
  try {
    connector connector(co_await asio::this_coro::executor, endpoints, options);
    co_await connector.run();
    result = connector.result();
  } catch (const boost::system::system_error& failure) {
    result.failure = failure.code();
  }
  co_return result;
}

}  // namespace netscan::detail
