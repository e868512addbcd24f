#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "netscan/scan/scan.hpp"

namespace netscan::cli {

/// One line on standard error that is drawn over again while a scan runs, and wiped at its end.
/// Drawn on a terminal only.
class progress_line {
 public:
  progress_line(std::uint64_t planned, bool enabled);

  void draw(const scan_progress& progress, std::uint64_t open);
  void wipe();

 private:
  using clock = std::chrono::steady_clock;

  std::uint64_t planned_;
  bool enabled_;
  bool drawn_ = false;
  clock::time_point started_ = clock::now();
};

/// The line's text: `61 % asked, 4 open, 180 in flight, 1230 probes/s, 3 s left`.
std::string progress_text(std::uint64_t planned, std::uint64_t attempts, std::uint64_t in_flight,
                          std::uint64_t ended, std::uint64_t open,
                          std::chrono::duration<double> elapsed);

}  // namespace netscan::cli
