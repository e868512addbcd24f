#include "sweep_arguments.hpp"

#include <fmt/format.h>

#include <string_view>

namespace netscan::detail {
namespace {

/// An argument that a pod's `args` hand on as it is: there `$(NAME)` is a variable.
std::string argument_of(std::string_view text) {
  std::string result;
  for (const char c : text) result += c == '$' ? "$$" : std::string(1, c);
  return result;
}

}  // namespace

std::vector<std::string> arguments_of(const sweep_manifest_options& options,
                                      const pod_share& share) {
  std::vector<std::string> list = {"sweep"};
  list.insert(list.end(), options.targets.begin(), options.targets.end());
  for (const std::string& text : options.exclude) list.push_back("--exclude=" + text);
  list.push_back("--ports=" + to_string(options.ports));
  const scan_options defaults;
  const scan_options& scan = options.scan;
  if (scan.timeout != defaults.timeout) {
    list.push_back(fmt::format("--timeout={}ms", scan.timeout.count()));
  }
  if (scan.timing != defaults.timing) {
    list.push_back(fmt::format("--timing={}", to_string(scan.timing)));
  }
  if (scan.retries) list.push_back(fmt::format("--retries={}", *scan.retries));
  if (share.rate != 0) list.push_back(fmt::format("--rate={}", share.rate));
  list.push_back(fmt::format("--concurrency={}", share.concurrency));
  list.push_back(fmt::format("--threads={}", share.threads));
  if (options.allow_public) list.push_back("--allow-public");
  if (options.seed) list.push_back(fmt::format("--seed={}", *options.seed));
  for (std::string& argument : list) argument = argument_of(argument);
  list.push_back(
      is_sharded(options)
          ? argument_of("--vantage=" + (options.vantage.empty() ? options.name : options.vantage))
          : "--vantage=$(NODE_NAME)");
  list.insert(list.end(), {"--format=ndjson", "--exit-zero", "--quiet"});
  return list;
}

}  // namespace netscan::detail
