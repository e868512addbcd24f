#pragma once

#include <absl/status/status.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <boost/system/error_code.hpp>

namespace netscan::detail {

/// A temporary file in $TMPDIR, else /tmp, that has no name and is gone with the process. It is
/// made by the first write.
class spill_file {
 public:
  spill_file() = default;
  ~spill_file();
  spill_file(const spill_file&) = delete;
  spill_file& operator=(const spill_file&) = delete;

  std::uint64_t size() const noexcept { return size_; }

  /// Errors: those of making and writing the file.
  boost::system::error_code append(std::string_view bytes);

  /// Reads up to `size` bytes, at least one; `count` is how many. Errors: also EIO where there are
  /// none.
  boost::system::error_code read(std::uint64_t offset, char* bytes, std::size_t size,
                                 std::size_t& count) const;

 private:
  std::uint64_t size_ = 0;
  int fd_ = -1;
};

/// An error of a sorter's, for the user: ResourceExhausted, as it is this host that has no room.
absl::Status no_room(const boost::system::error_code& error);

}  // namespace netscan::detail
