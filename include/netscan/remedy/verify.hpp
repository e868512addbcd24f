/// Whether the remedy holds, seen from this host.
///
///     absl::StatusOr<netscan::remedy_plan> plan = netscan::read_remedy_plan("fix/plan.json");
///     const netscan::verification found = netscan::verify(*plan);
///     fmt::print("{}", netscan::verification_text(found));
///     return found.holds() ? 0 : 1;
///
/// Connections are made to the plan's own addresses, whatever the names stand for here; that is a
/// check of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/check/check_record.hpp"
#include "netscan/remedy/remedy_plan.hpp"

namespace netscan {

struct verify_options {
  /// As plan_check::any_certificate, for every check.
  bool any_certificate = false;
  /// A file of PEM certificates to trust, instead of this system's.
  std::string ca_file = {};
  /// The longest that one check may take; 1 ms to 10 minutes.
  std::chrono::milliseconds timeout{10'000};
  /// Where `unneeded` looks for lines with the old address, and where diagnoses point to.
  std::string hosts_file = "/etc/hosts";
  /// Goes into the result.
  std::string vantage = {};
};

enum class verify_outcome : std::uint8_t {
  holds,
  fails,
  unknown,  ///< this host could not ask, or was stopped
};
/// `holds`, `fails`, `unknown`.
std::string_view to_string(verify_outcome outcome) noexcept;

/// One check, at one address.
struct verified_check {
  plan_check check = {};
  /// For `serves`: where it was asked.
  std::optional<ip_address> address = {};
  verify_outcome outcome = verify_outcome::unknown;
  /// One word: `ok`, or what is wrong: a probe's reason (`no-response`), a check's problem
  /// (`status`), `wrong-address`, `name-not-found`, `still-needed`, `stopped`.
  std::string reason = {};
  /// What was seen, in a few words. Printable.
  std::string seen = {};
  /// What that means and what to do, a sentence; empty when the check holds. Printable.
  std::string diagnosis = {};
  std::uint64_t duration_us = 0;
  /// For `answers` and `serves`: all that was found.
  std::optional<check_record> record = {};
};

struct verification {
  std::string vantage;
  std::string service;
  std::vector<ip_address> vips;
  /// In the plan's order.
  std::vector<verified_check> checks;

  /// True when every check holds.
  bool holds() const noexcept;
  /// How many have this outcome.
  std::size_t count(verify_outcome outcome) const noexcept;
};

/// Makes all checks of a plan that parse_remedy_plan() would accept, side by side, and waits for
/// them: at most about `timeout`. `stop` ends it within 100 ms; what had not ended is `unknown`.
/// Thread safety: any number may run side by side; a name that the resolver takes too long for is
/// left to a thread of its own that nobody waits for (getaddrinfo(3) cannot be stopped).
verification verify(const remedy_plan& plan, const verify_options& options = {},
                    const std::stop_token& stop = {});

/// A table of what holds, and below it why the rest does not.
std::string verification_text(const verification& found);

/// The same as one JSON document:
///
///     {"type": "verification", "vantage": "pc", "service": "ingress-nginx/...",
///      "holds": false, "vips": ["10.0.0.232"],
///      "checks": [{"check": "serves", "target": "https://gitlab.ailab.com/", "at": "10.0.0.232",
///                  "outcome": "fails", "reason": "no-response", "seen": "...",
///                  "diagnosis": "...", "duration_us": 5003120}, ...]}
std::string verification_json(const verification& found);

}  // namespace netscan
