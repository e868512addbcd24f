/// What every contestant of a benchmark is asked to do, and what it has to answer.
#pragma once

#include <netinet/in.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace netscan::bench {

/// `addresses` x `ports` probes from 'first' on, address by address.
struct job {
  std::uint32_t first_address = INADDR_LOOPBACK;
  std::uint32_t addresses = 1;
  std::uint16_t first_port = 2000;
  std::uint32_t ports = 1;
  std::uint32_t in_flight = 256;
  /// How long a probe may take; each is asked once.
  std::chrono::milliseconds timeout{2000};

  std::uint32_t probes() const { return addresses * ports; }
};

sockaddr_in target(const job& job, std::uint32_t index);

/// connect(2) of a non-blocking or blocking socket; 0 or the errno.
int connect_to(int fd, const sockaddr_in& address);
/// connect(AF_UNSPEC): the socket is as new again.
void disconnect(int fd);

struct answers {
  std::uint64_t open = 0;
  std::uint64_t refused = 0;
  std::uint64_t silent = 0;
  std::uint64_t other = 0;

  void count(int error);
  friend bool operator==(const answers&, const answers&) = default;
};

std::string to_string(const answers& answers);

/// CPU time of the calling thread, user and system, in seconds.
double thread_cpu_seconds();

}  // namespace netscan::bench
