/// How a scan went, in figures: for people who tune it, and for `netscan sweep --stats`.
///
///     netscan::scan_statistics statistics;
///     statistics.add(records);  // any number of times, as the scan's sink
///     fmt::print(stderr, "{}", netscan::statistics_text(statistics, summary));
///
/// Memory does not grow with the scan: round trip times are counted in steps of 1/64 of their size,
/// so that quantiles are at most 1.6 % too small. A statistics object is used by one thread at a
/// time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "netscan/probe/record.hpp"

namespace netscan {

class scan_statistics {
 public:
  void add(std::span<const probe_record> records) noexcept;

  /// Records that have a round trip time: answers of any kind.
  std::uint64_t answers() const noexcept { return answers_; }

  /// The round trip time in microseconds that `share` of the answers took at most, 0 to 1: 0.5 is
  /// the median; 0 and 1 are the shortest and the longest, exactly. Nothing without answers.
  std::optional<std::uint32_t> rtt_us(double share) const noexcept;

 private:
  // Steps a doubling, and doublings of a 32-bit number that has more digits than that.
  static constexpr unsigned step_bits = 6;
  static constexpr std::size_t steps = std::size_t{1} << step_bits;

  static std::size_t step_of(std::uint32_t rtt_us) noexcept;
  static std::uint32_t start_of(std::size_t step) noexcept;

  std::array<std::uint64_t, steps*(33 - step_bits)> counts_{};
  std::uint64_t answers_ = 0;
  std::uint32_t shortest_ = 0;
  std::uint32_t longest_ = 0;
};

/// What a process used, as getrusage(2) has it.
struct process_usage {
  std::uint64_t cpu_us = 0;       ///< user and system, of all threads
  std::uint64_t most_memory = 0;  ///< bytes of resident memory at its highest
};

/// Of this process, since it began.
process_usage usage_of_process() noexcept;

/// A few lines, one subject each: time, SYNs, answers, loss, what the host was short of and, if
/// given, what the process used.
std::string statistics_text(const scan_statistics& statistics, const scan_summary& summary,
                            const std::optional<process_usage>& usage = std::nullopt);

}  // namespace netscan
