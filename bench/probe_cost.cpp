// What a probe costs in CPU time, user and system, whether it is refused, finds an open port, or is
// never answered. Who the contestants are is said in contestants.hpp.
#include "contestants.hpp"
#include "networks.hpp"
#include "same_answers.hpp"

namespace netscan::bench {
namespace {

struct named {
  const char* name;
  answers (*ask)(const job&);
};

constexpr named raw_epoll = {"raw_epoll", ask_raw_epoll};
constexpr named netscan = {"netscan", ask_netscan};
constexpr named idiomatic_asio = {"idiomatic_asio", ask_idiomatic_asio};
constexpr named floor = {"floor", ask_floor};

void add_refused(suite& suite) {
  const job job = refused_job(30'000);
  const answers expected = {.refused = job.probes()};
  for (const named& one : {raw_epoll, netscan, idiomatic_asio, floor}) {
    require(one.name, one.ask(job), expected);
    suite.add("refused", one.name, [=] { return measure_cpu(one.name, job, one.ask, expected); });
  }
}

void add_open(suite& suite) {
  for (const named& one : {raw_epoll, netscan, idiomatic_asio, floor}) {
    const auto measure = [=] {
      const listener listener;  // each time: its queue holds what was not accepted
      const job job = listener.open_job(10'000);
      return measure_cpu(one.name, job, one.ask, {.open = job.probes()});
    };
    measure();
    suite.add("open", one.name, measure);
  }
}

void add_silent(suite& suite) {
  make_silent_link();
  const job job = silent_job(3 * 4096);
  const answers expected = {.silent = job.probes()};
  for (const named& one : {raw_epoll, netscan, idiomatic_asio}) {
    require(one.name, one.ask(job), expected);
    suite.add("silent", one.name, [=] { return measure_cpu(one.name, job, one.ask, expected); });
  }
}

}  // namespace
}  // namespace netscan::bench

int main(int argc, char** argv) {
  using namespace netscan::bench;
  return run_suite(argc, argv, [](suite& suite) {
    add_refused(suite);
    add_open(suite);
    add_silent(suite);
  });
}
