/// Checking endpoints: what `nc -v` and `curl -k` tell, layer by layer, in one answer.
///
/// Many at once, blocking:
///
///     std::vector<netscan::check_request> requests = {
///         *netscan::parse_check_target("gitlab.ailab.com:443"),
///         *netscan::parse_check_target("https://gitlab.ailab.com/")};
///     for (const netscan::check_record& r : netscan::check(requests)) {
///       fmt::print("{}: {}\n", r.target, r.summary);
///     }
///
/// One, inside any io_context, with any completion token:
///
///     netscan::check_record r = co_await netscan::async_check(executor, request,
///                                                             boost::asio::use_awaitable);
///
/// The TCP verdicts are those of a scan: same reasons, same evidence, no privileges. A server may
/// do what it likes: a check ends within its timeout, keeps a bounded part of what it is sent, and
/// names the layer that failed.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>
#include <utility>
#include <vector>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/system/error_code.hpp>

#include "netscan/check/check_record.hpp"
#include "netscan/check/check_request.hpp"

namespace netscan {

namespace detail {

using check_handler =
    boost::asio::any_completion_handler<void(boost::system::error_code, check_record)>;

void start_check(const boost::asio::any_io_executor& executor, check_request request,
                 check_handler handler);

}  // namespace detail

/// Checks one endpoint. The request must be valid (validate()).
///
/// @par Errors
/// None when the check came to its end, whatever it found: that is in the record.
/// `boost::asio::error::operation_aborted` when it was cancelled; the record then has the layers
/// that had ended, and the outcome `stopped`. `std::bad_alloc`'s equivalent,
/// `boost::asio::error::no_memory`, when there was no memory.
/// @par Completion token
/// Signature `void(boost::system::error_code, netscan::check_record)`. The handler's associated
/// executor is used for it.
/// @par Cancellation
/// Total, partial and terminal cancellation all stop the check at once. Emit the signal from where
/// the check runs (Asio's rule). A name that is being looked up goes on being looked up in a thread
/// of its own that nobody waits for: getaddrinfo(3) cannot be stopped.
/// @par Thread safety
/// One thread at a time may run the executor: an io_context with one thread, or a strand. Any
/// number of checks may run side by side.
template <boost::asio::completion_token_for<void(boost::system::error_code, check_record)> Token>
auto async_check(const boost::asio::any_io_executor& executor, check_request request,
                 Token&& token) {
  return boost::asio::async_initiate<Token, void(boost::system::error_code, check_record)>(
      [](auto handler, const boost::asio::any_io_executor& where, auto what) {
        detail::start_check(where, std::move(what), std::move(handler));
      },
      token, executor, std::move(request));
}

/// How many checks are made side by side.
struct check_run_options {
  /// 1 to 4096; fewer when the limit of open files has no room for them.
  unsigned concurrency = 64;
};

/// Takes records as checks end; `index` is the request's. Must not throw.
using check_sink = std::function<void(std::size_t index, const check_record&)>;

namespace detail {

using check_all_handler =
    boost::asio::any_completion_handler<void(boost::system::error_code, std::vector<check_record>)>;

void start_check_all(const boost::asio::any_io_executor& executor,
                     std::vector<check_request> requests, const check_run_options& options,
                     check_sink sink, check_all_handler handler);

}  // namespace detail

/// Checks many endpoints side by side. `sink`, if there is one, gets each record as soon as it is
/// there.
///
/// @par Errors
/// None when all checks came to their end. `boost::asio::error::operation_aborted` when they were
/// cancelled: what had not ended by then has the outcome `stopped`, and did not go to the sink.
/// @par Completion token
/// Signature `void(boost::system::error_code, std::vector<netscan::check_record>)`, the records in
/// the order of the requests. The handler's associated executor is used for it.
/// @par Cancellation, thread safety
/// As of async_check(). The sink is called where the checks run.
template <
    boost::asio::completion_token_for<void(boost::system::error_code, std::vector<check_record>)>
        Token>
auto async_check_all(const boost::asio::any_io_executor& executor,
                     std::vector<check_request> requests, const check_run_options& options,
                     check_sink sink, Token&& token) {
  return boost::asio::async_initiate<Token,
                                     void(boost::system::error_code, std::vector<check_record>)>(
      [](auto handler, const boost::asio::any_io_executor& where, auto what,
         const check_run_options& how, auto taker) {
        detail::start_check_all(where, std::move(what), how, std::move(taker), std::move(handler));
      },
      token, executor, std::move(requests), options, std::move(sink));
}

/// The same, and returns when all is done. The sink is called from this thread. Raises this
/// process' limit of open files, see raise_descriptor_limit(). `stop` ends all checks within 100
/// ms.
std::vector<check_record> check(std::span<const check_request> requests,
                                const check_run_options& options = {}, const check_sink& sink = {},
                                const std::stop_token& stop = {});

}  // namespace netscan
