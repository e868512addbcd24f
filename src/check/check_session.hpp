/// One check, from its start to its record.
#pragma once

#include <chrono>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "netscan/check/check_record.hpp"
#include "netscan/check/check_request.hpp"
#include "scan/machine.hpp"
#include "tls_context.hpp"

namespace netscan::detail {

class check_session {
 public:
  explicit check_session(check_request request);

  /// Asks layer after layer, and redirect after redirect. Returns at the deadline at the latest, or
  /// when it is stopped.
  boost::asio::awaitable<void> run();

  /// Ends run(), together with a cancellation of the coroutine that runs it. By itself a
  /// cancellation is lost when it comes between two steps of a composed operation.
  void stop();

  /// What there is, at any time after the start.
  check_record finish();

 private:
  template <typename Stream>
  boost::asio::awaitable<void> ask_http(Stream& stream);

  boost::asio::awaitable<void> run_step();
  boost::asio::awaitable<void> ask_dns();
  boost::asio::awaitable<void> ask_resolver(dns_result& result);
  boost::asio::awaitable<void> ask_tcp();
  boost::asio::awaitable<void> ask_tls_and_above();
  boost::asio::awaitable<void> ask_above_tcp();
  boost::asio::awaitable<void> listen_for_banner();

  /// The stream that stop() closes, as long as this lives.
  class open_stream {
   public:
    open_stream(check_session& session, boost::beast::tcp_stream& stream) : session_(session) {
      session.stream_ = &stream;
    }
    open_stream(const open_stream&) = delete;
    open_stream& operator=(const open_stream&) = delete;
    ~open_stream() { session_.stream_ = nullptr; }

   private:
    check_session& session_;
  };

  bool goes_on_after_redirect();
  std::vector<ip_address> usable_addresses() const;
  check_step& step() noexcept { return record_.steps.back(); }
  std::chrono::steady_clock::time_point deadline() const noexcept;

  check_request request_;  // of the step that is under way
  std::optional<absl::StatusOr<tls_context>> tls_context_;
  check_record record_;
  instant started_;
  instant deadline_;
  std::optional<boost::asio::ip::tcp::socket> socket_;
  boost::beast::tcp_stream* stream_ = nullptr;
  bool is_stopped_ = false;
};

}  // namespace netscan::detail
