#include "output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

namespace netscan::cli {
namespace {

absl::Status failure(int error, std::string_view what, const std::string& path) {
  return absl::ErrnoToStatus(error, fmt::format("cannot {} '{}'", what, path));
}

int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

bool is_replaceable(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode);
}

}  // namespace

absl::StatusOr<output_file> output_file::open(const std::string& path) {
  if (path == "-") return output_file(STDOUT_FILENO, "standard output");
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return failure(errno, "write", path);
  return output_file(fd, path);
}

output_file::output_file(output_file&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), name_(std::move(other.name_)) {}

output_file::~output_file() {
  close();
}

int output_file::close() noexcept {
  const int fd = std::exchange(fd_, -1);
  return fd >= 0 && fd != STDOUT_FILENO && ::close(fd) != 0 ? errno : 0;
}

boost::system::error_code output_file::write(std::string_view text) noexcept {
  return {write_all(fd_, text), boost::system::system_category()};
}

absl::StatusOr<replacing_file> replacing_file::open(const std::string& path) {
  if (path == "-" || !is_replaceable(path)) {
    absl::StatusOr<output_file> file = output_file::open(path);
    if (!file.ok()) return file.status();
    std::string name = file->name();
    return replacing_file(*std::move(file), std::move(name), "");
  }
  std::string temporary = path + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return failure(errno, "write", path);
  // mkstemp() makes private files; this one is to be like any other that the user makes.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(fd, 0666 & ~mask);
  return replacing_file(output_file(fd, path), path, std::move(temporary));
}

// Explicitly empty: two would remove the same file.
replacing_file::replacing_file(replacing_file&& other) noexcept
    : file_(std::move(other.file_)),
      path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      error_(other.error_) {}

replacing_file::~replacing_file() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void replacing_file::write(std::string_view text) noexcept {
  if (error_ == 0) error_ = write_all(file_.fd(), text);
}

absl::Status replacing_file::commit() && {
  const std::string temporary = std::exchange(temporary_, {});
  if (temporary.empty()) {
    return error_ == 0 ? absl::OkStatus() : failure(error_, "write to", path_);
  }
  if (error_ == 0 && ::fsync(file_.fd()) != 0) error_ = errno;
  if (const int error = file_.close(); error_ == 0) error_ = error;
  if (error_ == 0 && ::rename(temporary.c_str(), path_.c_str()) != 0) error_ = errno;
  if (error_ == 0) return absl::OkStatus();
  ::unlink(temporary.c_str());
  return failure(error_, "write", path_);
}

absl::Status write_file(const std::string& path, std::string_view text) {
  absl::StatusOr<replacing_file> file = replacing_file::open(path);
  if (!file.ok()) return file.status();
  file->write(text);
  return std::move(*file).commit();
}

}  // namespace netscan::cli
