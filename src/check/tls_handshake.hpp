/// The TLS layer of a check.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "netscan/check/check_record.hpp"
#include "netscan/check/check_request.hpp"

namespace netscan::detail {

using tls_stream = boost::asio::ssl::stream<boost::beast::tcp_stream>;

/// Shakes hands on a connected stream, whose expiry is set, and fills in the result but for its
/// duration. A certificate that is not good does not end the handshake, so that all there is to
/// know about it is known; the caller sends nothing over such a stream unless it is told to.
boost::asio::awaitable<void> shake_hands(tls_stream& stream, const check_request& request,
                                         tls_result& result);

}  // namespace netscan::detail
