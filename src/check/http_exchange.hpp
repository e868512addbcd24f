/// The HTTP layer of a check.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "netscan/check/check_record.hpp"
#include "netscan/check/check_request.hpp"
#include "tls_handshake.hpp"

namespace netscan::detail {

/// The longest header that is read (servers send a few hundred bytes).
inline constexpr std::uint32_t longest_header = 64U << 10;

/// Sends a GET for the request's path and reads the answer, over a stream whose expiry is set.
/// Fills in the result but for its duration.
boost::asio::awaitable<void> exchange(boost::beast::tcp_stream& stream,
                                      const check_request& request, http_result& result);
boost::asio::awaitable<void> exchange(tls_stream& stream, const check_request& request,
                                      http_result& result);

}  // namespace netscan::detail
