/// The main() of a benchmark whose results are ratios: each against the one named as baseline.
#pragma once

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "network_namespace.hpp"

namespace netscan::bench {

/// Prints the usual table, then each benchmark's median CPU time as a ratio to the baseline's.
class ratio_reporter : public benchmark::ConsoleReporter {
 public:
  explicit ratio_reporter(std::string baseline) : baseline_(std::move(baseline)) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      const std::string name = run.run_name.function_name;
      if (!times_.contains(name)) names_.push_back(name);
      times_[name].push_back(run.cpu_accumulated_time / static_cast<double>(run.iterations));
    }
  }

  void Finalize() override {
    if (!times_.contains(baseline_)) return;
    const double base = median(times_[baseline_]);
    fmt::print("\nCPU time, medians, {} = 1.00\n", baseline_);
    for (const std::string& name : names_) {
      fmt::print("  {:<28} {:.2f}\n", name, median(times_[name]) / base);
    }
  }

 private:
  static double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }

  std::string baseline_;
  std::vector<std::string> names_;
  std::map<std::string, std::vector<double>> times_;
};

inline int ratio_main(int argc, char** argv, const char* baseline) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  if (const auto why = testing::why_no_namespace()) {
    fmt::print(stderr, "SKIPPED: no network namespace here: {}\n", *why);
    return 77;
  }
  testing::enter_network_namespace();
  const bool machine_reads = std::any_of(argv, argv + argc, [](const char* argument) {
    return std::string_view(argument).starts_with("--benchmark_format");
  });
  if (machine_reads) {
    benchmark::RunSpecifiedBenchmarks();
  } else {
    ratio_reporter reporter(baseline);
    benchmark::RunSpecifiedBenchmarks(&reporter);
  }
  return 0;
}

}  // namespace netscan::bench
