#include "journal_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <boost/crc.hpp>
#include <boost/endian/conversion.hpp>

#include "netscan/target/status.hpp"

namespace netscan::detail {
namespace {

using boost::system::error_code;

constexpr std::string_view what_it_is = "netscan journal ";
constexpr std::string_view first_line = "netscan journal 1\n";

constexpr std::string_view marker = "\xf5NSJ";
constexpr std::size_t kind_at = 4;
constexpr std::size_t length_at = 5;
constexpr std::size_t checksum_at = 9;
constexpr std::size_t payload_at = 13;

// The head names its targets, and may be long.
constexpr std::uint32_t longest_head = 256U << 20;
constexpr std::uint32_t longest_entry = 4U << 20;

unsigned char* raw(char* bytes) noexcept {
  return reinterpret_cast<unsigned char*>(bytes);
}

/// Of an entry with its frame.
std::uint32_t checksum_of(std::string_view entry) noexcept {
  boost::crc_32_type crc;
  crc.process_bytes(entry.data() + kind_at, checksum_at - kind_at);
  crc.process_bytes(entry.data() + payload_at, entry.size() - payload_at);
  return crc.checksum();
}

bool is_kind(char kind) noexcept {
  return kind == 'H' || kind == 'R' || kind == 'P' || kind == 'E';
}

absl::Status failure(int error, std::string_view what, const std::string& path) {
  return absl::ErrnoToStatus(error, fmt::format("cannot {} '{}'", what, printable(path)));
}

error_code system_error(int error) noexcept {
  return {error, boost::system::system_category()};
}

/// Up to `size` bytes from `offset` on, fewer at the end of the file. Errors: an errno.
int read_up_to(int fd, std::uint64_t offset, std::size_t size, std::string& bytes) {
  bytes.resize(size);
  std::size_t have = 0;
  while (have < size) {
    const ssize_t count =
        ::pread(fd, bytes.data() + have, size - have, static_cast<off_t>(offset + have));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  bytes.resize(have);
  return 0;
}

}  // namespace

entry_reader::entry_reader(int fd, std::uint64_t size) noexcept
    : fd_(fd), size_(size), end_(first_line.size()) {}

std::optional<journal_entry> entry_reader::next() {
  for (std::uint64_t offset = end_;;) {
    const std::optional<journal_entry> entry = entry_at(offset);
    if (entry) {
      if (offset != end_) damages_.push_back({end_, offset - end_});
      end_ = offset + payload_at + entry->payload.size();
      return entry;
    }
    if (error_) return std::nullopt;
    const std::optional<std::uint64_t> further = find_marker(offset + 1);
    if (!further) return std::nullopt;
    offset = *further;
  }
}

bool entry_reader::read_at(std::uint64_t offset, std::size_t size) {
  if (error_ || offset > size_ || size_ - offset < size) return false;
  if (const int error = read_up_to(fd_, offset, size, bytes_); error != 0) {
    error_ = system_error(error);
  }
  return !error_ && bytes_.size() == size;
}

std::optional<journal_entry> entry_reader::entry_at(std::uint64_t offset) {
  if (!read_at(offset, payload_at) || !std::string_view(bytes_).starts_with(marker)) return {};
  const char kind = bytes_[kind_at];
  const std::uint32_t length = boost::endian::load_little_u32(raw(&bytes_[length_at]));
  const std::uint32_t longest = kind == 'H' ? longest_head : longest_entry;
  if (!is_kind(kind) || length > longest || !read_at(offset, payload_at + length)) return {};
  if (checksum_of(bytes_) != boost::endian::load_little_u32(raw(&bytes_[checksum_at]))) return {};
  return journal_entry{entry_kind{kind}, std::string_view(bytes_).substr(payload_at)};
}

std::optional<std::uint64_t> entry_reader::find_marker(std::uint64_t from) {
  constexpr std::size_t piece = 64U << 10;
  while (from < size_ && size_ - from >= payload_at) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(piece, size_ - from));
    if (!read_at(from, size)) return std::nullopt;
    const std::size_t found = bytes_.find(marker);
    if (found != bytes_.npos) return from + found;
    from += size - (marker.size() - 1);  // it may lie across the end of this piece
    if (size < piece) break;
  }
  return std::nullopt;
}

absl::StatusOr<journal_file> journal_file::open(const std::string& path, bool create) {
  // Not blocking: a FIFO would wait for its other end.
  const int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK | (create ? O_CREAT : 0);
  file_descriptor fd(::open(path.c_str(), flags, 0666));
  if (!fd) return failure(errno, "open the journal", path);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return failure(errno, "lock the journal", path);
    return absl::UnavailableError(
        fmt::format("the journal '{}' is in use by another scan", printable(path)));
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return failure(errno, "open the journal", path);
  if (!S_ISREG(info.st_mode)) {
    return invalid_argument("'{}' cannot be a journal: it is not a regular file", path);
  }
  return journal_file(std::move(fd), path, static_cast<std::uint64_t>(info.st_size));
}

journal_file::journal_file(file_descriptor fd, std::string path, std::uint64_t size)
    : fd_(std::move(fd)), path_(std::move(path)), size_(size) {}

journal_file::journal_file(journal_file&& other) noexcept
    : fd_(std::move(other.fd_)),
      path_(std::move(other.path_)),
      size_(other.size_),
      buffer_(std::move(other.buffer_)),
      errno_(other.errno_.load()) {}

absl::StatusOr<journal_file::content> journal_file::look() const {
  std::string line;
  if (const int error = read_up_to(fd_.get(), 0, first_line.size(), line); error != 0) {
    return failure(error, "read the journal", path_);
  }
  if (line == first_line.substr(0, line.size())) {
    entry_reader reader = entries(size_);
    const bool has_one = reader.next().has_value();
    if (reader.error()) return failure(reader.error().value(), "read the journal", path_);
    return has_one ? content::entries : content::nothing;
  }
  if (!line.starts_with(what_it_is)) return content::foreign;
  return invalid_argument("the journal '{}' is of another version of netscan", path_);
}

entry_reader journal_file::entries(std::uint64_t up_to) const noexcept {
  return {fd_.get(), up_to};
}

error_code journal_file::cut(std::uint64_t end) noexcept {
  if (end != size_ && ::ftruncate(fd_.get(), static_cast<off_t>(end)) != 0) return fail(errno);
  size_ = end;
  return error();
}

std::string& journal_file::start_entry(entry_kind kind) {
  buffer_.clear();
  if (size_ == 0) buffer_ = first_line;
  buffer_.append(marker);
  buffer_.push_back(static_cast<char>(kind));
  buffer_.append(payload_at - length_at, '\0');
  return buffer_;
}

error_code journal_file::write_entry() noexcept {
  if (const error_code error = this->error()) return error;
  const std::size_t start = size_ == 0 ? first_line.size() : 0;
  const std::size_t payload = buffer_.size() - start - payload_at;
  char* const entry = buffer_.data() + start;
  boost::endian::store_little_u32(raw(entry + length_at), static_cast<std::uint32_t>(payload));
  boost::endian::store_little_u32(raw(entry + checksum_at),
                                  checksum_of(std::string_view(buffer_).substr(start)));
  for (std::string_view rest = buffer_; !rest.empty();) {
    const ssize_t written = ::write(fd_.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  size_ += buffer_.size();
  return {};
}

error_code journal_file::sync() noexcept {
  // The kernel tells of a failed write-back once (fsync(2)): it is kept for all who ask later.
  if (::fdatasync(fd_.get()) != 0) return fail(errno);
  return error();
}

error_code journal_file::error() const noexcept {
  const int error = errno_.load(std::memory_order_relaxed);
  return error == 0 ? error_code() : system_error(error);
}

error_code journal_file::fail(int error) noexcept {
  int none = 0;
  errno_.compare_exchange_strong(none, error);
  return this->error();
}

}  // namespace netscan::detail
