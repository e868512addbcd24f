#include "http_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include "body_watch.hpp"
#include "html_title.hpp"
#include "netscan/target/printable.hpp"
#include "netscan/version.hpp"
#include "remote_text.hpp"
#include "scan/clock.hpp"
#include "stream_error.hpp"
#include "url.hpp"

namespace netscan::detail {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using response_parser = http::response_parser<http::buffer_body>;

constexpr auto token = asio::experimental::as_tuple(asio::use_awaitable);
constexpr std::string_view protocol_name = "HTTP/";
// Interim answers (1xx, RFC 9110 15.2) before the real one.
constexpr int most_interim = 32;

std::string_view text_of(const beast::flat_buffer& buffer) {
  const auto bytes = buffer.cdata();
  return {static_cast<const char*>(bytes.data()), bytes.size()};
}

/// False as soon as it shows: the parser would wait for a whole line, which never comes when the
/// server speaks first and waits too.
bool may_be_http(std::string_view answer) {
  const std::size_t size = std::min(answer.size(), protocol_name.size());
  return answer.substr(0, size) == protocol_name.substr(0, size);
}

std::uint64_t microseconds_since(instant begin) {
  return static_cast<std::uint64_t>((now() - begin) / std::chrono::microseconds(1));
}

std::string field(const response_parser& parser, http::field name) {
  const beast::string_view value = parser.get()[name];
  return cut_remote_text({value.data(), value.size()});
}

void take_header(const response_parser& parser, http_result& result) {
  const auto& header = parser.get();
  const beast::string_view reason = header.reason();
  result.status = static_cast<std::uint16_t>(header.result_int());
  result.status_text = cut_remote_text({reason.data(), reason.size()});
  result.version = fmt::format("HTTP/{}.{}", header.version() / 10, header.version() % 10);
  result.server = field(parser, http::field::server);
  result.location = field(parser, http::field::location);
  result.content_type = field(parser, http::field::content_type);
}

/// The host as the Host field has it: with the port unless it is the protocol's own
/// (RFC 9110 7.2).
std::string host_field(const check_request& request) {
  const std::string host =
      bracketed(request.server_name.empty() ? request.host : request.server_name);
  const bool is_default = request.port == (request.protocol == check_protocol::https ? 443 : 80);
  // A zone is this host's own business (RFC 6874 4).
  std::string bare = host;
  if (const std::size_t zone = bare.find('%'); zone != bare.npos) {
    bare.erase(zone, bare.size() - 1 - zone);
  }
  return is_default ? bare : fmt::format("{}:{}", bare, request.port);
}

http::request<http::empty_body> make_request(const check_request& request) {
  http::request<http::empty_body> get(http::verb::get, request.path, 11);
  get.set(http::field::host, host_field(request));
  get.set(http::field::user_agent, fmt::format("netscan/{}", version));
  get.set(http::field::accept, "*/*");
  get.set(http::field::connection, "close");
  return get;
}

void fail(http_result& result, check_problem problem, std::string detail = "") {
  result.outcome =
      problem == check_problem::local_error ? check_outcome::error : check_outcome::failed;
  result.problem = problem;
  result.detail = std::move(detail);
}

/// Names what the error means while the header is read, or the body.
void describe_failure(const error_code& error, http_result& result) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return fail(result, check_problem::header_too_large);
  }
  if (error == http::error::end_of_stream || error == http::error::partial_message) {
    return fail(result, check_problem::closed);
  }
  const check_problem problem = problem_of_stream_error(error);
  const bool is_of_stream = problem != check_problem::none;
  fail(result, is_of_stream ? problem : check_problem::not_http,
       is_of_stream && problem != check_problem::local_error ? "" : error.message());
}

/// One answer after the other, until there is one that is not interim.
template <typename Stream>
asio::awaitable<error_code> read_header(Stream& stream, beast::flat_buffer& buffer,
                                        std::optional<response_parser>& parser) {
  for (int interim = 0; interim <= most_interim; ++interim) {
    parser.emplace();
    parser->header_limit(longest_header);
    parser->body_limit(boost::none);
    const auto [error, size] = co_await http::async_read_header(stream, buffer, *parser, token);
    if (error) co_return error;
    const unsigned status = parser->get().result_int();
    if (status / 100 != 1 || status == 101) co_return error_code();
  }
  co_return http::error::bad_status;
}

template <typename Stream>
asio::awaitable<error_code> read_body(Stream& stream, beast::flat_buffer& buffer,
                                      response_parser& parser, std::uint64_t limit,
                                      body_watch& body) {
  std::array<char, 16384> piece;
  while (!parser.is_done() && body.size() < limit) {
    const std::size_t room = std::min<std::uint64_t>(piece.size(), limit - body.size());
    auto& space = parser.get().body();
    space.data = piece.data();
    space.size = room;
    const auto [error, size] = co_await http::async_read_some(stream, buffer, parser, token);
    body.add({piece.data(), room - space.size});
    // TLS that ends without saying so: when the length of the body is not known, that is its end.
    if (error == asio::ssl::error::stream_truncated && parser.need_eof()) co_return error_code();
    if (error && error != http::error::need_buffer) co_return error;
  }
  co_return error_code();
}

bool is_expected(std::uint16_t status, const std::vector<status_range>& expected) {
  if (expected.empty()) return status < 500;
  return std::any_of(expected.begin(), expected.end(), [&](const status_range& range) {
    return status >= range.first && status <= range.last;
  });
}

bool is_html(std::string_view content_type) {
  return content_type.empty() || content_type.find("html") != content_type.npos;
}

void judge(const check_request& request, const body_watch& body, http_result& result) {
  result.outcome = check_outcome::ok;
  // What is expected is expected of where it leads.
  if (request.follow_redirects && result.is_redirect()) return;
  if (!is_expected(result.status, request.expected_status)) {
    return fail(result, check_problem::status);
  }
  if (body.has_text()) return;
  fail(result, check_problem::text,
       result.body_cut ? fmt::format("looked for in the first {} bytes", body.size()) : "");
}

template <typename Stream>
asio::awaitable<void> do_exchange(Stream& stream, const check_request& request,
                                  http_result& result) {
  const instant begin = now();
  const auto get = make_request(request);
  const auto [write_error, written] = co_await http::async_write(stream, get, token);
  if (write_error == asio::error::operation_aborted) co_return;
  if (write_error == beast::error::timeout) co_return describe_failure(write_error, result);
  // After any other error there may still be an answer: a server may refuse before it has read all.

  beast::flat_buffer buffer(std::size_t{2} * longest_header);
  while (buffer.size() < protocol_name.size()) {
    const auto [error, size] = co_await stream.async_read_some(buffer.prepare(4096), token);
    if (error == asio::error::operation_aborted) co_return;
    if (error) co_return describe_failure(write_error ? write_error : error, result);
    buffer.commit(size);
    if (!result.first_byte_us) result.first_byte_us = microseconds_since(begin);
    if (!may_be_http(text_of(buffer))) {
      co_return fail(result, check_problem::not_http,
                     fmt::format("it begins with '{}'", printable(text_of(buffer), 60)));
    }
  }

  std::optional<response_parser> parser;
  const error_code header_error = co_await read_header(stream, buffer, parser);
  if (header_error == asio::error::operation_aborted) co_return;
  if (header_error) co_return describe_failure(header_error, result);
  take_header(*parser, result);

  body_watch body(request.expected_text);
  const error_code body_error =
      co_await read_body(stream, buffer, *parser, request.body_limit, body);
  result.body_bytes = body.size();
  result.body_cut = body.size() >= request.body_limit && !parser->is_done();
  if (is_html(result.content_type)) result.title = html_title(body.head());
  if (body_error == asio::error::operation_aborted) co_return;
  if (body_error) {
    describe_failure(body_error, result);
    result.detail = fmt::format("after {} bytes of the body{}{}", body.size(),
                                result.detail.empty() ? "" : ": ", result.detail);
    co_return;
  }
  judge(request, body, result);
}

}  // namespace

asio::awaitable<void> exchange(beast::tcp_stream& stream, const check_request& request,
                               http_result& result) {
  return do_exchange(stream, request, result);
}

asio::awaitable<void> exchange(tls_stream& stream, const check_request& request,
                               http_result& result) {
  return do_exchange(stream, request, result);
}

}  // namespace netscan::detail
