// What a scan takes of this process' memory: for each probe in flight, and for a plan of all ports
// of a /8; and how long such a plan waits for its first answer. Each is measured in a process of
// its own. Kernel memory, which a socket takes besides, is not in it.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>

#include <boost/asio/error.hpp>

#include "netscan/scan/scan.hpp"
#include "network_namespace.hpp"
#include "networks.hpp"
#include "same_answers.hpp"

namespace netscan::bench {
namespace {

using boost::system::error_code;
using clock = std::chrono::steady_clock;

/// A line of one of this process' files in bytes (proc(5)).
double bytes_in(const char* path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key + ":")) continue;
    std::istringstream fields(line.substr(key.size() + 1));
    double kibibytes = 0;
    fields >> kibibytes;
    return kibibytes * 1024;
  }
  throw std::runtime_error("no " + key + " in " + path);
}

/// Memory that is no file's. Counted page by page; status has it only roughly.
double anonymous_bytes() {
  return bytes_in("/proc/self/smaps_rollup", "Anonymous");
}

/// Runs `measure` in a child and returns its value.
double in_child(const std::function<double()>& measure) {
  void* const shared =
      ::mmap(nullptr, sizeof(double), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto* const value = static_cast<double*>(shared);
  const auto failure = testing::failure_in_child([&] { *value = measure(); });
  const double result = *value;
  ::munmap(shared, sizeof(double));
  if (failure) throw std::runtime_error(*failure);
  return result;
}

plan plan_of(const char* targets, port_range ports) {
  return *plan::make(address_set::of({*parse_cidr(targets)}), port_set::of({ports}), {.seed = 1});
}

/// Bytes a probe, with so many in flight: the growth from before the scan to its first verdict,
/// when all are in flight and none has ended.
double bytes_per_probe(std::uint32_t in_flight) {
  const plan plan = plan_of("10.0.0.0/16", {80, 80});
  scan_options options;
  options.timeout = std::chrono::seconds(3);
  options.timing = timing::thorough;
  options.retries = 0;
  options.concurrency = in_flight;
  scan_progress progress;
  const double before = anonymous_bytes();
  double growth = 0;
  scan(
      plan, options,
      [&](std::span<const probe_record>) -> error_code {
        growth = anonymous_bytes() - before;
        return boost::asio::error::operation_aborted;
      },
      {}, &progress);
  if (progress.attempts < in_flight) throw std::runtime_error("not all were in flight");
  return growth / in_flight;
}

/// Milliseconds from the call to the first verdict.
double first_verdict_ms() {
  const auto start = clock::now();
  const plan plan = plan_of("127.0.0.0/8", {1, 65535});
  clock::time_point first;
  scan(plan, {}, [&](std::span<const probe_record>) -> error_code {
    first = clock::now();
    return boost::asio::error::operation_aborted;
  });
  return std::chrono::duration<double, std::milli>(first - start).count();
}

/// The most that the process ever had, shared libraries and all, in MiB: silent targets, until more
/// have a verdict than may be kept waiting for a second try.
double peak_mib() {
  const plan plan = plan_of("10.0.0.0/8", {1, 65535});
  scan_options options;
  options.timeout = std::chrono::milliseconds(50);
  std::uint64_t ended = 0;
  scan(plan, options, [&](std::span<const probe_record> records) {
    ended += records.size();
    return ended > 300'000 ? error_code(boost::asio::error::operation_aborted) : error_code();
  });
  return bytes_in("/proc/self/status", "VmHWM") / (1 << 20);
}

void add(suite& suite, const std::string& name, const std::string& unit,
         const std::function<double()>& measure) {
  suite.add("memory", name, [=] {
    const auto start = clock::now();
    const double value = in_child(measure);
    return measurement{
        std::chrono::duration<double>(clock::now() - start).count(), 0, {{unit, value}}};
  });
}

}  // namespace
}  // namespace netscan::bench

int main(int argc, char** argv) {
  using namespace netscan::bench;
  return run_suite(argc, argv, [](suite& suite) {
    make_silent_link();
    add(suite, "16384 in flight", "bytes_each", [] { return bytes_per_probe(16384); });
    add(suite, "/8 x 65535", "peak_MiB", peak_mib);
    add(suite, "/8 x 65535 starts", "first_verdict_ms", first_verdict_ms);
  });
}
