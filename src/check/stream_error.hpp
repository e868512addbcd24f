#pragma once

#include <boost/system/error_code.hpp>

#include "netscan/check/check_reason.hpp"

namespace netscan::detail {

/// What the end of a connection means, of plain TCP or with TLS on top: timeout, closed, reset or
/// local_error; nothing for an error that is none of the connection's.
check_problem problem_of_stream_error(const boost::system::error_code& error) noexcept;

}  // namespace netscan::detail
