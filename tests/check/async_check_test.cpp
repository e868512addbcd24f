// The asynchronous interface: tokens, executors, cancellation at each layer, many at once.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <set>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include "check_support.hpp"
#include "firewall.hpp"
#include "scripted_server.hpp"

namespace netscan {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using boost::system::error_code;
using testing::answer_with;
using testing::firewall;
using testing::http_response;
using testing::request_for;
using testing::scripted_server;
using testing::server_connection;
using testing::tls_identity;
using testing::verdict_of;

check_request at(std::string_view scheme, std::uint16_t port) {
  check_request request = request_for(fmt::format("{}://127.0.0.1:{}", scheme, port));
  request.timeout = request.connect_timeout = 10min;  // the test's own limit comes first
  request.insecure = true;
  return request;
}

TEST(async_check, completes_a_callback_on_its_own_executor) {
  asio::io_context checking;
  asio::io_context handling;
  int calls = 0;
  async_check(checking.get_executor(), at("tcp", 9),
              asio::bind_executor(handling.get_executor(),
                                  [&](error_code error, const check_record& record) {
                                    ++calls;
                                    EXPECT_FALSE(error);
                                    EXPECT_EQ(verdict_of(record), "tcp conn-refused");
                                  }));
  checking.run();
  EXPECT_EQ(calls, 0);
  handling.run();
  EXPECT_EQ(calls, 1);
}

TEST(async_check, never_completes_from_within_the_initiating_call) {
  asio::io_context context;
  bool called = false;
  async_check(context.get_executor(), at("tcp", 9),
              [&](error_code, const check_record&) { called = true; });
  EXPECT_FALSE(called);
  context.run();
  EXPECT_TRUE(called);
}

TEST(async_check, works_with_futures_and_on_a_thread_pool) {
  const scripted_server server(answer_with(http_response("fine")));
  asio::thread_pool pool(2);
  std::vector<std::future<check_record>> results;
  for (int i = 0; i < 20; ++i) {
    results.push_back(
        async_check(asio::make_strand(pool), at("http", server.port()), asio::use_future));
  }
  for (auto& result : results) EXPECT_EQ(verdict_of(result.get()), "ok");
}

TEST(async_check, works_in_a_coroutine) {
  const scripted_server server(answer_with(http_response("<title>fine</title>")));
  asio::io_context context;
  std::string title;
  asio::co_spawn(
      context,
      [&]() -> asio::awaitable<void> {
        const asio::any_io_executor executor = co_await asio::this_coro::executor;
        const check_record record =
            co_await async_check(executor, at("http", server.port()), asio::use_awaitable);
        title = record.last().http->title;
      },
      [](const std::exception_ptr& failure) { EXPECT_FALSE(failure); });
  context.run();
  EXPECT_EQ(title, "fine");
}

/// What a check came to that was cancelled as soon as `reached` says.
check_record cancelled_at(const check_request& request, std::latch& reached,
                          asio::cancellation_type type) {
  asio::io_context context;
  asio::cancellation_signal signal;
  check_record result;
  async_check(
      context.get_executor(), request,
      asio::bind_cancellation_slot(signal.slot(), [&](error_code error, check_record record) {
        EXPECT_EQ(error, asio::error::operation_aborted);
        result = std::move(record);
      }));
  std::jthread canceller([&, work = asio::make_work_guard(context)]() mutable {
    reached.wait();
    asio::post(context, [&] { signal.emit(type); });
    work.reset();
  });
  context.run();  // returns long before the timeout, or the test times out
  EXPECT_EQ(result.outcome, check_outcome::stopped);
  EXPECT_FALSE(result.layer.has_value());
  return result;
}

constexpr asio::cancellation_type all_types[] = {asio::cancellation_type::total,
                                                 asio::cancellation_type::partial,
                                                 asio::cancellation_type::terminal};

TEST(async_check, is_cancelled_while_it_connects) {
  const firewall silence("tcp dport 9000 drop");
  for (const asio::cancellation_type type : all_types) {
    std::latch reached(0);
    const check_record record = cancelled_at(at("tcp", 9000), reached, type);
    EXPECT_FALSE(record.steps.at(0).http.has_value());
  }
}

TEST(async_check, is_cancelled_in_the_tls_handshake) {
  for (const asio::cancellation_type type : all_types) {
    std::latch reached(1);
    const scripted_server server([&](server_connection& client) {
      char hello[16];
      EXPECT_GT(::recv(client.fd(), hello, sizeof hello, 0), 0);
      reached.count_down();
      client.stall();
    });
    const check_record record = cancelled_at(at("https", server.port()), reached, type);
    EXPECT_EQ(record.last().tcp->outcome, check_outcome::ok);
    EXPECT_EQ(record.last().tls->outcome, check_outcome::stopped);
  }
}

TEST(async_check, is_cancelled_while_it_waits_for_an_answer) {
  const tls_identity identity({});
  for (const std::string_view scheme : {"http", "https"}) {
    for (const std::string_view part :
         {"", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1"}) {
      std::latch reached(1);
      const scripted_server server([&](server_connection& client) {
        if (scheme == "https" && !client.start_tls(identity)) return;
        client.read_request();
        if (!part.empty()) client.send(part);
        reached.count_down();
        client.stall();
      });
      const check_record record =
          cancelled_at(at(scheme, server.port()), reached, asio::cancellation_type::total);
      EXPECT_EQ(record.last().http->outcome, check_outcome::stopped) << scheme << part;
    }
  }
}

TEST(async_check, is_cancelled_while_it_listens_for_a_banner) {
  std::latch reached(1);
  const scripted_server server([&](server_connection& client) {
    reached.count_down();
    client.stall();
  });
  check_request request = at("tcp", server.port());
  request.banner_wait = 10min;
  cancelled_at(request, reached, asio::cancellation_type::total);
}

TEST(async_check, is_cancelled_while_a_name_is_looked_up) {
  testing::run({"ip", "route", "replace", "local", "default", "dev", "lo"});
  const firewall silence("udp dport 53 drop; tcp dport 53 drop");
  check_request request = request_for("silent.test:9");
  std::latch reached(0);
  const check_record record = cancelled_at(request, reached, asio::cancellation_type::total);
  EXPECT_LT(record.duration_us, 4'000'000U);  // the resolver itself takes at least 5 s
}

TEST(async_check, may_be_cancelled_before_it_has_begun) {
  asio::io_context context;
  asio::cancellation_signal signal;
  error_code result;
  async_check(context.get_executor(), at("tcp", 9),
              asio::bind_cancellation_slot(
                  signal.slot(), [&](error_code error, check_record) { result = error; }));
  signal.emit(asio::cancellation_type::total);
  context.run();
  EXPECT_EQ(result, asio::error::operation_aborted);
}

TEST(async_check, may_be_destroyed_with_its_io_context) {
  testing::run({"ip", "route", "replace", "local", "default", "dev", "lo"});
  const firewall silence("udp dport 53 drop; tcp dport { 53, 9000 } drop");
  const scripted_server server([](server_connection& client) { client.stall(); });
  for (const check_request& request : {at("http", server.port()), at("https", server.port()),
                                       at("tcp", 9000), request_for("silent.test:9")}) {
    asio::io_context context;
    async_check(context.get_executor(), request,
                [](error_code, const check_record&) { ADD_FAILURE(); });
    context.poll();
    context.run_one_for(20ms);
  }
}

TEST(async_check, closes_the_connection_when_it_is_done) {
  std::atomic<bool> is_gone{false};
  std::latch gone(1);
  const scripted_server server([&](server_connection& client) {
    client.stall();
    gone.count_down();
  });
  asio::io_context context;
  async_check(context.get_executor(), at("tcp", server.port()),
              [&](error_code, const check_record& record) {
                EXPECT_EQ(verdict_of(record), "ok");
                gone.wait();  // or the test times out
                is_gone = true;
              });
  context.run();
  EXPECT_TRUE(is_gone);
}

// --- many

TEST(check, keeps_the_order_of_the_requests) {
  const scripted_server server(answer_with(http_response("fine")));
  std::vector<check_request> requests;
  for (int i = 0; i < 30; ++i) {
    requests.push_back(i % 3 == 0 ? at("tcp", 9) : at("http", server.port()));
  }
  std::set<std::size_t> seen;
  const std::vector<check_record> records =
      check(requests, {.concurrency = 7}, [&](std::size_t index, const check_record& record) {
        EXPECT_TRUE(seen.insert(index).second);
        EXPECT_EQ(record.port, requests[index].port);
      });
  ASSERT_EQ(records.size(), requests.size());
  EXPECT_EQ(seen.size(), requests.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(verdict_of(records[i]), i % 3 == 0 ? "tcp conn-refused" : "ok");
  }
}

TEST(check, makes_so_many_side_by_side_and_no_more) {
  std::atomic<int> together{0};
  std::atomic<int> most{0};
  const scripted_server server([&](server_connection& client) {
    const int now = ++together;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    client.read_request();
    std::this_thread::sleep_for(5ms);  // so that they meet
    --together;
    client.send(http_response("fine"));
  });
  const std::vector<check_request> requests(40, at("http", server.port()));
  check(requests, {.concurrency = 4});
  EXPECT_LE(most, 4);
  EXPECT_GT(most, 1);
  EXPECT_EQ(server.clients(), 40);
}

TEST(check, of_nothing_is_nothing) {
  EXPECT_TRUE(check({}).empty());
}

TEST(check, is_stopped_by_its_token_and_says_what_had_not_ended) {
  const scripted_server server([](server_connection& client) { client.stall(); });
  const std::vector<check_request> requests = {at("tcp", 9), at("http", server.port()),
                                               at("tcp", 9), at("http", server.port()),
                                               at("tcp", 9)};
  std::stop_source source;
  std::vector<std::size_t> ended;
  const std::vector<check_record> records = check(
      requests, {.concurrency = 2},
      [&](std::size_t index, const check_record&) {
        ended.push_back(index);
        if (ended.size() == 2) source.request_stop();
      },
      source.get_token());
  EXPECT_EQ(ended, (std::vector<std::size_t>{0, 2}));
  ASSERT_EQ(records.size(), 5U);
  for (const std::size_t index : {1U, 3U, 4U}) {
    EXPECT_EQ(records[index].outcome, check_outcome::stopped);
    EXPECT_EQ(records[index].target, target_text(requests[index]));
    EXPECT_FALSE(records[index].steps.empty());
  }
  EXPECT_EQ(verdict_of(records[0]), "tcp conn-refused");
}

TEST(async_check_all, is_cancelled_by_its_slot) {
  const scripted_server server([](server_connection& client) { client.stall(); });
  asio::io_context context;
  asio::cancellation_signal signal;
  std::vector<check_record> records;
  const auto cancel_at_first = [&](std::size_t, const check_record&) {
    signal.emit(asio::cancellation_type::terminal);
  };
  async_check_all(context.get_executor(), {at("http", server.port()), at("tcp", 9)}, {},
                  cancel_at_first,
                  asio::bind_cancellation_slot(
                      signal.slot(), [&](error_code error, std::vector<check_record> all) {
                        EXPECT_EQ(error, asio::error::operation_aborted);
                        records = std::move(all);
                      }));
  context.run();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].outcome, check_outcome::stopped);
  EXPECT_EQ(verdict_of(records[1]), "tcp conn-refused");
}

TEST(async_check_all, works_in_a_coroutine_and_may_be_destroyed) {
  const scripted_server server([](server_connection& client) { client.stall(); });
  const std::vector<check_request> two = {at("tcp", 9), at("tcp", server.port())};
  const std::vector<check_request> endless = {at("http", server.port())};
  asio::io_context context;
  std::size_t count = 0;
  asio::co_spawn(
      context,
      [&]() -> asio::awaitable<void> {
        const asio::any_io_executor executor = co_await asio::this_coro::executor;
        const std::vector<check_record> records = co_await async_check_all(
            executor, two, check_run_options(), check_sink(), asio::use_awaitable);
        count = records.size();
        co_await async_check_all(executor, endless, check_run_options(), check_sink(),
                                 asio::use_awaitable);
        ADD_FAILURE();
      },
      [](const std::exception_ptr&) {});
  while (count == 0) context.run_one();
  context.run_one_for(20ms);
}

}  // namespace
}  // namespace netscan
