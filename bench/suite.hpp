/// A benchmark program: groups of contestants that do the same, each compared with the first of its
/// group, the baseline.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace netscan::bench {

struct measurement {
  double seconds = 0;  ///< of CPU or real time, whichever is compared
  double items = 0;    ///< probes, records, ... done in it
  /// What else is to be told, by name and unit; not compared.
  std::map<std::string, double> counters = {};
};

/// Does the thing once.
using contestant = std::function<measurement()>;

class suite {
 public:
  /// The first of a group is its baseline.
  void add(const std::string& group, const std::string& name, contestant contestant);

  /// GROUP/NAME, in the order in which they were added.
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

/// Runs `prepare` in a network namespace of the process' own. It adds the contestants, and throws
/// when one of them gives another answer than the others. Then all are run, and for each the median
/// time of an item is printed, and its ratio to the baseline's.
///
/// Google Benchmark's options are taken. Unless they say otherwise each contestant is run five
/// times, interleaved with the others. --benchmark_format=json gives everything to a machine,
/// --benchmark_out=FILE beside the table. Returns the program's exit code: 77 without a namespace,
/// 1 when a contestant failed.
int run_suite(int argc, char** argv, const std::function<void(suite&)>& prepare);

}  // namespace netscan::bench
