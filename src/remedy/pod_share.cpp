#include "pod_share.hpp"

#include <algorithm>

#include "netscan/target/status.hpp"

namespace netscan::detail {
namespace {

constexpr std::uint32_t most_shards = 10000;
constexpr std::uint32_t default_concurrency = 4096;

/// A `probe` record of IPv6 with an ICMP message, without the vantage's name, behind the time and
/// the stream that a container runtime writes before it.
constexpr std::uint64_t record_bytes = 320;

std::uint64_t divided(std::uint64_t number, std::uint64_t by) {
  return number / by + (number % by != 0 ? 1 : 0);
}

}  // namespace

std::uint64_t log_bytes_of(const sweep_manifest_options& options, std::uint64_t probes) {
  const std::size_t name = is_sharded(options) && !options.vantage.empty() ? options.vantage.size()
                                                                           : options.name.size();
  return probes * (record_bytes + name);
}

absl::StatusOr<std::uint32_t> shards_of(const sweep_manifest_options& options,
                                        std::uint64_t probes) {
  if (!is_sharded(options)) return 1;
  std::uint64_t shards = options.shards;
  if (shards == 0) shards = divided(log_bytes_of(options, probes), log_bytes);
  if (shards > most_shards || shards > probes) {
    return invalid_argument(
        "{} shards of {} probes: expected {} at most; a log has room for {} probes or so", shards,
        probes, std::min<std::uint64_t>(most_shards, probes), log_bytes / record_bytes);
  }
  return static_cast<std::uint32_t>(shards);
}

absl::StatusOr<pod_share> share_of(const sweep_manifest_options& options, std::uint64_t probes,
                                   std::uint32_t shards) {
  pod_share share;
  share.shards = shards;
  share.probes = divided(probes, shards);
  share.pods = options.parallelism == 0 ? shards : std::min(options.parallelism, shards);
  share.rate = options.scan.rate / share.pods;
  if (options.scan.rate != 0 && share.rate == 0) {
    return invalid_argument("a rate of {} cannot be divided among {} pods: give --parallelism {}",
                            options.scan.rate, share.pods, options.scan.rate);
  }
  share.concurrency = options.scan.concurrency;
  if (share.concurrency == 0) {
    share.concurrency =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(share.probes, default_concurrency));
  }
  share.threads = std::max(options.scan.threads, 1U);
  return share;
}

// Measured, on Linux 6.18: a process of 10 MiB, and for each probe in flight 0.13 KiB of its own
// and 4 KiB of the kernel's, which count as the pod's. A probe takes 35 us of processor time
// in bench/scale_model, where the kernel's part of its packets is in it.
pod_resources resources_of(const pod_share& share) {
  pod_resources resources;
  resources.memory_mib = 16 + divided(share.concurrency * std::uint64_t{5}, 1024);
  resources.most_memory_mib = 2 * resources.memory_mib;
  constexpr std::uint64_t probes_a_millicore = 1000 / 35;
  const std::uint64_t most = share.threads * std::uint64_t{1000};
  resources.most_millicores = most;
  resources.millicores = share.rate == 0
                             ? most / 4
                             : std::clamp<std::uint64_t>(share.rate / probes_a_millicore, 20, most);
  return resources;
}

}  // namespace netscan::detail
