#include "job.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <cerrno>
#include <ctime>

namespace netscan::bench {

sockaddr_in target(const job& job, std::uint32_t index) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(job.first_port + index % job.ports));
  address.sin_addr.s_addr = htonl(job.first_address + index / job.ports);
  return address;
}

int connect_to(int fd, const sockaddr_in& address) {
  return ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0
                                                                                         : errno;
}

void disconnect(int fd) {
  sockaddr unspecified{};
  unspecified.sa_family = AF_UNSPEC;
  (void)::connect(fd, &unspecified, sizeof unspecified);
}

void answers::count(int error) {
  ++(error == 0 ? open : error == ECONNREFUSED ? refused : error == ETIMEDOUT ? silent : other);
}

std::string to_string(const answers& a) {
  return fmt::format("{} open, {} refused, {} silent, {} other", a.open, a.refused, a.silent,
                     a.other);
}

double thread_cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace netscan::bench
