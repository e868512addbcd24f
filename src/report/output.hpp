#pragma once

#include <string_view>

#include <boost/system/error_code.hpp>

namespace netscan::detail {

/// Writes all of it: again after an interruption or a short write, and waits where the descriptor
/// does not block. The first error ends it.
boost::system::error_code write_all(int fd, std::string_view text) noexcept;

}  // namespace netscan::detail
