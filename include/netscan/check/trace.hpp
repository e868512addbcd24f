/// Tracing: where on the way to an endpoint the answer comes from, or stops.
///
/// Blocking:
///
///     netscan::trace_result result = netscan::trace({*netscan::parse_ip_address("10.0.0.216"),
///     443}); fmt::print("{}\n", netscan::summary_of(result.record));
///
/// Asynchronous, inside any io_context, with any completion token:
///
///     netscan::trace_record record = co_await netscan::async_trace(executor, endpoint, {},
///                                                                  boost::asio::use_awaitable);
///
/// It asks by TCP connects, as the scan does, so it sees what a client of the service meets; a
/// firewall may let through ping and the traceroute that people commonly use, and not this. Needs
/// no privileges (IP_TTL, IP_RECVERR: ip(7)). A connect that gets as far as an open port is made
/// and dropped at once.
#pragma once

#include <absl/status/status.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include "netscan/check/trace_record.hpp"
#include "netscan/target/plan.hpp"

namespace netscan {

struct trace_options {
  /// The first hop to ask, 1 to 255: to leave out a way that is known.
  unsigned first_hop = 1;
  /// The last hop to ask at most, `first_hop` to 255.
  unsigned max_hops = 30;
  /// SYNs to each hop, each from a port of its own, 1 to 10.
  unsigned queries = 3;
  /// Give up after so many silent hops in a row, 1 to 255. So many hops are asked ahead at once.
  unsigned gaps = 5;
  /// The longest that one SYN is waited for, 1 ms to 10 minutes. The default has room for the
  /// router that finds nobody at an address, which takes it about 3.1 s (three ARP requests). Once
  /// the end has answered, silent hops are waited for as long as four times the slowest answer
  /// took, 1.1 s at least, which is two SYNs.
  std::chrono::milliseconds timeout{4000};
};

/// OK, or InvalidArgument naming the option that is out of its range.
absl::Status validate(const trace_options& options);

struct trace_result {
  /// Nothing when the trace came to its end, whatever it found; `operation_aborted` when it was
  /// stopped, or why it could not start (no file descriptors).
  boost::system::error_code error;
  /// Right in any case: with an error it has what was seen until then. `vantage` is left empty.
  trace_record record;
};

/// Traces and returns when all is done. `stop` ends it within 100 ms. `options` must be valid.
trace_result trace(const endpoint& to, const trace_options& options = {},
                   const std::stop_token& stop = {});

namespace detail {

/// A trace that runs whenever its descriptor is ready. Not for use outside this header.
class trace_task {
 public:
  trace_task(const boost::asio::any_io_executor& executor, const endpoint& to,
             const trace_options& options);
  ~trace_task();

  /// Does what there is to do; true when that was all.
  bool run() noexcept;
  /// Drops what is in flight. After it only result() may be called.
  void stop(boost::system::error_code why) noexcept;
  trace_result result() const;

  boost::asio::posix::stream_descriptor& descriptor() noexcept;
  boost::asio::any_io_executor get_executor() noexcept;

 private:
  struct implementation;
  std::unique_ptr<implementation> implementation_;
};

/// The intermediate steps of async_trace(), for boost::asio::async_compose().
struct trace_operation {
  std::unique_ptr<trace_task> task;
  bool started = false;

  template <typename Self>
  void operator()(Self& self, boost::system::error_code error = {}) {
    if (!std::exchange(started, true)) {
      self.reset_cancellation_state(boost::asio::enable_total_cancellation());
      const boost::asio::any_io_executor executor = task->get_executor();
      return boost::asio::post(executor, std::move(self));
    }
    if (!error && self.cancelled() != boost::asio::cancellation_type::none) {
      error = boost::asio::error::operation_aborted;
    }
    if (error) task->stop(error);
    if (!error && !task->run()) {
      boost::asio::posix::stream_descriptor& descriptor = task->descriptor();
      return descriptor.async_wait(boost::asio::posix::descriptor_base::wait_read, std::move(self));
    }
    trace_result result = task->result();
    task.reset();  // whoever is called next has all resources back
    self.complete(result.error, std::move(result.record));
  }
};

}  // namespace detail

/// Traces on the given executor; one thread at a time runs it.
///
/// @par Errors
/// As in trace_result: none, `boost::asio::error::operation_aborted`, or that of the system call
/// that failed at the start. The record is right in each case.
/// @par Completion token
/// Signature `void(boost::system::error_code, netscan::trace_record)`. The handler's associated
/// executor and allocator are used for it and for the intermediate steps.
/// @par Cancellation
/// Total, partial and terminal cancellation all stop the trace within 100 ms. Emit the signal from
/// where the trace runs (Asio's rule).
/// @par Thread safety
/// A trace touches only its own state. Any number of traces may run side by side.
template <boost::asio::completion_token_for<void(boost::system::error_code, trace_record)> Token>
auto async_trace(const boost::asio::any_io_executor& executor, const endpoint& to,
                 const trace_options& options, Token&& token) {
  return boost::asio::async_compose<Token, void(boost::system::error_code, trace_record)>(
      detail::trace_operation{std::make_unique<detail::trace_task>(executor, to, options)}, token,
      executor);
}

}  // namespace netscan
