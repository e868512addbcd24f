#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <string_view>

#include <boost/system/error_code.hpp>

namespace netscan::cli {

/// A file that is written while its content comes in, or standard output.
class output_file {
 public:
  /// `-` is standard output. An existing file is emptied.
  /// Errors: those of open(2), naming the path.
  static absl::StatusOr<output_file> open(const std::string& path);

  output_file(output_file&& other) noexcept;
  output_file& operator=(output_file&&) = delete;
  ~output_file();

  /// All of it, or the error of write(2).
  boost::system::error_code write(std::string_view text) noexcept;

  int fd() const noexcept { return fd_; }
  /// For messages: the path, or `standard output`.
  const std::string& name() const noexcept { return name_; }

 private:
  output_file(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  int fd_;
  std::string name_;
};

/// Writes the whole text or leaves what was there: to a file beside it that then takes its place
/// (rename(2)). `-` is standard output; what is no regular file is written to directly.
absl::Status write_file(const std::string& path, std::string_view text);

}  // namespace netscan::cli
