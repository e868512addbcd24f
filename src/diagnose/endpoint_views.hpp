#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/diagnose/compare.hpp"
#include "netscan/report/reader.hpp"
#include "netscan/target/plan.hpp"
#include "report/spilling_sorter.hpp"
#include "vantage_names.hpp"

namespace netscan::detail {

/// What one vantage saw of one address and port.
struct endpoint_view {
  std::size_t vantage = 0;
  const probe_record* record = nullptr;
  /// Where it asked from, as far as that is known.
  std::span<const source_address> sources;
  /// is_unclear(), of another tool's scan.
  bool is_unclear = false;
  /// When its scan, check or trace began.
  timestamp start{};
  /// The check that the connect was part of, or nullptr.
  const check_record* check = nullptr;
  /// The end of a trace.
  bool is_trace = false;

  bool is_of_scan() const noexcept { return check == nullptr && !is_trace; }
};

/// Brings together what all vantages saw of each endpoint: results go in file by file, and come out
/// endpoint by endpoint. Records are kept as spilling_sorter does, so memory does not grow with
/// them; checks and traces are few.
class endpoint_views {
 public:
  explicit endpoint_views(compare_options options);

  absl::Status add(const results_file& file);
  /// Likewise of a file that is read record by record; its notices.
  absl::StatusOr<std::vector<std::string>> add_file(const std::string& path,
                                                    std::string_view vantage);

  const compare_options& options() const noexcept { return options_; }
  /// All of them.
  const std::vector<std::string>& vantages() const noexcept { return vantages_.names(); }
  std::size_t index_of(std::string_view vantage) { return vantages_.index_of(vantage); }
  /// Those that have scans, ascending.
  std::vector<std::size_t> scan_vantages() const;
  const std::deque<check_record>& checks() const noexcept { return checks_; }
  const std::deque<trace_record>& traces() const noexcept { return traces_; }

  /// Takes the views of an endpoint by vantage, and of each vantage the one that counts first. Of
  /// what a scan, check or trace has of the endpoint these are two at most: the one that counts,
  /// and one of another reason.
  using sink = std::function<void(const endpoint& at, std::span<const endpoint_view> views)>;

  /// Hands out all endpoints, ascending. Once. Errors: those of the temporary file.
  absl::Status hand_out(const sink& sink);

 private:
  /// What records have in common.
  struct source {
    std::size_t vantage = 0;
    std::vector<source_address> addresses;
    /// What is_unclear() is to be told of connect(); nothing where no record is unclear.
    std::optional<bool> by_errno;
    timestamp start{};
    const check_record* check = nullptr;
    bool is_trace = false;
  };
  struct sourced_record {
    probe_record record;
    std::uint32_t source = 0;
  };
  struct sourced_order {
    using item = sourced_record;
    static bool goes_before(const item& a, const item& b);
    static bool is_same(const item& a, const item& b) noexcept;
    static void append(std::string& bytes, const item& one);
    static std::optional<item> take(std::string_view& bytes);
  };

  bool wants(const ip_address& address) const;
  absl::Status add_record(const probe_record& record, std::size_t source);
  void add_scan(const scan_header& header, std::string_view vantage);
  absl::Status add_check(const check_record& check, std::string_view vantage);
  absl::Status add_trace(const trace_record& trace, std::string_view vantage);
  absl::Status add_others(const results_file& file, std::string_view vantage);
  endpoint_view view_of(const sourced_record& record) const;
  /// Whether the records of the same endpoint that stand before one say all that it would.
  static bool is_told(std::span<const sourced_record> before, const sourced_record& record);

  compare_options options_;
  vantage_names vantages_;
  std::vector<source> sources_;
  std::deque<check_record> checks_;  // stays where it is
  std::deque<trace_record> traces_;
  spilling_sorter<sourced_order> sorter_;
};

/// Whether the views of one endpoint tell no more than checks of one target do, which every vantage
/// among them has made.
bool is_covered_by_checks(std::span<const endpoint_view> views);

}  // namespace netscan::detail
