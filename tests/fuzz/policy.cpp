// Reachability policies, held against two small scans and written in each format.
#include "netscan/diagnose/policy.hpp"

#include <boost/json/parse.hpp>

#include "fuzz.hpp"
#include "netscan/diagnose/policy_report.hpp"
#include "netscan/diagnose/policy_verdict.hpp"
#include "netscan/target/printable.hpp"

namespace {

using namespace netscan;

/// Every reason, over ports and addresses that policies are likely to name.
std::vector<scan_results> two_scans() {
  std::vector<scan_results> scans(2);
  scans[0].header.vantage = "pc";
  scans[1].header.vantage = "office-1";
  scans[1].header.by_errno = true;
  for (scan_results& scan : scans) {
    for (int i = 0; i <= static_cast<int>(probe_reason::local_error); ++i) {
      probe_record record;
      record.ip = advance(*parse_ip_address("10.0.0.1"), static_cast<std::uint64_t>(i));
      record.port = i % 2 == 0 ? 80 : 443;
      record.reason = static_cast<probe_reason>(i);
      scan.probes.push_back(record);
    }
  }
  return scans;
}

void require_printable(std::string_view text) {
  for (std::string_view line = text; !line.empty();) {
    const std::string_view one = line.substr(0, line.find('\n'));
    fuzz::require(printable(one) == one, "a line of text is printable");
    line.remove_prefix(std::min(line.size(), one.size() + 1));
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const absl::StatusOr<policy> policy = parse_policy(fuzz::text_of(data, size));
  fuzz::require_clean(policy.status());
  if (!policy.ok()) return 0;
  fuzz::require(!policy->rules.empty(), "a policy has rules");
  for (const policy_rule& rule : policy->rules) {
    fuzz::require(!rule.name.empty() && !rule.allowed.empty() && rule.endpoints.total() != 0 &&
                      !rule.allowed.contains(probe_reason::local_error),
                  "a rule says something");
  }
  static const std::vector<scan_results> scans = two_scans();
  const policy_verdict verdict = check_policy(*policy, scans);
  fuzz::require(verdict.cases.size() >= policy->rules.size(), "no rule is passed over");
  fuzz::require(verdict.endpoints == verdict.held + verdict.violated + verdict.unknown,
                "the sums hold");
  for (const policy_case& one : verdict.cases) {
    std::uint64_t violated = 0;
    for (const policy_finding& finding : one.findings) {
      if (finding.kind == finding_kind::violated) violated += finding.endpoints;
    }
    fuzz::require(violated == one.violated, "each endpoint was seen once");
    fuzz::require(one.findings.empty() == (one.held == one.endpoints), "findings tell what is not");
  }
  require_printable(policy_text(*policy, verdict));
  boost::system::error_code error;
  boost::json::parse(policy_json(*policy, verdict), error);
  fuzz::require(!error, "the JSON is JSON");
  const std::string junit = policy_junit(*policy, verdict, "policy.yaml");
  fuzz::require(junit.ends_with("</testsuites>\n"), "the XML is whole");
  return 0;
}
