#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/report/reader.hpp"
#include "netscan/target/plan.hpp"

namespace netscan::detail {

/// What one vantage saw of one address and port.
struct address_view {
  endpoint at;
  std::size_t vantage = 0;
  const probe_record* record = nullptr;
  /// Where it asked from, as far as that is known.
  std::span<const source_address> sources;
  /// is_unclear(), of another tool's scan.
  bool is_unclear = false;
  /// The check that the connect was part of, or nullptr.
  const check_record* check = nullptr;
  /// The end of a trace.
  bool is_trace = false;
};

/// The names of vantages, numbered in the order in which they first occur.
class vantage_names {
 public:
  std::size_t index_of(std::string_view name);
  const std::vector<std::string>& names() const noexcept { return names_; }

 private:
  std::map<std::string, std::size_t, std::less<>> numbers_;
  std::vector<std::string> names_;
};

/// All views of addresses in the files, by endpoint, then vantage, and of these the one that counts
/// first. Points into the files.
std::vector<address_view> views_of_addresses(std::span<const results_file> files,
                                             vantage_names& vantages);

/// Whether the views of one endpoint tell no more than checks of one target do, which every vantage
/// among them has made.
bool is_covered_by_checks(std::span<const address_view> views);

}  // namespace netscan::detail
