#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "netscan/scan/scan.hpp"

namespace netscan::cli {

enum class progress_style : std::uint8_t {
  none,
  one_line,  ///< drawn over again several times a second, and wiped at the end: for a terminal
  lines,     ///< one more every ten seconds: for a log
};

/// What suits standard error and the verbosity. `is_garbled`: the results go to the terminal while
/// the scan runs.
progress_style style_of_progress(bool is_garbled) noexcept;

/// How far a scan is, on standard error while it runs.
class progress_line {
 public:
  progress_line(std::uint64_t planned, progress_style style);

  void draw_now_and_then(const scan_progress& progress, std::uint64_t open);
  void wipe();

 private:
  using clock = std::chrono::steady_clock;

  std::uint64_t planned_;
  progress_style style_;
  bool drawn_ = false;
  clock::time_point started_ = clock::now();
  clock::time_point next_;
};

/// The line's text: `61 % asked, 4 open, 180 in flight, 1230 probes/s, 3 s left`.
std::string progress_text(std::uint64_t planned, std::uint64_t attempts, std::uint64_t in_flight,
                          std::uint64_t ended, std::uint64_t open,
                          std::chrono::duration<double> elapsed);

}  // namespace netscan::cli
