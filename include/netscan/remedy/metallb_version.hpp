/// What a MetalLB version reads, as far as a remedy needs to know.
///
///     absl::StatusOr<netscan::metallb_version> version = netscan::parse_metallb_version("0.13.7");
///     netscan::pool_format format = netscan::default_pool_format(*version);  // crd
///     netscan::pin_way way = netscan::pin_way_of(*version);
///
/// Where only a part of the version is given, `0.14`, what every version that begins so reads is
/// taken.
///
/// Source: MetalLB's internal/config and controller/service.go of each version, its release notes,
/// and its Helm chart's templates. All functions are pure.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "netscan/remedy/metallb.hpp"

namespace netscan {

/// Reads `0.13.7`, `v0.13.7` and `0.13`. Errors: InvalidArgument, naming the text.
absl::StatusOr<metallb_version> parse_metallb_version(std::string_view text);
/// `0.13.7`, `0.13`.
std::string to_string(const metallb_version& version);

/// True when the version is certainly at least this one: 0.14 is not certainly 0.14.9.
bool is_at_least(const metallb_version& version, unsigned major, unsigned minor,
                 unsigned patch) noexcept;

/// `crd` from 0.13 on, before that `configmap`.
pool_format default_pool_format(const metallb_version& version) noexcept;

/// OK when this version reads `format`. Errors: InvalidArgument, with what it does instead: CRDs
/// are unknown before 0.13; from 0.13 on the ConfigMap is ignored, and so is the chart's
/// `configInline`, which from chart 0.13.3 on is an error.
absl::Status check_reads(const metallb_version& version, pool_format format);

/// How a Service asks for an address. Never two ways at once: the controller takes that for an
/// error, and the Service stays without an address.
enum class pin_way : std::uint8_t {
  load_balancer_ip,       ///< `spec.loadBalancerIP`: every version; one address
  universe_annotation,    ///< `metallb.universe.tf/loadBalancerIPs`: 0.12 and later
  metallb_io_annotation,  ///< `metallb.io/loadBalancerIPs`: 0.14.9 and later
};

/// The newest way that the version surely reads.
pin_way pin_way_of(const metallb_version& version) noexcept;
/// For a version that is not known: the way that every version which reads `format` reads too.
pin_way pin_way_of(pool_format format) noexcept;

/// `spec.loadBalancerIP`, or the annotation's key.
std::string_view to_string(pin_way way) noexcept;

}  // namespace netscan
