// What the plan costs a probe: the next (address, port) in sequence and in permuted order.
#include <benchmark/benchmark.h>

#include "netscan/target/plan.hpp"
#include "same_answers.hpp"

namespace netscan::bench {
namespace {

constexpr std::uint64_t probes = 1'000'000;

measurement walk(probe_order order) {
  const plan plan = *plan::make(address_set::of({*parse_cidr("10.0.0.0/8")}),
                                *parse_ports("80,443,8000-8100"), {.seed = 1, .order = order});
  const double before = thread_cpu_seconds();
  for (std::uint64_t i = 0; i < probes; ++i) benchmark::DoNotOptimize(plan.at(i));
  return {thread_cpu_seconds() - before, static_cast<double>(probes)};
}

}  // namespace
}  // namespace netscan::bench

int main(int argc, char** argv) {
  using namespace netscan::bench;
  return run_suite(argc, argv, [](suite& suite) {
    suite.add("plan", "sequential", [] { return walk(netscan::probe_order::sequential); });
    suite.add("plan", "permuted", [] { return walk(netscan::probe_order::permuted); });
  });
}
