/// The file under a journal: a first line that says what it is, then entries.
///
///     marker (4 bytes)  kind (1)  length (4)  checksum (4)  payload (length)
///
/// Numbers are little-endian; the checksum is the CRC-32 of kind, length and payload. Entries are
/// independent of each other: after a damaged one, reading goes on at the next marker behind which
/// an entry is whole.
#pragma once

#include <absl/status/statusor.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/error_code.hpp>

#include "file_descriptor.hpp"

namespace netscan::detail {

enum class entry_kind : char {
  head = 'H',    ///< what the journal is of; the first entry
  run = 'R',     ///< a run begins
  probes = 'P',  ///< packed records
  end = 'E',     ///< the run has ended by itself, with this summary
};

struct journal_entry {
  entry_kind kind;
  std::string_view payload;  ///< until the next one is read
};

/// Reads the entries of a file one by one.
class entry_reader {
 public:
  struct damage {
    std::uint64_t offset;
    std::uint64_t size;
  };

  /// Reads `fd` up to `size`, which does not move its position.
  entry_reader(int fd, std::uint64_t size) noexcept;

  /// The next whole entry; nothing at the end, or after an error.
  std::optional<journal_entry> next();

  boost::system::error_code error() const noexcept { return error_; }
  /// Where the last whole entry ended.
  std::uint64_t end() const noexcept { return end_; }
  /// What is damaged between whole entries. What follows the last of them is not in it.
  const std::vector<damage>& damages() const noexcept { return damages_; }

 private:
  std::optional<journal_entry> entry_at(std::uint64_t offset);
  std::optional<std::uint64_t> find_marker(std::uint64_t from);
  bool read_at(std::uint64_t offset, std::size_t size);

  int fd_;
  std::uint64_t size_;
  std::uint64_t end_;
  std::string bytes_;
  std::vector<damage> damages_;
  boost::system::error_code error_;
};

class journal_file {
 public:
  /// How much of a journal there is in a file.
  enum class content : std::uint8_t {
    nothing,  ///< empty, or cut off before the first entry was whole
    entries,
    foreign,  ///< something else
  };

  /// Opens and locks a regular file. Errors: as journal::create() and journal::open() say.
  static absl::StatusOr<journal_file> open(const std::string& path, bool create);

  journal_file(journal_file&& other) noexcept;

  const std::string& path() const noexcept { return path_; }
  std::uint64_t size() const noexcept { return size_; }

  /// Errors: InvalidArgument for the journal of an unknown version; those of read(2).
  absl::StatusOr<content> look() const;
  entry_reader entries(std::uint64_t up_to) const noexcept;

  // Writing: the payload is put together in the buffer, then written as one entry.

  /// Cuts everything behind `end` off; 0 begins the file anew.
  boost::system::error_code cut(std::uint64_t end) noexcept;
  std::string& start_entry(entry_kind kind);
  boost::system::error_code write_entry() noexcept;
  boost::system::error_code sync() noexcept;
  boost::system::error_code error() const noexcept;

 private:
  journal_file(file_descriptor fd, std::string path, std::uint64_t size);

  boost::system::error_code fail(int error) noexcept;

  file_descriptor fd_;
  std::string path_;
  std::uint64_t size_;
  std::string buffer_;
  // Also set by sync(), which may be called from another thread.
  std::atomic<int> errno_{0};
};

}  // namespace netscan::detail
