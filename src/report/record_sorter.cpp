#include "record_sorter.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <queue>
#include <tuple>

#include "netscan/probe/packed_record.hpp"

namespace netscan::detail {
namespace {

using boost::system::error_code;

constexpr std::size_t records_a_batch = 1024;
constexpr std::size_t bytes_a_write = 256U << 10;
// Of all pieces together while they are merged, and the least that is worth a system call.
constexpr std::size_t bytes_read_ahead = 16U << 20;
constexpr std::size_t least_bytes_a_read = 4U << 10;

error_code last_error() {
  return {errno, boost::system::system_category()};
}

/// A file that has no name. Errors: -1 and errno.
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

int rank(const probe_record& record) noexcept {
  if (record.state() == probe_state::error) return 2;
  return record.reason == probe_reason::no_response ? 1 : 0;
}

bool is_same_probe(const probe_record& a, const probe_record& b) noexcept {
  return a.port == b.port && a.ip == b.ip;
}

/// By probe, the better first.
bool goes_before(const probe_record& a, const probe_record& b) {
  if (a.ip != b.ip) return a.ip < b.ip;
  if (a.port != b.port) return a.port < b.port;
  return is_better(a, b);
}

}  // namespace

bool is_better(const probe_record& a, const probe_record& b) {
  const int rank_a = rank(a);
  const int rank_b = rank(b);
  if (rank_a != rank_b) return rank_a < rank_b;
  if (a.time != b.time) return a.time > b.time;
  if (a == b) return false;
  std::string bytes_a;
  std::string bytes_b;
  append_packed(bytes_a, a);
  append_packed(bytes_b, b);
  return bytes_a < bytes_b;
}

/// Takes the records of one piece, one after the other.
class record_sorter::piece_reader {
 public:
  piece_reader(int fd, piece where, std::size_t read_ahead)
      : fd_(fd), where_(where), read_ahead_(read_ahead) {}

  const probe_record& record() const noexcept { return record_; }
  error_code error() const noexcept { return error_; }

  /// False at the end, and after an error.
  bool next() {
    for (;;) {
      std::string_view rest = std::string_view(bytes_).substr(taken_);
      const std::size_t before = rest.size();
      if (const std::optional<probe_record> record = take_packed(rest)) {
        taken_ += before - rest.size();
        record_ = *record;
        return true;
      }
      if (where_.begin == where_.end) {
        // What was written as records ends with one.
        if (before != 0 && !error_) error_ = {EIO, boost::system::system_category()};
        return false;
      }
      if (!read_more()) return false;
    }
  }

 private:
  bool read_more() {
    bytes_.erase(0, taken_);
    taken_ = 0;
    const std::size_t have = bytes_.size();
    const auto size =
        static_cast<std::size_t>(std::min<std::uint64_t>(read_ahead_, where_.end - where_.begin));
    bytes_.resize(have + size);
    ssize_t count = 0;
    do {
      count = ::pread(fd_, bytes_.data() + have, size, static_cast<off_t>(where_.begin));
    } while (count < 0 && errno == EINTR);
    if (count <= 0) {
      error_ = count < 0 ? last_error() : error_code(EIO, boost::system::system_category());
      return false;
    }
    bytes_.resize(have + static_cast<std::size_t>(count));
    where_.begin += static_cast<std::uint64_t>(count);
    return true;
  }

  int fd_;
  piece where_;
  std::size_t read_ahead_;
  std::string bytes_;
  std::size_t taken_ = 0;
  probe_record record_;
  error_code error_;
};

/// Hands out sorted records, of each probe the first.
class record_sorter::batch {
 public:
  explicit batch(const sink& sink) : sink_(sink) { records_.reserve(records_a_batch); }

  error_code add(const probe_record& record) {
    if (last_ && is_same_probe(*last_, record)) return {};
    last_ = record;
    records_.push_back(record);
    return records_.size() == records_a_batch ? flush() : error_code();
  }

  error_code flush() {
    const error_code error = records_.empty() ? error_code() : sink_(records_);
    records_.clear();
    return error;
  }

 private:
  const sink& sink_;
  std::optional<probe_record> last_;
  std::vector<probe_record> records_;
};

record_sorter::record_sorter(std::size_t most_records)
    : most_records_(std::max<std::size_t>(1, most_records)) {}

record_sorter::~record_sorter() {
  if (fd_ >= 0) ::close(fd_);
}

error_code record_sorter::add(const probe_record& record) {
  records_.push_back(record);
  return records_.size() < most_records_ ? error_code() : spill();
}

void record_sorter::sort_records() {
  std::sort(records_.begin(), records_.end(), goes_before);
  records_.erase(std::unique(records_.begin(), records_.end(), is_same_probe), records_.end());
}

error_code record_sorter::spill() {
  if (fd_ < 0) fd_ = open_temporary();
  if (fd_ < 0) return last_error();
  sort_records();
  const std::uint64_t begin = file_size_;
  std::string bytes;
  for (const probe_record& record : records_) {
    append_packed(bytes, record);
    if (bytes.size() < bytes_a_write) continue;
    if (const error_code error = write(bytes)) return error;
    bytes.clear();
  }
  if (const error_code error = write(bytes)) return error;
  pieces_.push_back({begin, file_size_});
  records_.clear();
  return {};
}

error_code record_sorter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return last_error();
    bytes.remove_prefix(static_cast<std::size_t>(written));
    file_size_ += static_cast<std::uint64_t>(written);
  }
  return {};
}

error_code record_sorter::hand_out(const sink& sink) {
  batch out(sink);
  if (pieces_.empty()) {
    sort_records();
    for (const probe_record& record : records_) {
      if (const error_code error = out.add(record)) return error;
    }
    return out.flush();
  }
  if (!records_.empty()) {
    if (const error_code error = spill()) return error;
  }
  records_ = {};

  std::vector<std::unique_ptr<piece_reader>> readers;
  const auto comes_later = [](const piece_reader* a, const piece_reader* b) {
    return goes_before(b->record(), a->record());
  };
  std::priority_queue<piece_reader*, std::vector<piece_reader*>, decltype(comes_later)> queue(
      comes_later);
  const std::size_t read_ahead = std::max(least_bytes_a_read, bytes_read_ahead / pieces_.size());
  for (const piece& piece : pieces_) {
    readers.push_back(std::make_unique<piece_reader>(fd_, piece, read_ahead));
    if (readers.back()->next()) queue.push(readers.back().get());
    if (readers.back()->error()) return readers.back()->error();
  }
  while (!queue.empty()) {
    piece_reader* const first = queue.top();
    queue.pop();
    if (const error_code error = out.add(first->record())) return error;
    if (first->next()) queue.push(first);
    if (first->error()) return first->error();
  }
  return out.flush();
}

}  // namespace netscan::detail
