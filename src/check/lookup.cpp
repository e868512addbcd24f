#include "lookup.hpp"

#include <netdb.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace netscan::detail {
namespace {

namespace asio = boost::asio;

constexpr int most_threads = 512;
std::atomic<int> threads{0};

/// What the thread and who waits for it share.
class pending_lookup : public std::enable_shared_from_this<pending_lookup> {
 public:
  explicit pending_lookup(asio::steady_timer& waiting)
      : waiting_(&waiting), executor_(waiting.get_executor()) {}

  /// In the thread. The lock is held while the executor is used: as long as somebody waits, it is
  /// there.
  void finish(resolution answer) {
    const std::lock_guard lock(mutex_);
    if (!executor_) return;
    answer_ = std::move(answer);
    asio::post(*executor_, [self = shared_from_this()] {
      if (self->waiting_ != nullptr) self->waiting_->cancel();
    });
  }

  /// In the waiting coroutine: from here on nobody waits.
  std::optional<resolution> leave() noexcept {
    const std::lock_guard lock(mutex_);
    executor_.reset();
    waiting_ = nullptr;
    return std::exchange(answer_, std::nullopt);
  }

 private:
  std::mutex mutex_;
  asio::steady_timer* waiting_;
  std::optional<asio::any_io_executor> executor_;
  std::optional<resolution> answer_;
};

/// Leaves also when the coroutine is destroyed where it waits.
class waiter {
 public:
  explicit waiter(std::shared_ptr<pending_lookup> lookup) : lookup_(std::move(lookup)) {}
  waiter(const waiter&) = delete;
  waiter& operator=(const waiter&) = delete;
  ~waiter() { lookup_->leave(); }

 private:
  std::shared_ptr<pending_lookup> lookup_;
};

/// False when there is no thread to be had.
bool start_thread(std::string name, std::shared_ptr<pending_lookup> lookup) {
  if (++threads > most_threads) {
    --threads;
    return false;
  }
  try {
    std::thread([name = std::move(name), lookup = std::move(lookup)]() mutable {
      lookup->finish(look_up_now(name));
      lookup.reset();
      --threads;
    }).detach();
  } catch (const std::system_error&) {
    --threads;
    return false;
  }
  return true;
}

}  // namespace

asio::awaitable<std::optional<resolution>> look_up(std::string name,
                                                   std::chrono::steady_clock::time_point deadline) {
  asio::steady_timer waiting(co_await asio::this_coro::executor, deadline);
  const auto lookup = std::make_shared<pending_lookup>(waiting);
  const waiter waits(lookup);
  if (!start_thread(std::move(name), lookup)) {
    co_return resolution{EAI_MEMORY, "too many names are being looked up", {}};
  }
  co_await waiting.async_wait(asio::experimental::as_tuple(asio::use_awaitable));
  co_return lookup->leave();
}

}  // namespace netscan::detail
