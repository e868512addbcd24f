#include <sys/socket.h>
#include <unistd.h>

#include "contestants.hpp"

namespace netscan::bench {

answers ask_floor(const job& job) {
  answers result;
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  for (std::uint32_t i = 0; i < job.probes(); ++i) {
    const int error = connect_to(fd, target(job, i));
    result.count(error);
    if (error == 0) disconnect(fd);
  }
  ::close(fd);
  return result;
}

}  // namespace netscan::bench
