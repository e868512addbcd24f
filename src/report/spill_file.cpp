#include "spill_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

namespace netscan::detail {
namespace {

using boost::system::error_code;

error_code last_error() {
  return {errno, boost::system::system_category()};
}

/// Errors: -1 and errno.
int open_temporary() {
  const char* const given = std::getenv("TMPDIR");
  const std::string folder = given == nullptr || *given == '\0' ? "/tmp" : given;
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return fd;
  // A file system that knows no such files (open(2)): one that loses its name at once.
  std::string name = folder + "/netscan.XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

spill_file::~spill_file() {
  if (fd_ >= 0) ::close(fd_);
}

error_code spill_file::append(std::string_view bytes) {
  if (fd_ < 0) fd_ = open_temporary();
  if (fd_ < 0) return last_error();
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return last_error();
    bytes.remove_prefix(static_cast<std::size_t>(written));
    size_ += static_cast<std::uint64_t>(written);
  }
  return {};
}

error_code spill_file::read(std::uint64_t offset, char* bytes, std::size_t size,
                            std::size_t& count) const {
  ssize_t got = 0;
  do {
    got = ::pread(fd_, bytes, size, static_cast<off_t>(offset));
  } while (got < 0 && errno == EINTR);
  count = got < 0 ? 0 : static_cast<std::size_t>(got);
  if (got < 0) return last_error();
  return got == 0 ? error_code(EIO, boost::system::system_category()) : error_code();
}

absl::Status no_room(const boost::system::error_code& error) {
  return absl::ResourceExhaustedError(
      fmt::format("cannot keep records in a temporary file (TMPDIR): {}", error.message()));
}

}  // namespace netscan::detail
