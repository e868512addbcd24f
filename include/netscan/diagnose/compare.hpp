/// Comparing what vantages see.
///
///     std::vector<netscan::results_file> files = {*netscan::read_results("pc.ndjson"),
///                                                 *netscan::read_results("node.ndjson")};
///     absl::StatusOr<netscan::comparison> comparison = netscan::compare(files);
///     for (const netscan::comparison_group& group : comparison->groups) {
///       fmt::print("{}\n", group.diagnosis.sentence);
///     }
///
/// Results of scans, checks and traces come together by vantage, whatever files they are in. Pure.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "netscan/diagnose/diagnosis.hpp"
#include "netscan/report/reader.hpp"
#include "netscan/target/address_set.hpp"
#include "netscan/target/port_set.hpp"

namespace netscan {

/// Ports of addresses in a row, all with the same ports.
struct endpoint_block {
  address_range addresses;
  port_set ports;

  friend bool operator==(const endpoint_block&, const endpoint_block&) = default;
};

/// `10.0.0.60-10.0.0.69:80,443`, `[fd00:10::216]:443`.
std::string to_string(const endpoint_block& block);

/// Endpoints that each vantage sees alike, and that have the same diagnosis.
struct comparison_group {
  /// Targets of checks, in normal form.
  std::vector<std::string> targets;
  /// Addresses and ports, ascending. A group has either these or targets.
  std::vector<endpoint_block> blocks;
  /// Targets, or pairs of address and port.
  std::uint64_t endpoints = 0;
  /// By vantage, in the order of comparison::vantages; nothing where it was not asked. What differs
  /// between the endpoints (addresses, times) is that of the first one.
  std::vector<std::optional<observation>> seen;
  netscan::diagnosis diagnosis;
  /// The vantages come to different outcomes.
  bool differ = false;
  /// A name leads them to different addresses.
  bool names_differ = false;
};

struct comparison {
  /// In the order in which they first occur.
  std::vector<std::string> vantages;
  /// Those that differ first, of these those that answer somewhere; then those where only names
  /// differ, then the others; each part in the order of its targets and addresses.
  std::vector<comparison_group> groups;
  /// Endpoints that two vantages or more were asked about, and of these those that differ.
  std::uint64_t compared = 0;
  std::uint64_t differing = 0;
  /// Endpoints that only one vantage was asked about; they are in no group.
  std::uint64_t asked_from_one = 0;
  /// What the user should know of how the results were taken.
  std::vector<std::string> notices;

  /// Some vantages disagree.
  bool differ() const noexcept { return differing != 0; }
};

struct compare_options {
  /// Only these addresses, and checks of these hosts or that connected to one of the addresses.
  /// Nothing in either: all.
  address_set only_addresses;
  std::vector<std::string> only_hosts;
};

/// Compares, endpoint by endpoint, what the vantages see.
///
/// An endpoint is an address with its port, or the target of checks. A connect of a check counts as
/// a view of its address too, where that is compared with something else than the same check. The
/// end of a trace counts where its vantage has seen the endpoint in no other way. When a vantage
/// was asked about an address several times, an answer counts more than silence, silence more than
/// what could not be asked, and of equal ones the later; of several checks of a target the later.
///
/// Errors: InvalidArgument when the results are of one vantage only, when no endpoint was asked
/// about from two, and when `options` leave none.
absl::StatusOr<comparison> compare(std::span<const results_file> files,
                                   const compare_options& options = {});

}  // namespace netscan
