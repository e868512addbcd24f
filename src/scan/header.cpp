#include "netscan/scan/header.hpp"

#include <algorithm>
#include <limits>

#include "netscan/scan/host.hpp"
#include "netscan/version.hpp"

namespace netscan {
namespace {

bool has_both_families(const address_set& targets) {
  return !targets.empty() &&
         targets.ranges().front().first.family() != targets.ranges().back().first.family();
}

std::uint64_t saturated(absl::uint128 value) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  return value > most ? most : absl::Uint128Low64(value);
}

}  // namespace

std::uint32_t effective_concurrency(const plan& plan, const scan_options& options) {
  std::uint32_t budget = descriptor_budget();
  if (has_both_families(plan.targets())) budget /= 2;  // a slot then has a socket for each
  const std::uint64_t wanted = options.concurrency != 0 ? options.concurrency : max_concurrency;
  return static_cast<std::uint32_t>(
      std::max<std::uint64_t>(1, std::min({wanted, std::uint64_t{budget}, plan.size()})));
}

scan_header describe_scan(const plan& plan, const scan_options& options, std::string vantage) {
  scan_header header;
  header.version = version;
  header.vantage = std::move(vantage);
  header.start =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  header.sources = source_addresses(plan.targets());
  header.gateways = gateways();
  for (const address_range& range : plan.targets().ranges()) {
    header.targets.push_back(to_string(range));
  }
  header.ports = to_string(plan.ports());
  header.addresses = saturated(plan.targets().size());
  header.planned = plan.size();
  header.seed = plan.options().seed;
  header.order = to_string(plan.options().order);
  header.shard_index = plan.options().shard.index;
  header.shard_count = plan.options().shard.count;
  header.plan_hash = fmt::format("{:016x}", plan.hash());
  header.timing = to_string(options.timing);
  header.timeout_ms = static_cast<std::uint32_t>(options.timeout.count());
  header.retries = options.effective_retries();
  header.rate = options.rate;
  header.concurrency = effective_concurrency(plan, options);
  header.threads = options.threads;
  return header;
}

}  // namespace netscan
