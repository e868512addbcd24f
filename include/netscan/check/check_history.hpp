/// Checks that are made again and again: what has changed, and how often it was what.
///
///     netscan::check_history history(requests.size());
///     for (;;) {
///       netscan::check(requests, {}, [&](std::size_t index, const netscan::check_record& record) {
///         if (history.add(index, record)) fmt::print("{}: {}\n", record.target, record.summary);
///       });
///     }
///
/// Plain values without I/O; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/check/check_record.hpp"

namespace netscan {

/// What a user would call the state of an endpoint: outcome, layer, reason, and the HTTP status.
/// Not durations, nor which of several addresses answered. Equal texts are equal states.
std::string check_state(const check_record& record);

/// What one endpoint came to so far.
struct check_counts {
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;
  std::uint64_t error = 0;
  /// Changes of state after the first check.
  std::uint64_t changes = 0;
  /// Checks in a row, the last one included, that ended in the last one's state.
  std::uint64_t unchanged = 0;
  /// The same of the state before it; 0 when there was none.
  std::uint64_t before = 0;

  std::uint64_t total() const noexcept { return ok + failed + error; }

  friend bool operator==(const check_counts&, const check_counts&) = default;
};

class check_history {
 public:
  /// Endpoints are numbered from 0 to `endpoints` - 1.
  explicit check_history(std::size_t endpoints) : endpoints_(endpoints) {}

  /// True when the endpoint's state is another one than at the check before, and at its first
  /// check. A record with the outcome `stopped` says nothing, and is not counted.
  bool add(std::size_t index, const check_record& record);

  const check_counts& counts(std::size_t index) const noexcept { return endpoints_[index].counts; }
  /// Of the last check; nothing before the first one.
  std::string_view state(std::size_t index) const noexcept { return endpoints_[index].state; }
  /// The last check's outcome; `stopped` before the first one.
  check_outcome outcome(std::size_t index) const noexcept { return endpoints_[index].outcome; }

 private:
  struct endpoint_history {
    check_counts counts;
    std::string state;
    check_outcome outcome = check_outcome::stopped;
  };

  std::vector<endpoint_history> endpoints_;
};

}  // namespace netscan
