#include "manifest_validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "cron_schedule.hpp"
#include "kubernetes_name.hpp"
#include "netscan/target/printable.hpp"
#include "netscan/target/status.hpp"
#include "pod_share.hpp"

namespace netscan::detail {
namespace {

absl::Status check_image(std::string_view what, std::string_view image) {
  // Kubernetes leaves the rest to the container runtime.
  const bool is_good =
      !image.empty() && image.front() != '-' && std::all_of(image.begin(), image.end(), [](char c) {
        return c > ' ' && c <= '~' && c != '"' && c != '\\';
      });
  if (is_good) return absl::OkStatus();
  return invalid_argument("bad {} '{}': expected NAME[:TAG], as registry.example/netscan:0.1.0",
                          what, excerpt(image));
}

absl::Status check_schedule(std::string_view schedule) {
  if (is_cron_schedule(schedule)) return absl::OkStatus();
  return invalid_argument(
      "bad schedule '{}': expected minute (0-59), hour (0-23), day (1-31), month (1-12) and "
      "weekday "
      "(0-6), as '0 * * * *', or a word like @hourly",
      excerpt(schedule));
}

}  // namespace

absl::Status check_manifest_options(const sweep_manifest_options& options) {
  if (options.targets.empty() || options.addresses == 0) {
    return invalid_argument("no targets are left");
  }
  if (options.ports.empty()) return invalid_argument("no ports");
  // Before it Jobs have no index: the field would be dropped, and each pod would sweep everything.
  constexpr unsigned oldest = 22;
  if (options.kubernetes_minor < oldest) {
    return invalid_argument("Kubernetes 1.{} has no Indexed Jobs: expected 1.{} or later",
                            options.kubernetes_minor, oldest);
  }
  if (absl::Status status = validate(options.scan); !status.ok()) return status;
  if (absl::Status status = check_dns1123_label("namespace", options.name_space); !status.ok()) {
    return status;
  }
  if (absl::Status status = check_image("image", options.image); !status.ok()) return status;
  if (absl::Status status = check_image("pause image", options.pause_image); !status.ok()) {
    return status;
  }
  if (options.kind == manifest_kind::cronjob) {
    if (absl::Status status = check_schedule(options.schedule); !status.ok()) return status;
  }
  if (printable(options.vantage) != options.vantage) {
    return invalid_argument("bad vantage '{}': it has characters that are not printable",
                            options.vantage);
  }
  return absl::OkStatus();
}

// Kubernetes appends the index to a Job's name, and a CronJob the time of its run before that; the
// whole is a host name, of 63 characters at most.
absl::Status check_manifest_name(const sweep_manifest_options& options, std::uint32_t shards) {
  if (absl::Status status = check_dns1123_label("name", options.name); !status.ok()) return status;
  constexpr std::size_t time_length = 11;
  std::size_t most = 63;
  if (is_sharded(options)) most -= 1 + fmt::formatted_size("{}", shards - 1);
  if (options.kind == manifest_kind::cronjob) most -= time_length;
  if (options.name.size() <= most) return absl::OkStatus();
  return invalid_argument(
      "the name '{}' is too long: {} characters at most, so that its pods have names", options.name,
      most);
}

absl::Status check_manifest_retries(const sweep_manifest_options& options, std::uint32_t shards) {
  // Both numbers of retries are an int32, and the one of all shards together is their product.
  constexpr std::uint32_t most_of_all = std::numeric_limits<std::int32_t>::max();
  const std::uint32_t most = most_of_all / shards;
  if (options.retries_per_index <= most) return absl::OkStatus();
  return invalid_argument(
      "{} retries of each of {} shards are more than Kubernetes can count: {} at most",
      options.retries_per_index, shards, most);
}

}  // namespace netscan::detail
