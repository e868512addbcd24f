#pragma once

#include <chrono>

namespace netscan::cli {

/// SIGINT, SIGTERM and SIGHUP, taken when asked for. Blocked from the construction on, so threads
/// that are started later have them blocked too.
class interruption {
 public:
  interruption();

  /// Waits at most so long; true when one of the signals has come, now or at an earlier call.
  bool came_within(std::chrono::milliseconds time) noexcept;
  bool came() const noexcept { return came_; }

 private:
  bool came_ = false;
};

}  // namespace netscan::cli
