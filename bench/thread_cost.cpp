// How much more two threads do than one: refused probes over loopback, where the kernel's part of a
// probe is done by the thread that sends it. `floor` is the same for the kernel alone: what two
// threads gain that do nothing but connect().
#include <chrono>
#include <thread>
#include <vector>

#include "contestants.hpp"
#include "networks.hpp"
#include "same_answers.hpp"

namespace netscan::bench {
namespace {

/// Each of the threads does an equal part of the addresses.
answers ask_floor_with(const job& whole, unsigned threads) {
  std::vector<answers> results(threads);
  std::vector<std::jthread> running;
  for (unsigned i = 0; i < threads; ++i) {
    job part = whole;
    part.addresses = whole.addresses / threads;
    part.first_address += i * part.addresses;
    running.emplace_back([part, &result = results[i]] { result = ask_floor(part); });
  }
  running.clear();
  answers sum;
  for (const answers& result : results) sum.refused += result.refused;
  return sum;
}

using ask_with_threads = answers (*)(const job&, unsigned);

measurement measure(const job& job, ask_with_threads ask, unsigned threads) {
  const auto start = std::chrono::steady_clock::now();
  const answers got = ask(job, threads);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  require("one of the threads", got, {.refused = job.probes()});
  return {time.count(), static_cast<double>(job.probes())};
}

}  // namespace
}  // namespace netscan::bench

int main(int argc, char** argv) {
  using namespace netscan::bench;
  return run_suite(argc, argv, [](suite& suite) {
    job job = refused_job(60'000);
    job.in_flight = 512;
    for (const auto& [group, ask] :
         {std::pair<const char*, ask_with_threads>{"netscan", ask_netscan},
          {"floor", ask_floor_with}}) {
      for (const unsigned threads : {1u, 2u}) {
        measure(job, ask, threads);
        suite.add(group, std::to_string(threads) + (threads == 1 ? " thread" : " threads"),
                  [job, ask = ask, threads] { return measure(job, ask, threads); });
      }
    }
  });
}
