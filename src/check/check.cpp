#include "netscan/check/check.hpp"

#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>

#include "check_session.hpp"

namespace netscan {
namespace detail {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

asio::awaitable<check_record> run_check(check_request request) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  co_await asio::this_coro::throw_if_cancelled(false);
  check_session session(std::move(request));
  const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() == asio::cancellation_type::none) co_await session.run();
  co_return session.finish();
}

/// Turns the end of the coroutine into that of the operation.
struct completion {
  check_handler handler;

  void operator()(const std::exception_ptr& failure, check_record record) {
    error_code error;
    if (failure) {
      // Nothing here throws but for want of memory.
      error = asio::error::no_memory;
    } else if (record.outcome == check_outcome::stopped) {
      error = asio::error::operation_aborted;
    }
    std::move(handler)(error, std::move(record));
  }
};

}  // namespace
}  // namespace detail
}  // namespace netscan

/// The handler's executor, allocator and cancellation slot are the operation's.
template <template <typename, typename> class Associator, typename Default>
struct boost::asio::associator<Associator, netscan::detail::completion, Default>
    : Associator<netscan::detail::check_handler, Default> {
  static auto get(const netscan::detail::completion& completion) noexcept {
    return Associator<netscan::detail::check_handler, Default>::get(completion.handler);
  }
  static auto get(const netscan::detail::completion& completion,
                  const Default& otherwise) noexcept {
    return Associator<netscan::detail::check_handler, Default>::get(completion.handler, otherwise);
  }
};

namespace netscan {

void detail::start_check(const boost::asio::any_io_executor& executor, check_request request,
                         check_handler handler) {
  boost::asio::co_spawn(executor, run_check(std::move(request)), completion{std::move(handler)});
}

}  // namespace netscan
