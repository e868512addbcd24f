#include "output.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace netscan::detail {

boost::system::error_code output::write(std::string_view text) noexcept {
  while (!text.empty() && !error_) {
    const ssize_t written = ::write(fd_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd wait{fd_, POLLOUT, 0};
      ::poll(&wait, 1, -1);
    } else if (errno != EINTR) {
      error_.assign(errno, boost::system::system_category());
    }
  }
  return error_;
}

}  // namespace netscan::detail
