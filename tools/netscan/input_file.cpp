#include "input_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

#include "netscan/target/status.hpp"

namespace netscan::cli {
namespace {

constexpr std::size_t most = std::size_t{64} << 20;

absl::Status failure(const std::string& path) {
  if (errno == EISDIR) return invalid_argument("'{}' is a folder, not a file", excerpt(path));
  return absl::ErrnoToStatus(errno, fmt::format("cannot read '{}'", excerpt(path)));
}

}  // namespace

absl::StatusOr<std::string> read_file(const std::string& path) {
  const bool standard_input = path == "-";
  const int fd = standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failure(path);
  std::string text;
  absl::Status status;
  std::array<char, 65536> buffer;
  while (status.ok()) {
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) status = failure(path);
    if (count <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > most) status = invalid_argument("'{}' is longer than 64 MiB", excerpt(path));
  }
  if (!standard_input) ::close(fd);
  if (!status.ok()) return status;
  return text;
}

}  // namespace netscan::cli
