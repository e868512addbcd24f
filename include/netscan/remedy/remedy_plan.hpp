/// What must hold when the remedy is in place: `plan.json` of the bundle.
///
///     absl::StatusOr<netscan::remedy_plan> plan = netscan::read_remedy_plan("fix/plan.json");
///     netscan::verification found = netscan::verify(*plan);
///
/// The file may be edited: a check more, another expected status.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/target/ip_address.hpp"

namespace netscan {

enum class plan_check_kind : std::uint8_t {
  answers,   ///< a TCP connection to `target`, `10.0.0.232:443`, is accepted
  serves,    ///< `target`, a URL, answers rightly at each of `addresses`
  resolves,  ///< the name `target` stands, on this host, for exactly `addresses`
  unneeded,  ///< none of the plan's names, and no line of the hosts file, leads to the address
             ///< `target` any more
};

/// The words of the file. parse_ gives nothing for a word that is not one.
std::string_view to_string(plan_check_kind kind) noexcept;
std::optional<plan_check_kind> parse_plan_check_kind(std::string_view text) noexcept;

struct plan_check {
  plan_check_kind kind = plan_check_kind::answers;
  std::string target;
  std::vector<ip_address> addresses = {};
  /// For `serves`: the statuses that are right, as parse_status_ranges() reads them; empty for
  /// every one below 500.
  std::string status = {};
  /// For `serves`: what must be in the body.
  std::string text = {};
  /// For `serves` over https: accept a certificate that is not trusted here. Its names and dates
  /// must be right all the same.
  bool any_certificate = false;

  friend bool operator==(const plan_check&, const plan_check&) = default;
};

struct remedy_plan {
  /// The netscan that wrote it.
  std::string version;
  /// `NAMESPACE/NAME` of the Service that is to have the addresses.
  std::string service;
  /// The new addresses, one of a family.
  std::vector<ip_address> vips;
  std::vector<ip_address> old_vips;
  std::vector<std::string> hosts;
  std::vector<plan_check> checks;

  friend bool operator==(const remedy_plan&, const remedy_plan&) = default;
};

std::string to_json(const remedy_plan& plan);

/// Reads what to_json() writes; `name` is for messages. Members that are not known are an error: a
/// misspelt one would be a check that is not made.
/// Errors: InvalidArgument, `NAME: what is wrong`, for a text that is no such plan, and for a check
/// that cannot be made: an unknown kind, a target that is none, no addresses, a bad status.
absl::StatusOr<remedy_plan> parse_remedy_plan(std::string_view text, std::string_view name);

/// Reads a file, at most 1 MiB of it; `-` is standard input.
/// Errors: those of parse_remedy_plan(), and those of opening and reading.
absl::StatusOr<remedy_plan> read_remedy_plan(const std::string& path);

}  // namespace netscan
