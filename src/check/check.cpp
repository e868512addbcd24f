#include "netscan/check/check.hpp"

#include <memory>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>

#include "check_session.hpp"

namespace netscan {
namespace detail {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// Passes a cancellation on to the session and its coroutine, which by itself drops what comes
/// before its first step, and any type but terminal.
struct stop_request {
  bool is_made = false;
  check_session* session = nullptr;
  asio::cancellation_signal to_coroutine;

  void make() {
    is_made = true;
    if (session != nullptr) session->stop();
    to_coroutine.emit(asio::cancellation_type::terminal);
  }
};

/// The session that a stop goes to, for as long as there is one: also when its coroutine is
/// destroyed where it waits.
class stoppable {
 public:
  stoppable(stop_request& stop, check_session& session) : stop_(stop) { stop.session = &session; }
  stoppable(const stoppable&) = delete;
  stoppable& operator=(const stoppable&) = delete;
  ~stoppable() { stop_.session = nullptr; }

 private:
  stop_request& stop_;
};

asio::awaitable<check_record> run_check(check_request request, std::shared_ptr<stop_request> stop) {
  co_await asio::this_coro::throw_if_cancelled(false);
  check_session session(std::move(request));
  const stoppable goes_to(*stop, session);
  if (!stop->is_made) co_await session.run();
  co_return session.finish();
}

/// Turns the end of the coroutine into that of the operation.
struct completion {
  check_handler handler;
  std::shared_ptr<stop_request> stop;

  void operator()(const std::exception_ptr& failure, check_record record) {
    if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected()) {
      slot.clear();
    }
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

/// The handler's executor and allocator are the operation's.
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
  namespace asio = boost::asio;
  auto stop = std::make_shared<stop_request>();
  if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected()) {
    slot.assign([stop](asio::cancellation_type) { stop->make(); });
  }
  asio::co_spawn(executor, run_check(std::move(request), stop),
                 asio::bind_cancellation_slot(stop->to_coroutine.slot(),
                                              completion{std::move(handler), stop}));
}

}  // namespace netscan
