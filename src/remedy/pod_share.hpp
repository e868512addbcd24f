#pragma once

#include <absl/status/statusor.h>

#include <cstdint>

#include "netscan/remedy/sweep_manifest.hpp"

namespace netscan::detail {

/// A kubelet keeps a container's log in files of 10 MiB (containerLogMaxSize), and `kubectl logs`
/// reads the last one only.
inline constexpr std::uint64_t log_bytes = std::uint64_t{10} << 20;

/// Whether each pod sweeps a part. Each of a DaemonSet's sweeps everything.
inline bool is_sharded(const sweep_manifest_options& options) {
  return options.kind != manifest_kind::daemonset;
}

/// How much log so many probes make.
std::uint64_t log_bytes_of(const sweep_manifest_options& options, std::uint64_t probes);

/// What one pod does.
struct pod_share {
  std::uint32_t shards = 1;
  std::uint32_t pods = 1;  // at a time
  std::uint64_t probes = 0;
  std::uint64_t rate = 0;
  std::uint32_t concurrency = 0;
  unsigned threads = 1;
};

/// Errors: InvalidArgument for more shards than probes, or than Kubernetes takes.
absl::StatusOr<std::uint32_t> shards_of(const sweep_manifest_options& options,
                                        std::uint64_t probes);

/// Errors: InvalidArgument for a rate that leaves a pod nothing.
absl::StatusOr<pod_share> share_of(const sweep_manifest_options& options, std::uint64_t probes,
                                   std::uint32_t shards);

/// What a pod asks its node for, and the most it may take.
struct pod_resources {
  std::uint64_t millicores = 0;
  std::uint64_t most_millicores = 0;
  std::uint64_t memory_mib = 0;
  std::uint64_t most_memory_mib = 0;
};

pod_resources resources_of(const pod_share& share);

}  // namespace netscan::detail
