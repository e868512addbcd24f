#include "netscan/check/trace.hpp"

#include <optional>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include "netscan/scan/host.hpp"
#include "netscan/target/status.hpp"
#include "scan/clock.hpp"
#include "scan/neighbor_table.hpp"
#include "scan/socket_pool.hpp"
#include "trace_machine.hpp"

namespace netscan {

namespace asio = boost::asio;
using boost::system::error_code;

namespace detail {
namespace {

address_set single(const ip_address& address) {
  return address_set::of({{address, address}});
}

trace_record begin_record(const endpoint& to) {
  trace_record record;
  record.ip = to.address;
  record.port = to.port;
  record.time = wall_clock();
  const std::vector<source_address> sources = source_addresses(single(to.address));
  if (!sources.empty()) record.source = sources.front();
  return record;
}

}  // namespace

/// Carries out the machine's orders with the pool's sockets, as a scan does.
struct trace_task::implementation {
  implementation(const asio::any_io_executor& where, const endpoint& destination,
                 const trace_options& options)
      : executor(where),
        to(destination),
        machine(options),
        record(begin_record(destination)),
        started(now()) {
    try {
      pool.emplace(machine.most_slots(), own_addresses());
      descriptor.emplace(executor, pool->native_handle());
    } catch (const boost::system::system_error& failure) {
      pool.reset();
      error = failure.code();
    }
    machine.report(record);
  }

  ~implementation() { let_go(); }

  bool run() noexcept {
    if (!pool) return true;
    for (;;) {
      // Before each order, so that round-trip times are true and no SYN is sent beyond an end that
      // has answered. Silence counts up to when they were looked at, whatever has held this process
      // up since.
      const instant looked_at = now();
      take_answers();
      const order order = machine.next(looked_at);
      switch (order.what) {
        case order::aim:
          aim(order.slot);
          break;
        case order::abandon:
          abandon(order.slot);
          break;
        case order::flush:
          break;
        case order::wait:
          pool->wake_at(order.until);
          return false;
        case order::finished:
          finish();
          return true;
      }
    }
  }

  void take_answers() noexcept {
    for (bool more = true; more;) {
      for (const socket_pool::event& event : pool->poll(more)) {
        if (!machine.in_flight(event.slot)) continue;
        tell(event.slot, pool->resolve(event, age_of(event.slot)));
      }
    }
  }

  void aim(slot_index slot) noexcept {
    const std::uint8_t hops = machine.hops(slot);
    if (hops != 0) {
      const int error = pool->limit_hops(slot, to.address.family(), hops);
      if (error != 0) return machine.failed_locally(slot, error, now());
    }
    machine.aimed(slot, now());
    tell(slot, pool->aim(slot, to));
  }

  void abandon(slot_index slot) noexcept {
    const instant age = age_of(slot);
    tell(slot, pool->abandon(slot, age));
  }

  void tell(slot_index slot, attempt_result result) noexcept {
    if (result.state != attempt_result::pending) {
      neighbors.correct(result, to.address, age_of(slot));
    }
    switch (result.state) {
      case attempt_result::pending:
        return;
      case attempt_result::answered:
        machine.answered(slot, result.what, now());
        break;
      case attempt_result::silent:
        machine.silent(slot);
        break;
      case attempt_result::failed_locally:
        machine.failed_locally(slot, result.error, now());
        break;
      case attempt_result::self_connected:
        machine.self_connected(slot, now());
        break;
    }
    // A slot is for one hop and not used again, but for what failed locally.
    pool->close(slot);
  }

  void stop(error_code why) noexcept {
    if (!pool) return;
    if (!error) error = why;
    finish();
  }

  void finish() noexcept {
    machine.report(record);
    record.duration_us =
        static_cast<std::uint64_t>((now() - started) / std::chrono::microseconds(1));
    if (record.end) record.end->time = wall_clock();
    let_go();
  }

  void let_go() noexcept {
    // The descriptor is the pool's to close.
    if (descriptor) descriptor->release();
    descriptor.reset();
    pool.reset();
  }

  instant age_of(slot_index slot) const noexcept { return now() - machine.aimed_at(slot); }

  asio::any_io_executor executor;
  endpoint to;
  trace_machine machine;
  trace_record record;
  instant started;
  error_code error;
  std::optional<socket_pool> pool;
  neighbor_table neighbors;
  std::optional<asio::posix::stream_descriptor> descriptor;
};

trace_task::trace_task(const asio::any_io_executor& executor, const endpoint& to,
                       const trace_options& options)
    : implementation_(std::make_unique<implementation>(executor, to, options)) {}

trace_task::~trace_task() = default;

bool trace_task::run() noexcept {
  return implementation_->run();
}

void trace_task::stop(error_code why) noexcept {
  implementation_->stop(why);
}

trace_result trace_task::result() const {
  return {implementation_->error, implementation_->record};
}

asio::posix::stream_descriptor& trace_task::descriptor() noexcept {
  return *implementation_->descriptor;
}

asio::any_io_executor trace_task::get_executor() noexcept {
  return implementation_->executor;
}

}  // namespace detail

absl::Status validate(const trace_options& options) {
  if (options.first_hop < 1 || options.first_hop > 255) {
    return invalid_argument("first hop {} is out of range: 1 to 255", options.first_hop);
  }
  if (options.max_hops < options.first_hop || options.max_hops > 255) {
    return invalid_argument("{} hops at most are out of range: {} (the first hop) to 255",
                            options.max_hops, options.first_hop);
  }
  if (options.queries < 1 || options.queries > 10) {
    return invalid_argument("{} queries a hop are out of range: 1 to 10", options.queries);
  }
  if (options.gaps < 1 || options.gaps > 255) {
    return invalid_argument("{} gaps are out of range: 1 to 255", options.gaps);
  }
  if (options.timeout < std::chrono::milliseconds(1) ||
      options.timeout > std::chrono::minutes(10)) {
    return invalid_argument("timeout {} ms is out of range: 1 ms to 10 minutes",
                            options.timeout.count());
  }
  return absl::OkStatus();
}

trace_result trace(const endpoint& to, const trace_options& options, const std::stop_token& stop) {
  asio::io_context context{1};
  asio::cancellation_signal cancellation;
  trace_result result;
  async_trace(
      context.get_executor(), to, options,
      asio::bind_cancellation_slot(cancellation.slot(), [&](error_code error, trace_record record) {
        result = {error, std::move(record)};
      }));
  const std::stop_callback on_stop(stop, [&] {
    asio::post(context, [&] { cancellation.emit(asio::cancellation_type::total); });
  });
  context.run();
  return result;
}

}  // namespace netscan
