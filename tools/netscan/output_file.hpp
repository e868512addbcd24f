#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <utility>

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
  friend class replacing_file;
  output_file(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  /// The error of close(2), or 0.
  int close() noexcept;

  int fd_;
  std::string name_;
};

/// A file that is whole or not there: it is written beside what has its name so far, and takes its
/// place at the end (rename(2)). `-` is standard output; what is no regular file is written to
/// directly.
class replacing_file {
 public:
  /// Errors: those of making the file, naming the path.
  static absl::StatusOr<replacing_file> open(const std::string& path);

  replacing_file(replacing_file&& other) noexcept;
  replacing_file& operator=(replacing_file&&) = delete;
  /// What is not committed is gone.
  ~replacing_file();

  /// After an error nothing more is written; commit() tells it.
  void write(std::string_view text) noexcept;

  /// Errors: the first one of write(), and those of taking the place.
  absl::Status commit() &&;

 private:
  replacing_file(output_file file, std::string path, std::string temporary)
      : file_(std::move(file)), path_(std::move(path)), temporary_(std::move(temporary)) {}

  output_file file_;
  std::string path_;
  std::string temporary_;  // empty when the file is written to directly
  int error_ = 0;
};

/// Writes the whole text, or leaves what was there; as replacing_file does.
absl::Status write_file(const std::string& path, std::string_view text);

}  // namespace netscan::cli
