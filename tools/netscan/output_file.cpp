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

absl::Status write_in_place(const std::string& path, std::string_view text) {
  absl::StatusOr<output_file> file = output_file::open(path);
  if (!file.ok()) return file.status();
  const int error = write_all(file->fd(), text);
  return error == 0 ? absl::OkStatus() : failure(error, "write to", file->name());
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
  if (fd_ >= 0 && fd_ != STDOUT_FILENO) ::close(fd_);
}

boost::system::error_code output_file::write(std::string_view text) noexcept {
  return {write_all(fd_, text), boost::system::system_category()};
}

absl::Status write_file(const std::string& path, std::string_view text) {
  if (path == "-" || !is_replaceable(path)) return write_in_place(path, text);

  std::string temporary = path + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return failure(errno, "write", path);
  // mkstemp() makes private files; this one is to be like any other that the user makes.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(fd, 0666 & ~mask);
  int error = write_all(fd, text);
  if (error == 0 && ::fsync(fd) != 0) error = errno;
  if (::close(fd) != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return absl::OkStatus();
  ::unlink(temporary.c_str());
  return failure(error, "write", path);
}

}  // namespace netscan::cli
