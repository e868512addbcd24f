#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "netscan/scan/options.hpp"
#include "scan_arguments.hpp"

namespace netscan::cli {

/// What `netscan sweep` was given, with what stands for what it was not.
struct sweep_arguments : scan_arguments {
  std::uint32_t concurrency = 0;
  unsigned threads = 0;
  std::uint32_t per_address = scan_options().per_address;
  std::uint32_t per_network = scan_options().per_network;
  std::optional<std::uint64_t> seed;
  std::string order = "permuted";
  std::string shard = "1/1";
  bool has_shard = false;  // it is given, or that of a Job
  std::string vantage;
  std::string show = "open";
  std::string format;
  std::vector<std::string> outputs;
  std::string config;
  std::string journal;
  std::string resume;
  bool dry_run = false;
  bool statistics = false;
  bool exit_zero = false;
};

}  // namespace netscan::cli
