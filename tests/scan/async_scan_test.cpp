// The asynchronous interface: tokens, executors, allocators, cancellation, errors of the sink.
#include <gtest/gtest.h>

#include <array>
#include <memory_resource>
#include <thread>

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include "network_namespace.hpp"
#include "scan_support.hpp"

namespace netscan {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using boost::system::error_code;
using testing::make_plan;
using testing::run;

error_code ignore(std::span<const probe_record>) {
  return {};
}

/// Makes these ports silent while it lives.
class silent_ports {
 public:
  silent_ports() {
    run({"nft",
         "add table inet silence; add chain inet silence in { type filter hook input priority "
         "0; }; add rule inet silence in tcp dport 9000-9999 drop"});
  }
  ~silent_ports() { run({"nft", "delete", "table", "inet", "silence"}); }
};

TEST(async_scan, completes_a_callback_on_its_own_executor) {
  asio::io_context scanning;
  asio::io_context handling;
  bool called = false;
  async_scan(scanning.get_executor(), make_plan({"127.0.0.1"}, "80"), {}, ignore,
             asio::bind_executor(handling.get_executor(),
                                 [&](error_code error, const scan_summary& summary) {
                                   called = true;
                                   EXPECT_FALSE(error);
                                   EXPECT_EQ(summary.closed, 1);
                                   EXPECT_TRUE(handling.get_executor().running_in_this_thread());
                                 }));
  std::thread other([&] { scanning.run(); });
  while (!called) {
    handling.restart();
    handling.run_one_for(10ms);
    handling.restart();
  }
  other.join();
}

TEST(async_scan, never_completes_from_within_the_initiating_call) {
  asio::io_context context;
  bool called = false;
  async_scan(context.get_executor(), make_plan({"127.0.0.1"}, "80"), {}, ignore,
             [&](error_code, const scan_summary&) { called = true; });
  EXPECT_FALSE(called);
  context.run();
  EXPECT_TRUE(called);
}

TEST(async_scan, works_with_futures_and_on_a_thread_pool) {
  asio::thread_pool pool(2);
  std::future<scan_summary> first = async_scan(
      asio::make_strand(pool), make_plan({"127.0.0.1"}, "1-500"), {}, ignore, asio::use_future);
  std::future<scan_summary> second = async_scan(
      asio::make_strand(pool), make_plan({"127.0.0.2"}, "1-500"), {}, ignore, asio::use_future);
  EXPECT_EQ(first.get().closed, 500);
  EXPECT_EQ(second.get().closed, 500);
}

TEST(async_scan, works_in_a_coroutine) {
  asio::io_context context;
  const plan plan = make_plan({"127.0.0.1"}, "80,443");
  scan_summary summary;
  asio::co_spawn(
      context,
      [&]() -> asio::awaitable<void> {
        const asio::any_io_executor executor = co_await asio::this_coro::executor;
        summary = co_await async_scan(executor, plan, scan_options(), ignore, asio::use_awaitable);
      },
      [](std::exception_ptr failure) { EXPECT_FALSE(failure); });
  context.run();
  EXPECT_EQ(summary.closed, 2);
}

TEST(async_scan, leaves_others_on_the_io_context_their_turn) {
  asio::io_context context;
  bool done = false;
  async_scan(context.get_executor(), make_plan({"127.0.0.1"}, "-"), {}, ignore,
             [&](error_code, const scan_summary&) { done = true; });
  int turns = 0;
  std::function<void()> take_turn = [&] {
    ++turns;
    if (!done) asio::post(context, take_turn);
  };
  asio::post(context, take_turn);
  context.run();
  // The scan takes hundreds of milliseconds of work and keeps no turn for more than a few.
  EXPECT_GT(turns, 20);
}

TEST(async_scan, is_cancelled_by_its_slot_and_accounts_for_everything) {
  const silent_ports silence;
  for (const asio::cancellation_type type :
       {asio::cancellation_type::total, asio::cancellation_type::partial,
        asio::cancellation_type::terminal}) {
    asio::io_context context;
    asio::cancellation_signal signal;
    testing::collected_scan scan;
    async_scan(
        context.get_executor(), make_plan({"127.0.0.1"}, "8990-9999"), {.timeout = 60s},
        [&](std::span<const probe_record> records) {
          scan.records.insert(scan.records.end(), records.begin(), records.end());
          // All that answers has answered: from here on the scan only waits.
          if (scan.records.size() == 10) asio::post(context, [&] { signal.emit(type); });
          return error_code();
        },
        asio::bind_cancellation_slot(signal.slot(), [&](error_code error, const scan_summary& s) {
          scan.result = {error, s};
        }));
    context.run();  // returns long before the timeout, or the test times out
    testing::expect_sums(scan);
    EXPECT_EQ(scan.result.error, asio::error::operation_aborted);
    EXPECT_EQ(scan.result.summary.closed, 10);
    EXPECT_EQ(scan.result.summary.not_started, 1000);
    EXPECT_FALSE(scan.result.summary.complete);
  }
}

TEST(async_scan, is_cancelled_in_the_middle_of_its_work) {
  asio::io_context context;
  asio::cancellation_signal signal;
  scan_result result;
  const auto cancel_at_first_records = [&, begun = false](auto) mutable {
    if (!std::exchange(begun, true)) {
      asio::post(context, [&] { signal.emit(asio::cancellation_type::total); });
    }
    return error_code();
  };
  async_scan(
      context.get_executor(), make_plan({"127.0.0.0/16"}, "-"), {}, cancel_at_first_records,
      asio::bind_cancellation_slot(signal.slot(), [&](error_code error, const scan_summary& s) {
        result = {error, s};
      }));
  context.run();
  EXPECT_EQ(result.error, asio::error::operation_aborted);
  EXPECT_EQ(result.summary.planned, std::uint64_t{65536} * 65535);
  EXPECT_GT(result.summary.closed, 0);
}

TEST(async_scan, may_be_cancelled_before_it_has_begun) {
  asio::io_context context;
  asio::cancellation_signal signal;
  scan_result result;
  async_scan(
      context.get_executor(), make_plan({"127.0.0.1"}, "80"), {}, ignore,
      asio::bind_cancellation_slot(signal.slot(), [&](error_code error, const scan_summary& s) {
        result = {error, s};
      }));
  signal.emit(asio::cancellation_type::total);
  context.run();
  EXPECT_EQ(result.error, asio::error::operation_aborted);
  EXPECT_EQ(result.summary.not_started, 1);
}

TEST(async_scan, may_be_destroyed_with_its_io_context) {
  asio::io_context context;
  async_scan(context.get_executor(), make_plan({"127.0.0.0/24"}, "1-1000"), {}, ignore,
             [](error_code, const scan_summary&) { FAIL(); });
  context.run_one();
}

TEST(async_scan, stops_with_the_sinks_error) {
  asio::io_context context;
  scan_result result;
  const error_code full(ENOSPC, boost::system::system_category());
  async_scan(
      context.get_executor(), make_plan({"127.0.0.1"}, "-"), {},
      [&](std::span<const probe_record>) { return full; },
      [&](error_code error, const scan_summary& s) {
        result = {error, s};
      });
  context.run();
  EXPECT_EQ(result.error, full);
  EXPECT_FALSE(result.summary.complete);
}

/// Counts what is allocated through it.
template <typename T>
struct counting_allocator {
  using value_type = T;
  std::size_t* count;

  explicit counting_allocator(std::size_t* counter) : count(counter) {}
  template <typename U>
  counting_allocator(const counting_allocator<U>& other) : count(other.count) {}  // NOLINT
  T* allocate(std::size_t n) {
    ++*count;
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* p, std::size_t n) { std::allocator<T>().deallocate(p, n); }
  friend bool operator==(const counting_allocator&, const counting_allocator&) = default;
};

struct allocating_handler {
  using allocator_type = counting_allocator<void>;
  std::size_t* count;
  allocator_type get_allocator() const { return allocator_type(count); }
  void operator()(error_code, const scan_summary&) const {}
};

TEST(async_scan, uses_the_handlers_allocator) {
  asio::io_context context;
  std::size_t count = 0;
  async_scan(context.get_executor(), make_plan({"127.0.0.1"}, "80"), {}, ignore,
             allocating_handler{&count});
  context.run();
  EXPECT_GT(count, 0);
}

TEST(scan, is_stopped_by_its_token) {
  const silent_ports silence;
  std::stop_source source;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(50ms);
    source.request_stop();
  });
  for (const unsigned threads : {1U, 2U}) {
    const scan_result result =
        scan(make_plan({"127.0.0.1"}, "9000-9999"), {.timeout = 60s, .threads = threads}, ignore,
             source.get_token());
    EXPECT_EQ(result.error, asio::error::operation_aborted);
    EXPECT_EQ(result.summary.not_started, 1000);
  }
}

TEST(scan, with_threads_stops_all_of_them_when_the_sink_fails) {
  const error_code closed(EPIPE, boost::system::system_category());
  const scan_result result = scan(make_plan({"127.0.0.0/16"}, "-"), {.threads = 2},
                                  [&](std::span<const probe_record>) { return closed; });
  EXPECT_EQ(result.error, closed);
  EXPECT_FALSE(result.summary.complete);
}

TEST(scan, reports_its_progress) {
  scan_progress progress;
  const scan_result result =
      scan(make_plan({"127.0.0.1"}, "1-2000"), {.threads = 2}, ignore, {}, &progress);
  EXPECT_EQ(progress.ended, 2000);
  EXPECT_EQ(progress.attempts, result.summary.syns);
  EXPECT_EQ(progress.in_flight, 0);
}

}  // namespace
}  // namespace netscan
