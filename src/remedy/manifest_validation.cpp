#include "manifest_validation.hpp"

#include <fmt/format.h>

#include <algorithm>

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
  const bool has_only_known = schedule.find_first_not_of(
                                  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "*/,-?@ ") == schedule.npos;
  std::size_t fields = 0;
  for (std::size_t i = 0; i < schedule.size(); ++i) {
    if (schedule[i] != ' ' && (i == 0 || schedule[i - 1] == ' ')) ++fields;
  }
  const bool is_word = schedule.starts_with('@') && fields == 1;
  if (has_only_known && (is_word || fields == 5)) return absl::OkStatus();
  return invalid_argument(
      "bad schedule '{}': expected minute, hour, day, month and weekday, as '0 * * * *', or a word "
      "like @hourly",
      excerpt(schedule));
}

}  // namespace

absl::Status check_manifest_options(const sweep_manifest_options& options) {
  if (options.targets.empty() || options.addresses == 0) {
    return invalid_argument("no targets are left");
  }
  if (options.ports.empty()) return invalid_argument("no ports");
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

}  // namespace netscan::detail
