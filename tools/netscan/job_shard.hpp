/// Shards of a Kubernetes Job: each pod of one with completionMode Indexed finds its number in
/// JOB_COMPLETION_INDEX, from 0, and JOB_COMPLETIONS is set beside it to the Job's completions.
#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <string>

#include "netscan/target/plan.hpp"

namespace netscan::cli {

/// The shard that the environment says; nothing when it says none.
/// Errors: InvalidArgument when one of the two is missing or wrong.
absl::StatusOr<std::optional<shard>> shard_of_job();

/// What the pods of a Job have in common in their names: `sweep` for `sweep-3` of shard 4.
std::string without_job_index(std::string host_name, const shard& shard);

}  // namespace netscan::cli
