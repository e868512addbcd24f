#include "suite.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

#include "netscan/scan/host.hpp"
#include "network_namespace.hpp"

namespace netscan::bench {
namespace {

constexpr const char* speed_counter = "items_per_second";

/// A contestant's values, by counter, one for each repetition.
using results = std::map<std::string, std::vector<double>>;

double median(const results& all, const std::string& counter) {
  const auto found = all.find(counter);
  if (found == all.end()) return 0;
  std::vector<double> values = found->second;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::string group_of(const std::string& name) {
  return name.substr(0, name.find('/'));
}

class ratio_reporter : public benchmark::BenchmarkReporter {
 public:
  explicit ratio_reporter(const suite& suite) : suite_(suite) {}

  bool ReportContext(const Context& context) override {
    fmt::print("{} CPUs, medians; the first of each group is 1.00\n", context.cpu_info.num_cpus);
    return true;
  }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      for (const auto& [counter, value] : run.counters) {
        results_[run.run_name.function_name][counter].push_back(value.value);
      }
    }
  }

  void Finalize() override {
    std::string group;
    double baseline = 0;
    for (const std::string& name : suite_.names()) {
      const auto found = results_.find(name);
      if (found == results_.end()) continue;  // filtered out, or failed
      if (group_of(name) != group) {
        group = group_of(name);
        baseline = median(found->second, speed_counter);
        fmt::print("\n{}\n", group);
      }
      print(name.substr(group.size() + 1), found->second, baseline);
    }
  }

 private:
  static void print(const std::string& name, const results& results, double baseline) {
    fmt::print("  {:<18}", name);
    if (const double speed = median(results, speed_counter); speed > 0) {
      fmt::print(" {:>8.3f} us each {:>10.0f}/s {:>6.2f}", 1e6 / speed, speed, baseline / speed);
    }
    for (const auto& [counter, values] : results) {
      if (counter != speed_counter) fmt::print("  {} {:.2f}", counter, median(results, counter));
    }
    fmt::print("\n");
  }

  const suite& suite_;
  std::map<std::string, results> results_;
};

bool any_starts_with(int argc, char** argv, std::string_view prefix) {
  return std::any_of(argv, argv + argc, [prefix](const char* argument) {
    return std::string_view(argument).starts_with(prefix);
  });
}

bool failed = false;

}  // namespace

void suite::add(const std::string& group, const std::string& name, contestant contestant) {
  names_.push_back(group + "/" + name);
  const auto run = [contestant = std::move(contestant)](benchmark::State& state) {
    double items = 0;
    for (auto _ : state) {
      try {
        const measurement m = contestant();
        state.SetIterationTime(m.seconds);
        items += m.items;
        for (const auto& [counter, value] : m.counters) state.counters[counter] = value;
      } catch (const std::exception& failure) {
        failed = true;
        state.SkipWithError(failure.what());
        break;
      }
    }
    if (items > 0) state.counters[speed_counter] = {items, benchmark::Counter::kIsRate};
  };
  benchmark::RegisterBenchmark(names_.back().c_str(), run)->UseManualTime();
}

int run_suite(int argc, char** argv, const std::function<void(suite&)>& prepare) {
  std::vector<char*> arguments(argv, argv + argc);
  std::string repetitions = "--benchmark_repetitions=5";
  std::string interleaving = "--benchmark_enable_random_interleaving=true";
  if (!any_starts_with(argc, argv, "--benchmark_repetitions")) {
    arguments.insert(arguments.begin() + 1, {repetitions.data(), interleaving.data()});
  }
  arguments.push_back(nullptr);
  int count = static_cast<int>(arguments.size()) - 1;
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  if (const auto why = testing::why_no_namespace()) {
    fmt::print(stderr, "SKIPPED: no network namespace here: {}\n", *why);
    return std::getenv("CI") != nullptr ? 1 : 77;
  }
  testing::enter_network_namespace();
  raise_descriptor_limit();
  suite suite;
  try {
    prepare(suite);
  } catch (const std::exception& failure) {
    fmt::print(stderr, "{}: {}\n", argv[0], failure.what());
    return 1;
  }
  if (any_starts_with(argc, argv, "--benchmark_format")) {
    benchmark::RunSpecifiedBenchmarks();
  } else {
    ratio_reporter reporter(suite);
    benchmark::RunSpecifiedBenchmarks(&reporter);
  }
  return failed ? 1 : 0;
}

}  // namespace netscan::bench
