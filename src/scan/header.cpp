#include "netscan/scan/header.hpp"

#include <algorithm>
#include <thread>

#include "clock.hpp"
#include "netscan/scan/host.hpp"
#include "netscan/scan/preflight.hpp"
#include "netscan/version.hpp"
#include "saturated.hpp"

namespace netscan {
namespace {

bool has_both_families(const address_set& targets) {
  return !targets.empty() &&
         targets.ranges().front().first.family() != targets.ranges().back().first.family();
}

/// How many sockets half of the free memory has room for.
std::uint64_t memory_budget() {
  constexpr std::uint64_t kib_per_probe = 4;  // mostly the kernel's, while a SYN is out
  const std::optional<std::uint64_t> available = available_memory_kib();
  return available ? std::max<std::uint64_t>(64, *available / 2 / kib_per_probe) : max_concurrency;
}

}  // namespace

std::uint32_t effective_concurrency(const plan& plan, const scan_options& options) {
  std::uint32_t budget = descriptor_budget();
  if (has_both_families(plan.targets())) budget /= 2;  // a slot then has a socket for each
  const std::uint64_t wanted = options.concurrency != 0 ? options.concurrency : max_concurrency;
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(
      1, std::min({wanted, std::uint64_t{budget}, memory_budget(), plan.size()})));
}

unsigned effective_threads(const plan& plan, const scan_options& options) {
  // Fewer would not be worth a thread, and its view of the network would be too narrow.
  constexpr std::uint64_t worthwhile = 2048;
  constexpr std::uint64_t most = 4;
  const std::uint64_t processors = std::max(1U, std::thread::hardware_concurrency());
  const std::uint64_t wanted = options.threads != 0
                                   ? options.threads
                                   : std::min({most, processors, plan.size() / worthwhile});
  return static_cast<unsigned>(
      std::max<std::uint64_t>(1, std::min<std::uint64_t>(wanted, plan.size())));
}

scan_header describe_plan(const plan& plan, const scan_options& options) {
  scan_header header;
  header.ports = to_string(plan.ports());
  header.addresses = detail::saturated(plan.targets().size());
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
  header.per_address = options.per_address;
  header.per_network = options.per_network;
  return header;
}

scan_header describe_scan(const plan& plan, const scan_options& options, std::string vantage) {
  scan_header header = describe_plan(plan, options);
  header.version = version;
  header.vantage = std::move(vantage);
  header.start = detail::wall_clock();
  header.sources = source_addresses(plan.targets());
  header.gateways = gateways();
  for (const address_range& range : plan.targets().ranges()) {
    header.targets.push_back(to_string(range));
  }
  header.concurrency = effective_concurrency(plan, options);
  header.threads = effective_threads(plan, options);
  header.limits = read_host_limits();
  return header;
}

}  // namespace netscan
