#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include <boost/system/error_code.hpp>

#include "netscan/probe/packed_record.hpp"
#include "netscan/probe/record.hpp"
#include "spilling_sorter.hpp"

namespace netscan::detail {

/// True when, of two records of the same probe, `a` is the one to keep: an answer before silence,
/// silence before what this host failed to ask, then the later one. Of two that are equal in all of
/// that some order decides, always the same.
bool is_better(const probe_record& a, const probe_record& b);

/// Records by probe, the better first.
struct record_order {
  using item = probe_record;
  static bool goes_before(const item& a, const item& b);
  static bool is_same(const item& a, const item& b) noexcept;
  static void append(std::string& bytes, const item& one) { append_packed(bytes, one); }
  static std::optional<item> take(std::string_view& bytes) { return take_packed(bytes); }
};

/// Sorts records by address and port, and keeps one of each probe, in bounded memory.
class record_sorter {
 public:
  /// Holds at most so many records at a time, at least 1.
  explicit record_sorter(std::size_t most_records) : sorter_(most_records) {}

  /// Errors: those of making and writing the temporary file.
  boost::system::error_code add(const probe_record& record) { return sorter_.add(record); }

  using sink = std::function<boost::system::error_code(std::span<const probe_record>)>;

  /// Hands all records out, in batches. Once. Errors: the sink's, those of the temporary file.
  boost::system::error_code hand_out(const sink& sink);

 private:
  spilling_sorter<record_order> sorter_;
};

}  // namespace netscan::detail
