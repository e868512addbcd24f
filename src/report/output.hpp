#pragma once

#include <string_view>

#include <boost/system/error_code.hpp>

namespace netscan::detail {

/// A file descriptor that somebody else owns, to write results to.
///
/// Its first error is its last: what a full disk has cut off must not be followed by more, or there
/// would be a broken line in the middle of the file.
class output {
 public:
  explicit output(int fd) noexcept : fd_(fd) {}

  /// Writes all of it with one write(2); with more after an interruption or a short write, and
  /// waits where the descriptor does not block. Returns the first error of all calls.
  boost::system::error_code write(std::string_view text) noexcept;

  /// The first error so far.
  boost::system::error_code error() const noexcept { return error_; }

 private:
  int fd_;
  boost::system::error_code error_;
};

}  // namespace netscan::detail
