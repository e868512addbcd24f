#include "netscan/remedy/metallb_version.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <tuple>
#include <vector>

#include "netscan/target/status.hpp"
#include "probe/words.hpp"

namespace netscan {
namespace {

constexpr std::array<std::string_view, 3> pin_words = {
    "spec.loadBalancerIP", "metallb.universe.tf/loadBalancerIPs", "metallb.io/loadBalancerIPs"};

/// The numbers between the dots; nothing when a part is none.
std::optional<std::vector<unsigned>> numbers(std::string_view text) {
  std::vector<unsigned> result;
  const char* next = text.data();
  const char* const end = text.data() + text.size();
  while (true) {
    unsigned number = 0;
    const auto [stop, error] = std::from_chars(next, end, number);
    if (error != std::errc() || number > 9999) return std::nullopt;
    result.push_back(number);
    if (stop == end) return result;
    if (*stop != '.') return std::nullopt;
    next = stop + 1;
  }
}

}  // namespace

absl::StatusOr<metallb_version> parse_metallb_version(std::string_view text) {
  const bool prefixed = text.starts_with('v');
  const auto parts = numbers(prefixed ? text.substr(1) : text);
  if (!parts || parts->size() < 2 || parts->size() > 3) {
    return invalid_argument("bad MetalLB version '{}': expected one such as 0.13.7 or 0.14",
                            excerpt(text));
  }
  metallb_version version{.major_number = (*parts)[0], .minor_number = (*parts)[1]};
  if (parts->size() == 3) version.patch_number = (*parts)[2];
  return version;
}

std::string to_string(const metallb_version& version) {
  std::string text = fmt::format("{}.{}", version.major_number, version.minor_number);
  if (version.patch_number) text += fmt::format(".{}", *version.patch_number);
  return text;
}

bool is_at_least(const metallb_version& version, unsigned major, unsigned minor,
                 unsigned patch) noexcept {
  return std::tuple(version.major_number, version.minor_number, version.patch_number.value_or(0)) >=
         std::tuple(major, minor, patch);
}

pool_format default_pool_format(const metallb_version& version) noexcept {
  return is_at_least(version, 0, 13, 0) ? pool_format::crd : pool_format::configmap;
}

absl::Status check_reads(const metallb_version& version, pool_format format) {
  const bool has_crds = is_at_least(version, 0, 13, 0);
  const std::string name = to_string(version);
  if (format == pool_format::crd && !has_crds) {
    return invalid_argument(
        "MetalLB {} does not read crd: IPAddressPool came with 0.13; use configmap or helm-values",
        name);
  }
  if (format == pool_format::configmap && has_crds) {
    return invalid_argument(
        "MetalLB {} does not read configmap: since 0.13 the ConfigMap is ignored; use crd", name);
  }
  if (format == pool_format::helm_values && has_crds) {
    return invalid_argument(
        "MetalLB {} does not read helm-values: its chart {}configInline since {}; use crd", name,
        is_at_least(version, 0, 13, 3) ? "refuses " : "ignores ",
        is_at_least(version, 0, 13, 3) ? "0.13.3" : "0.13");
  }
  return absl::OkStatus();
}

pin_way pin_way_of(const metallb_version& version) noexcept {
  if (is_at_least(version, 0, 14, 9)) return pin_way::metallb_io_annotation;
  if (is_at_least(version, 0, 12, 0)) return pin_way::universe_annotation;
  return pin_way::load_balancer_ip;
}

pin_way pin_way_of(pool_format format) noexcept {
  return format == pool_format::crd ? pin_way::universe_annotation : pin_way::load_balancer_ip;
}

std::string_view to_string(pin_way way) noexcept {
  return detail::word(pin_words, way);
}

}  // namespace netscan
