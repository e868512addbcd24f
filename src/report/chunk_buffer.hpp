#pragma once

#include <poll.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace netscan::detail {

/// The bytes of a descriptor that are not yet taken. It holds a record and a piece, never the file.
class chunk_buffer {
 public:
  std::string_view view() const noexcept { return {bytes_.data() + begin_, end_ - begin_}; }

  /// Keeps only the last `size` bytes.
  void keep(std::size_t size) noexcept { begin_ = end_ - size; }

  /// Reads more behind them. Returns the number of bytes read, 0 at the end. Errors: an errno.
  ssize_t read_from(int fd) {
    if (begin_ != 0) {
      std::copy(bytes_.data() + begin_, bytes_.data() + end_, bytes_.data());
      end_ -= std::exchange(begin_, 0);
    }
    if (bytes_.size() - end_ < piece) bytes_.resize(std::max(2 * bytes_.size(), end_ + piece));
    for (;;) {
      const ssize_t count = ::read(fd, bytes_.data() + end_, bytes_.size() - end_);
      if (count >= 0) end_ += static_cast<std::size_t>(count);
      if (count >= 0 || (errno != EINTR && errno != EAGAIN)) return count;
      pollfd wait{fd, POLLIN, 0};
      if (errno == EAGAIN) ::poll(&wait, 1, -1);
    }
  }

 private:
  static constexpr std::size_t piece = 256U << 10;

  std::vector<char> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace netscan::detail
