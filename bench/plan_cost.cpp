// What the plan costs a probe: the next (address, port) in sequence and in permuted order.
#include <benchmark/benchmark.h>

#include "netscan/target/plan.hpp"
#include "ratio_main.hpp"

namespace netscan::bench {
namespace {

void walk(benchmark::State& state, probe_order order) {
  const plan plan = *plan::make(address_set::of({*parse_cidr("10.0.0.0/8")}),
                                *parse_ports("80,443,8000-8100"), {.seed = 1, .order = order});
  std::uint64_t index = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(plan.at(index));
    if (++index == plan.size()) index = 0;
  }
}

void sequential(benchmark::State& state) {
  walk(state, probe_order::sequential);
}
void permuted(benchmark::State& state) {
  walk(state, probe_order::permuted);
}

BENCHMARK(sequential);
BENCHMARK(permuted);

}  // namespace
}  // namespace netscan::bench

int main(int argc, char** argv) {
  return netscan::bench::ratio_main(argc, argv, "sequential");
}
