#include "stream_error.hpp"

#include <cerrno>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>

namespace netscan::detail {

check_problem problem_of_stream_error(const boost::system::error_code& error) noexcept {
  if (error == boost::beast::error::timeout) return check_problem::timeout;
  if (error == boost::asio::error::eof || error == boost::asio::ssl::error::stream_truncated) {
    return check_problem::closed;
  }
  if (error.category() != boost::system::system_category()) return check_problem::none;
  switch (error.value()) {
    case ETIMEDOUT:  // the kernel repeated what it sent, and gave up
      return check_problem::timeout;
    case ECONNRESET:
    case EPIPE:
    case ENOTCONN:  // it was reset before the first byte was sent
    case ECONNABORTED:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ECONNREFUSED:
    case EPROTO:
      return check_problem::reset;
    default:
      return check_problem::local_error;
  }
}

}  // namespace netscan::detail
