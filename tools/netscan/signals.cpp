#include "signals.hpp"

#include <pthread.h>

#include <csignal>

namespace netscan::cli {
namespace {

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    // nohup(1) and shells' background jobs leave a signal ignored; it stays so.
    struct sigaction action {};
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) {
      sigaddset(&set, signal);
    }
  }
  return set;
}

}  // namespace

interruption::interruption() {
  const sigset_t set = watched_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

bool interruption::came_within(std::chrono::milliseconds time) noexcept {
  const sigset_t set = watched_signals();
  const timespec limit{static_cast<time_t>(time.count() / 1000),
                       static_cast<long>(time.count() % 1000 * 1'000'000)};
  if (sigtimedwait(&set, nullptr, &limit) > 0) came_ = true;
  return came_;
}

}  // namespace netscan::cli
