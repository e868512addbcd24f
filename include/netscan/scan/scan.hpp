/// Scanning: asks every probe of a plan over TCP and hands out a record for each.
///
/// Blocking, on threads of its own:
///
///     auto result = netscan::scan(plan, options, [](std::span<const netscan::probe_record> some) {
///       for (const netscan::probe_record& r : some) fmt::print("{} {}\n", r.ip, r.port);
///       return boost::system::error_code();
///     });
///
/// Asynchronous, inside any io_context, with any completion token:
///
///     netscan::scan_result r = co_await netscan::async_scan(executor, plan, options, sink,
///                                                           boost::asio::use_awaitable);
///
/// Verdicts are never guessed: what this host could not ask ends as `error`, silence as
/// `no-response`. Needs no privileges; uses Linux' IP_RECVERR (ip(7)).
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include "netscan/probe/record.hpp"
#include "netscan/scan/options.hpp"
#include "netscan/target/plan.hpp"

namespace netscan {

/// Takes records as probes end, in batches of any size, in no particular order. The span is valid
/// during the call only. Returning an error stops the scan, which then completes with that error.
/// Called from one thread at a time; must not throw.
using record_sink = std::function<boost::system::error_code(std::span<const probe_record>)>;

/// Counts that others may read while a scan runs.
struct scan_progress {
  std::atomic<std::uint64_t> attempts{0};   ///< sent so far
  std::atomic<std::uint64_t> in_flight{0};  ///< of these, waiting for their answer
  std::atomic<std::uint64_t> ended{0};      ///< probes with a verdict
};

struct scan_result {
  /// Nothing when the scan went through to its end, `operation_aborted` when it was stopped, or
  /// the error of the sink, or why the scan could not start (no file descriptors).
  boost::system::error_code error;
  /// Right in any case: what has no verdict is counted as `not_started`.
  scan_summary summary;
};

/// Scans and returns when all is done. Raises this process' limit of open files, see
/// raise_descriptor_limit(). `stop` ends the scan within 100 ms. `progress`, if given, must live as
/// long. `options` must be valid().
scan_result scan(const plan& plan, const scan_options& options, record_sink sink,
                 const std::stop_token& stop = {}, scan_progress* progress = nullptr);

namespace detail {

/// The part of a plan that one scan works on: its indices first, first + stride, ...
struct plan_slice {
  std::uint64_t first = 0;
  std::uint64_t stride = 1;
};

/// A scan that runs whenever its descriptor is ready. Not for use outside this header.
class scan_task {
 public:
  enum class state : std::uint8_t {
    waiting,  ///< nothing to do until the descriptor is readable
    busy,     ///< there is more to do; others were to have their turn
    done,
  };

  scan_task(const boost::asio::any_io_executor& executor, std::shared_ptr<const plan> plan,
            plan_slice slice, const scan_options& options, record_sink sink,
            scan_progress* progress);
  ~scan_task();

  state run() noexcept;
  /// Drops what is in flight. After it only result() may be called.
  void stop(boost::system::error_code why) noexcept;
  scan_result result() const;

  boost::asio::posix::stream_descriptor& descriptor() noexcept;
  boost::asio::any_io_executor get_executor() noexcept;

 private:
  struct implementation;
  std::unique_ptr<implementation> implementation_;
};

/// The intermediate steps of async_scan(), for boost::asio::async_compose().
struct scan_operation {
  std::unique_ptr<scan_task> task;
  bool started = false;

  template <typename Self>
  void operator()(Self& self, boost::system::error_code error = {}) {
    if (!started) {
      started = true;
      self.reset_cancellation_state(boost::asio::enable_total_cancellation());
      return continue_later(self);
    }
    if (!error && self.cancelled() != boost::asio::cancellation_type::none) {
      error = boost::asio::error::operation_aborted;
    }
    if (error) task->stop(error);
    switch (error ? scan_task::state::done : task->run()) {
      case scan_task::state::waiting: {
        boost::asio::posix::stream_descriptor& descriptor = task->descriptor();
        return descriptor.async_wait(boost::asio::posix::descriptor_base::wait_read,
                                     std::move(self));
      }
      case scan_task::state::busy:
        return continue_later(self);
      case scan_task::state::done:
        break;
    }
    const scan_result result = task->result();
    task.reset();  // whoever is called next has all resources back
    self.complete(result.error, result.summary);
  }

  template <typename Self>
  void continue_later(Self& self) {
    const boost::asio::any_io_executor executor = task->get_executor();
    boost::asio::post(executor, std::move(self));
  }
};

template <typename Token>
auto async_run(std::unique_ptr<scan_task> task, Token&& token) {
  const boost::asio::any_io_executor executor = task->get_executor();
  return boost::asio::async_compose<Token, void(boost::system::error_code, scan_summary)>(
      scan_operation{std::move(task)}, token, executor);
}

}  // namespace detail

/// Scans on the given executor; one thread at a time runs it.
///
/// @par Errors
/// As in scan_result: none, `boost::asio::error::operation_aborted`, the sink's, or that of the
/// system call that failed at the start. The summary is right in each case.
/// @par Completion token
/// Signature `void(boost::system::error_code, netscan::scan_summary)`. The handler's associated
/// executor and allocator are used for it and for the intermediate steps.
/// @par Cancellation
/// Total, partial and terminal cancellation all stop the scan within 100 ms: sockets are closed,
/// records so far have been handed out. Emit the signal from where the scan runs (Asio's rule).
/// @par Thread safety
/// The scan touches only its own state, `sink` and `progress`. Any number of scans may run side by
/// side. `options.threads` is not looked at here: run one scan a thread, with a shard each.
/// @par Limits
/// Takes at most as many sockets as descriptor_budget() says at the start; see also
/// raise_descriptor_limit().
template <boost::asio::completion_token_for<void(boost::system::error_code, scan_summary)> Token>
auto async_scan(const boost::asio::any_io_executor& executor, netscan::plan plan,
                const scan_options& options, record_sink sink, Token&& token,
                scan_progress* progress = nullptr) {
  return detail::async_run(std::make_unique<detail::scan_task>(
                               executor, std::make_shared<const netscan::plan>(std::move(plan)),
                               detail::plan_slice{}, options, std::move(sink), progress),
                           std::forward<Token>(token));
}

}  // namespace netscan
