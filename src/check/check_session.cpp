#include "check_session.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <netdb.h>

#include <algorithm>
#include <utility>

#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "connect_order.hpp"
#include "connector.hpp"
#include "http_exchange.hpp"
#include "lookup.hpp"
#include "netscan/target/status.hpp"
#include "remote_text.hpp"
#include "scan/clock.hpp"
#include "stream_error.hpp"
#include "summary.hpp"
#include "tls_handshake.hpp"
#include "url.hpp"

namespace netscan::detail {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

// More addresses than this no name has that is not made to hold a client up.
constexpr std::size_t most_addresses = 64;

std::uint64_t microseconds(instant duration) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, duration / std::chrono::microseconds(1)));
}

/// Says how long a layer took, however it is left.
class stopwatch {
 public:
  explicit stopwatch(layer_result& layer) : layer_(layer), started_(now()) {}
  stopwatch(const stopwatch&) = delete;
  stopwatch& operator=(const stopwatch&) = delete;
  ~stopwatch() { layer_.duration_us = microseconds(now() - started_); }

 private:
  layer_result& layer_;
  instant started_;
};

void conclude(layer_result& layer, check_outcome outcome, check_problem problem,
              std::string detail = "") {
  layer.outcome = outcome;
  layer.problem = problem;
  layer.detail = std::move(detail);
}

const resolve_override* find_override(const check_request& request) {
  for (const resolve_override& entry : request.overrides) {
    if (entry.port == request.port && (entry.host == request.host || entry.host == "*")) {
      return &entry;
    }
  }
  return nullptr;
}

void take_lookup(const std::optional<resolution>& answer, dns_result& result) {
  if (!answer) return conclude(result, check_outcome::error, check_problem::timeout);
  switch (answer->error) {
    case 0:
      result.addresses = answer->addresses;
      return conclude(result, check_outcome::ok, check_problem::none);
    case EAI_NONAME:
    case EAI_NODATA:
    case EAI_ADDRFAMILY:
      return conclude(result, check_outcome::failed, check_problem::name_not_found, answer->words);
    case EAI_MEMORY:
    case EAI_SYSTEM:
      return conclude(result, check_outcome::error, check_problem::local_error, answer->words);
    default:
      return conclude(result, check_outcome::error, check_problem::resolver_failed, answer->words);
  }
}

void take_connection(connect_result& found, tcp_result& result) {
  result.attempts = std::move(found.attempts);
  result.overtaken = std::move(found.overtaken);
  if (found.failure) {
    return conclude(result, check_outcome::error, check_problem::local_error,
                    found.failure.message());
  }
  if (found.peer) {
    result.address = found.peer->address;
    return conclude(result, check_outcome::ok, check_problem::none);
  }
  const probe_record* const verdict = result.verdict();
  if (verdict == nullptr) return;  // cancelled
  const bool is_error = verdict->state() == probe_state::error;
  conclude(result, is_error ? check_outcome::error : check_outcome::failed, check_problem::connect);
}

/// What takes long without the network comes before the clock is started.
std::optional<absl::StatusOr<tls_context>> context_for(const check_request& request) {
  const bool needs_tls =
      request.protocol == check_protocol::tls || request.protocol == check_protocol::https;
  return needs_tls ? std::optional(shared_tls_context(request.ca_file)) : std::nullopt;
}

/// Lets a connection end with a FIN. One that a deadline has closed stays reset.
void part(beast::tcp_stream& stream) {
  error_code ignored;
  stream.socket().set_option(asio::socket_base::linger(false, 0), ignored);
}

}  // namespace

check_session::check_session(check_request request)
    : request_(std::move(request)),
      tls_context_(context_for(request_)),
      started_(now()),
      deadline_(started_ + request_.timeout) {
  record_.vantage = request_.vantage;
  record_.target = target_text(request_);
  record_.host = request_.host;
  record_.port = request_.port;
  record_.time =
      epoch_of_instants() + std::chrono::duration_cast<std::chrono::milliseconds>(started_);
  record_.steps.emplace_back().url = record_.target;
}

std::chrono::steady_clock::time_point check_session::deadline() const noexcept {
  return std::chrono::steady_clock::time_point(deadline_);
}

void check_session::stop() {
  is_stopped_ = true;
  if (stream_ != nullptr) stream_->close();
}

asio::awaitable<void> check_session::run() {
  for (;;) {
    co_await run_step();
    socket_.reset();
    if (is_stopped_ || !goes_on_after_redirect()) co_return;
    record_.steps.emplace_back().url = target_text(request_);
  }
}

asio::awaitable<void> check_session::run_step() {
  co_await ask_dns();
  if (is_stopped_ || step().dns->outcome != check_outcome::ok) co_return;
  co_await ask_tcp();
  if (is_stopped_ || step().tcp->outcome != check_outcome::ok) co_return;
  co_await ask_above_tcp();
}

asio::awaitable<void> check_session::ask_dns() {
  dns_result& result = step().dns.emplace();
  const stopwatch watch(result);
  if (const resolve_override* const entry = find_override(request_)) {
    result.source = name_source::given;
    result.addresses = entry->addresses;
    conclude(result, check_outcome::ok, check_problem::none);
  } else if (const auto literal = parse_ip_address(request_.host); literal.ok()) {
    result.source = name_source::literal;
    result.addresses = {*literal};
    conclude(result, check_outcome::ok, check_problem::none);
  } else {
    co_await ask_resolver(result);
  }
  if (result.outcome == check_outcome::ok && usable_addresses().empty()) {
    const std::string family = !request_.family                    ? ""
                               : *request_.family == ip_family::v4 ? " of IPv4"
                                                                   : " of IPv6";
    conclude(result, check_outcome::failed, check_problem::no_usable_address,
             fmt::format("none of {} is an address{} that can be connected to",
                         fmt::join(result.addresses, ", "), family));
  }
}

asio::awaitable<void> check_session::ask_resolver(dns_result& result) {
  result.source = name_source::resolver;
  const std::optional<resolution> answer = co_await look_up(request_.host, deadline());
  if (!answer && is_stopped_) co_return;
  take_lookup(answer, result);
}

std::vector<ip_address> check_session::usable_addresses() const {
  std::vector<ip_address> usable;
  for (const ip_address& address : record_.last().dns->addresses) {
    const bool is_wanted = !request_.family || address.family() == *request_.family;
    if (is_wanted && !why_not_probeable(address)) usable.push_back(address);
  }
  usable = connect_order(usable);
  if (usable.size() > most_addresses) usable.resize(most_addresses);
  return usable;
}

asio::awaitable<void> check_session::ask_tcp() {
  tcp_result& result = step().tcp.emplace();
  const stopwatch watch(result);
  result.port = request_.port;
  std::vector<endpoint> endpoints;
  for (const ip_address& address : usable_addresses()) {
    endpoints.push_back({address, request_.port});
  }
  race_options options;
  options.timeout = request_.connect_timeout;
  options.deadline = deadline_;
  options.epoch = epoch_of_instants();
  connect_result found = co_await connect_to_any(std::move(endpoints), options);
  take_connection(found, result);
  if (!found.peer) co_return;
  const tcp protocol = found.peer->address.is_v4() ? tcp::v4() : tcp::v6();
  socket_.emplace(co_await asio::this_coro::executor);
  error_code error;
  socket_->assign(protocol, found.connection.get(), error);
  if (error) {
    conclude(result, check_outcome::error, check_problem::local_error, error.message());
    co_return;
  }
  found.connection.release();
  // Closed by a deadline or a stop, or when only TCP was asked, it is reset (socket(7), SO_LINGER):
  // a peer that has fallen silent would not acknowledge a FIN either, and the kernel would repeat
  // that for a minute and more after this process has ended.
  socket_->set_option(asio::socket_base::linger(true, 0), error);
}

asio::awaitable<void> check_session::ask_above_tcp() {
  switch (request_.protocol) {
    case check_protocol::tcp:
      if (request_.banner_wait.count() > 0) {
        co_await listen_for_banner();
      } else {
        error_code ignored;
        socket_->close(ignored);  // its destructor would not reset it
      }
      break;
    case check_protocol::http: {
      beast::tcp_stream stream(std::move(*socket_));
      const open_stream open(*this, stream);
      stream.expires_at(deadline());
      co_await ask_http(stream);
      part(stream);
      break;
    }
    case check_protocol::tls:
    case check_protocol::https:
      co_await ask_tls_and_above();
      break;
  }
}

asio::awaitable<void> check_session::listen_for_banner() {
  beast::tcp_stream stream(std::move(*socket_));
  const open_stream open(*this, stream);
  stream.expires_at(std::min(deadline(), std::chrono::steady_clock::now() + request_.banner_wait));
  std::string banner(longest_remote_text, '\0');
  const auto [error, size] = co_await stream.async_read_some(
      asio::buffer(banner), asio::experimental::as_tuple(asio::use_awaitable));
  banner.resize(size);
  step().tcp->banner = std::move(banner);
  stream.close();
}

asio::awaitable<void> check_session::ask_tls_and_above() {
  tls_result& result = step().tls.emplace();
  if (!tls_context_) tls_context_ = shared_tls_context(request_.ca_file);  // after a redirect
  if (!tls_context_->ok()) {
    conclude(result, check_outcome::error, check_problem::local_error,
             std::string(message_of(tls_context_->status())));
    co_return;
  }
  tls_stream stream(std::move(*socket_), ***tls_context_);
  const open_stream open(*this, beast::get_lowest_layer(stream));
  beast::get_lowest_layer(stream).expires_at(deadline());
  {
    const stopwatch watch(result);
    co_await shake_hands(stream, request_, result);
  }
  if (is_stopped_) co_return;
  if (result.outcome == check_outcome::ok && request_.protocol == check_protocol::https) {
    co_await ask_http(stream);
  }
  part(beast::get_lowest_layer(stream));
}

template <typename Stream>
asio::awaitable<void> check_session::ask_http(Stream& stream) {
  http_result& result = step().http.emplace();
  const stopwatch watch(result);
  co_await exchange(stream, request_, result);
}

bool check_session::goes_on_after_redirect() {
  if (!request_.follow_redirects || !step().http) return false;
  http_result& http = *step().http;
  if (http.outcome != check_outcome::ok || !http.is_redirect()) return false;
  absl::StatusOr<check_request> next = follow_reference(request_, http.location);
  if (!next.ok()) {
    conclude(http, check_outcome::failed, check_problem::bad_redirect,
             std::string(message_of(next.status())));
    return false;
  }
  if (record_.steps.size() > request_.max_redirects) {
    conclude(http, check_outcome::failed, check_problem::redirect_limit,
             fmt::format("{} redirects were followed", request_.max_redirects));
    return false;
  }
  if (request_.protocol == check_protocol::https && next->protocol == check_protocol::http) {
    http.detail = "leads from https to http";
  }
  request_ = *std::move(next);
  return true;
}

check_record check_session::finish() {
  record_.duration_us = microseconds(now() - started_);
  check_step& last = step();
  const std::pair<check_layer, layer_result*> layers[] = {
      {check_layer::dns, last.dns ? &*last.dns : nullptr},
      {check_layer::tcp, last.tcp ? &*last.tcp : nullptr},
      {check_layer::tls, last.tls ? &*last.tls : nullptr},
      {check_layer::http, last.http ? &*last.http : nullptr}};
  const bool is_whole = last.dns.has_value() && !is_stopped_;
  record_.outcome = is_whole ? check_outcome::ok : check_outcome::stopped;
  for (const auto& [layer, result] : layers) {
    if (result == nullptr || result->outcome == check_outcome::ok) continue;
    // What stopping did to it is not what was found out.
    if (is_stopped_) conclude(*result, check_outcome::stopped, check_problem::none);
    record_.outcome = result->outcome;
    record_.problem = result->problem;
    if (result->outcome != check_outcome::stopped) record_.layer = layer;
    break;
  }
  record_.summary = summarize(record_);
  return std::move(record_);
}

}  // namespace netscan::detail
