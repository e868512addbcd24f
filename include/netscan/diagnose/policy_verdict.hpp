/// Whether scans keep to a policy.
///
///     netscan::policy policy = netscan::parse_policy(text).value();
///     netscan::policy_checker checker(policy);
///     for (const std::string& path : paths) {
///       auto file = netscan::read_results(path, [&](auto, const auto& header, const auto& record)
///       {
///         checker.add(header, record);
///         return std::string();
///       });
///       for (const netscan::scan_results& scan : file->scans) checker.add(scan.header);
///     }
///     netscan::policy_verdict verdict = std::move(checker).finish();
///
/// A rule is judged for each vantage that it is about, endpoint by endpoint. Nothing passes that
/// was not seen: what has no record, or none but `error`, is unknown, and so is a verdict that may
/// stand for another one (is_unclear()) of which the rule allows only one. When a vantage was asked
/// about an endpoint several times, every verdict has to hold; what was unknown once and is known
/// otherwise is known.
///
/// Memory grows with the ranges of what was seen alike, not with the records. Pure: no clock, no
/// network. Not for use by two threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/diagnose/endpoint_block.hpp"
#include "netscan/diagnose/policy.hpp"
#include "netscan/probe/record.hpp"
#include "netscan/report/results.hpp"
#include "netscan/target/index_set.hpp"

namespace netscan {

/// In the order in which they are told.
enum class finding_kind : std::uint8_t {
  violated,       ///< another verdict was seen than the rule allows
  unclear,        ///< the verdict may stand for one that the rule allows, and for one it does not
  could_not_ask,  ///< the vantage itself failed
  not_asked,      ///< there is no record
  no_vantage,     ///< no result is of a vantage that the rule's pattern means
};

/// `violated`, `could-not-ask`.
std::string_view to_string(finding_kind kind) noexcept;

/// Endpoints about which the same was found, from one vantage.
struct policy_finding {
  finding_kind kind = finding_kind::not_asked;
  /// Ascending, and how many endpoints that is.
  std::vector<endpoint_block> blocks;
  std::uint64_t endpoints = 0;
  /// A record of what was found, the first one: all have the same reason, errno and ICMP message,
  /// from the same sender or each from its address itself. Of what is unknown it may be of an
  /// endpoint that is known by another record. Nothing where there is none.
  std::optional<probe_record> evidence;

  friend bool operator==(const policy_finding&, const policy_finding&) = default;
};

/// A rule, from one vantage.
struct policy_case {
  std::size_t rule = 0;
  /// The vantage; of `no_vantage` the pattern, empty where the rule has none.
  std::string vantage;
  /// endpoints = held + violated + unknown
  std::uint64_t endpoints = 0;
  std::uint64_t held = 0;
  std::uint64_t violated = 0;
  std::uint64_t unknown = 0;
  /// By kind, then in the order of their endpoints.
  std::vector<policy_finding> findings;
};

struct policy_verdict {
  /// By rule, then by vantage in the order in which these first occur.
  std::vector<policy_case> cases;
  /// Of all cases together; an endpoint counts in each case that it is in.
  std::uint64_t endpoints = 0;
  std::uint64_t held = 0;
  std::uint64_t violated = 0;
  std::uint64_t unknown = 0;

  bool is_violated() const noexcept { return violated != 0; }
  bool is_unknown() const noexcept { return unknown != 0; }
};

class policy_checker {
 public:
  /// `policy` must live as long as the checker.
  explicit policy_checker(const policy& policy) : policy_(policy) {}

  /// Takes what a scan saw at one endpoint.
  void add(const scan_header& header, const probe_record& record);
  /// Takes a scan that may have seen nothing, so that its vantage is known.
  void add(const scan_header& header) { vantage_of(header.vantage); }

  policy_verdict finish() &&;

 private:
  /// What is alike in one finding.
  struct likeness {
    finding_kind kind;
    probe_reason reason;
    std::int32_t local_errno;
    std::optional<icmp_evidence> icmp;  // sent by ::, when it was the address itself

    bool operator<(const likeness& other) const noexcept;
  };
  struct sighting {
    index_set seen;
    probe_record first;
  };
  struct open_case {
    index_set recorded;  // endpoints with any record
    index_set known;     // those with a verdict that tells
    index_set violated;  // of these, those that break the rule
    std::map<likeness, sighting> sightings;
  };
  struct vantage {
    std::string name;
    std::map<std::size_t, open_case> cases;  // by rule, those that mean it
  };

  vantage& vantage_of(std::string_view name);
  policy_case close(std::size_t rule, const std::string& name, const open_case& open) const;
  void add_nobody(std::vector<policy_case>& cases, std::size_t rule) const;
  void add(open_case& open, const plan& endpoints, const reason_set& allowed, bool by_errno,
           const probe_record& record) const;

  const policy& policy_;
  std::vector<vantage> vantages_;
  std::map<std::string, std::size_t, std::less<>> numbers_;
  std::size_t last_ = 0;
};

/// The same for results that are in memory.
policy_verdict check_policy(const policy& policy, std::span<const scan_results> scans);

}  // namespace netscan
