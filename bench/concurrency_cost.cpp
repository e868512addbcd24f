// What more probes in flight cost: a world whose hosts all refuse after 10 to 15 ms, so that as
// many probes are in flight as are let. CPU time is that of the scanning thread; the world has its
// own.
#include <chrono>

#include "contestants.hpp"
#include "same_answers.hpp"
#include "world.hpp"

namespace netscan::bench {
namespace {

constexpr std::uint32_t first_address = 0x0a400000;  // 10.64.0.0
constexpr std::uint32_t most_probes = 65'536;

/// Enough that most of the time all of them are in flight, and not so many that it takes minutes.
job job_with(std::uint32_t in_flight) {
  return {.first_address = first_address,
          .addresses = std::min(most_probes, std::max(16 * in_flight, 4096u)),
          .first_port = 80,
          .ports = 1,
          .in_flight = in_flight};
}

measurement measure(const std::string& name, const job& job, answers (*ask)(const bench::job&)) {
  const auto start = std::chrono::steady_clock::now();
  measurement result = measure_cpu(name, job, ask, {.refused = job.probes()});
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  result.counters["probes/s"] = job.probes() / time.count();
  return result;
}

}  // namespace
}  // namespace netscan::bench

int main(int argc, char** argv) {
  using namespace netscan::bench;
  std::unique_ptr<netscan::testing::world> world;
  return run_suite(argc, argv, [&world](suite& suite) {
    world = std::make_unique<netscan::testing::world>(
        netscan::testing::world_options{.prefix = "10.64.0.0/16", .open = 0, .closed = 1},
        std::vector<std::uint16_t>{80});
    for (const std::uint32_t in_flight : {64u, 256u, 1024u, 4096u, 16384u}) {
      for (const auto& [name, ask] :
           {std::pair<const char*, answers (*)(const job&)>{"raw_epoll", ask_raw_epoll},
            {"netscan", ask_netscan}}) {
        const job job = job_with(in_flight);
        suite.add(std::to_string(in_flight) + " in flight", name,
                  [=, name = std::string(name), ask = ask] { return measure(name, job, ask); });
      }
    }
  });
}
