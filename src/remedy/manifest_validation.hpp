#pragma once

#include <absl/status/status.h>

#include <cstdint>

#include "netscan/remedy/sweep_manifest.hpp"

namespace netscan::detail {

/// What the options alone have to say, all but the name. Errors: those of make_sweep_manifest().
absl::Status check_manifest_options(const sweep_manifest_options& options);

/// The name, which is part of those of its pods: how long it may be depends on the shards' number.
absl::Status check_manifest_name(const sweep_manifest_options& options, std::uint32_t shards);

/// How often shards may be tried again, which Kubernetes counts for all of them together.
absl::Status check_manifest_retries(const sweep_manifest_options& options, std::uint32_t shards);

}  // namespace netscan::detail
