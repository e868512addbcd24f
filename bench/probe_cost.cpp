// What a refused probe costs: 60,000 closed ports of loopback, CPU time of the whole process.
//
//   floor      one blocking socket, connect() in a loop: only what the kernel does for a connect
//   raw_epoll  the baseline: epoll, 256 in flight, a new socket a probe, as connect scanners do,
//              without their overhead
//   netscan    this library with 256 in flight, records and accounting included
#include <benchmark/benchmark.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "netscan/scan/scan.hpp"
#include "ratio_main.hpp"

namespace netscan::bench {
namespace {

constexpr std::uint16_t first_port = 2000;
constexpr std::uint32_t probes = 60'000;
constexpr std::uint32_t in_flight = 256;

sockaddr_in target(std::uint32_t index) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(first_port + index));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int connect_to(int fd, std::uint32_t index) {
  const sockaddr_in address = target(index);
  return ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0
                                                                                         : errno;
}

void disconnect(int fd) {
  sockaddr unspecified{};
  unspecified.sa_family = AF_UNSPEC;
  (void)::connect(fd, &unspecified, sizeof unspecified);
}

void finish(benchmark::State& state, std::uint64_t refused, std::uint64_t expected) {
  // A probe now and then meets itself on loopback; nothing else may be anything but refused.
  if (refused + 16 < expected) state.SkipWithError("not every port was refused");
  state.counters["probes"] =
      benchmark::Counter(static_cast<double>(expected), benchmark::Counter::kIsRate);
}

void floor(benchmark::State& state) {
  std::uint64_t refused = 0;
  for (auto _ : state) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    for (std::uint32_t i = 0; i < probes; ++i) {
      const int error = connect_to(fd, i);
      refused += error == ECONNREFUSED ? 1 : 0;
      if (error == 0) disconnect(fd);  // it met itself, and would answer EISCONN from here on
    }
    ::close(fd);
  }
  finish(state, refused, state.iterations() * std::uint64_t{probes});
}

/// Opens a socket for one probe and starts it; what is refused at once is counted.
void start(int epoll, std::uint32_t index) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  epoll_event event{};
  event.events = EPOLLOUT;
  event.data.fd = fd;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  connect_to(fd, index);
}

void raw_epoll(benchmark::State& state) {
  std::uint64_t refused = 0;
  for (auto _ : state) {
    const int epoll = ::epoll_create1(0);
    std::uint32_t next = 0;
    std::uint32_t waiting = 0;
    std::array<epoll_event, in_flight> events;
    while (next < probes || waiting > 0) {
      for (; waiting < in_flight && next < probes; ++waiting) start(epoll, next++);
      const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
        refused += error == ECONNREFUSED ? 1 : 0;
        ::close(fd);
        --waiting;
      }
    }
    ::close(epoll);
  }
  finish(state, refused, state.iterations() * std::uint64_t{probes});
}

void netscan(benchmark::State& state) {
  const plan plan = *plan::make(
      address_set::of({*parse_cidr("127.0.0.1/32")}),
      port_set::of({{first_port, static_cast<std::uint16_t>(first_port + probes - 1)}}));
  std::uint64_t refused = 0;
  for (auto _ : state) {
    const scan_result result =
        scan(plan, {.concurrency = in_flight}, [&](std::span<const probe_record> records) {
          for (const probe_record& record : records) {
            refused += record.reason == probe_reason::conn_refused ? 1 : 0;
          }
          return boost::system::error_code();
        });
    if (!result.summary.complete) state.SkipWithError("the scan is not complete");
  }
  finish(state, refused, state.iterations() * std::uint64_t{probes});
}

BENCHMARK(floor)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
BENCHMARK(raw_epoll)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
BENCHMARK(netscan)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace netscan::bench

int main(int argc, char** argv) {
  return netscan::bench::ratio_main(argc, argv, "raw_epoll");
}
