#pragma once

#include <fmt/format.h>

#include <functional>
#include <stdexcept>
#include <string>

#include "job.hpp"
#include "suite.hpp"

namespace netscan::bench {

/// Throws unless the answers are those expected: what is fast and wrong is not compared.
inline void require(const std::string& name, const answers& got, const answers& expected) {
  if (got == expected) return;
  throw std::runtime_error(
      fmt::format("{} answers {}, not {}", name, to_string(got), to_string(expected)));
}

/// Runs `ask` and takes the calling thread's CPU time; a wrong answer is an error each time.
inline measurement measure_cpu(const std::string& name, const job& job,
                               const std::function<answers(const bench::job&)>& ask,
                               const answers& expected) {
  const double before = thread_cpu_seconds();
  const answers got = ask(job);
  const double seconds = thread_cpu_seconds() - before;
  require(name, got, expected);
  return {seconds, static_cast<double>(job.probes())};
}

}  // namespace netscan::bench
