/// What the jobs are done on, all in the network namespace that the program has entered.
#pragma once

#include "job.hpp"

namespace netscan::bench {

/// Closed ports of the loopback interface. From then on the namespace uses source ports that no job
/// here asks for, so that no probe can connect to itself.
job refused_job(std::uint32_t probes);

/// One port that listens on all of 127.0.0.0/8 and is never accepted from: the kernel completes the
/// handshake. The connections it holds are dropped when it is destroyed.
class listener {
 public:
  listener();
  ~listener();
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  /// At most 65535 probes: more than the queue holds would be silent.
  job open_job(std::uint32_t probes) const;

 private:
  int fd_;
};

/// A link at whose other end nobody listens: every SYN crosses it and is thrown away.
void make_silent_link();
job silent_job(std::uint32_t probes);

}  // namespace netscan::bench
