#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <boost/system/error_code.hpp>

#include "netscan/probe/record.hpp"

namespace netscan::detail {

/// True when, of two records of the same probe, `a` is the one to keep: an answer before silence,
/// silence before what this host failed to ask, then the later one. Of two that are equal in all of
/// that some order decides, always the same.
bool is_better(const probe_record& a, const probe_record& b);

/// Sorts records by address and port, and keeps one of each probe, in bounded memory: what does not
/// fit goes to a temporary file (in $TMPDIR, else /tmp) that has no name and is gone with the
/// process, in sorted pieces that are merged at the end.
class record_sorter {
 public:
  /// Holds at most so many records at a time, at least 1.
  explicit record_sorter(std::size_t most_records);
  ~record_sorter();
  record_sorter(const record_sorter&) = delete;
  record_sorter& operator=(const record_sorter&) = delete;

  /// Errors: those of making and writing the temporary file.
  boost::system::error_code add(const probe_record& record);

  using sink = std::function<boost::system::error_code(std::span<const probe_record>)>;

  /// Hands all records out, in batches. Once. Errors: the sink's, those of the temporary file.
  boost::system::error_code hand_out(const sink& sink);

 private:
  /// Where a sorted piece lies in the file.
  struct piece {
    std::uint64_t begin;
    std::uint64_t end;
  };
  class piece_reader;
  class batch;

  void sort_records();
  boost::system::error_code spill();
  boost::system::error_code write(std::string_view bytes);

  std::size_t most_records_;
  std::vector<probe_record> records_;
  std::vector<piece> pieces_;
  std::uint64_t file_size_ = 0;
  int fd_ = -1;
};

}  // namespace netscan::detail
