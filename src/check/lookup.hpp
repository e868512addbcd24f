/// Looking a name up without waiting longer than one wants to.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "scan/resolution.hpp"

namespace netscan::detail {

/// Asks this system's resolver in a thread of its own; nothing when the deadline came first, or a
/// cancellation. When there are too many threads already the answer is EAI_MEMORY.
///
/// getaddrinfo(3) cannot be stopped, and takes half a minute when no server answers. Asio's
/// resolver asks all names of an io_context one after the other in one thread, which its destructor
/// waits for: a single name would hold up all others, and the end of the program. So each name has
/// a thread here, which nobody waits for: what it finds out too late is dropped.
boost::asio::awaitable<std::optional<resolution>> look_up(
    std::string name, std::chrono::steady_clock::time_point deadline);

}  // namespace netscan::detail
