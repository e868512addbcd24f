/// What was found of a policy, for people, programs and CI systems.
///
///     VIOLATED  clients reach GitLab: pc -> 10.0.0.249:80,443: expected open, seen filtered
///     (no-response)
///     HOLDS     nobody reaches the rest: from pc, 504 endpoints
///
///     2 rules from 1 vantage, 508 endpoints: 2 violated, 0 unknown, 506 hold
#pragma once

#include <string>
#include <string_view>

#include "netscan/diagnose/policy.hpp"
#include "netscan/diagnose/policy_verdict.hpp"

namespace netscan {

struct policy_text_options {
  bool colour = false;  ///< ANSI colours
};

/// A line for each finding, with its evidence, and for each rule that holds; what was found alike
/// from several vantages is one line. Last the sums. Printable, whatever policy and results hold.
std::string policy_text(const policy& policy, const policy_verdict& verdict,
                        const policy_text_options& options = {});

/// One document:
///
///     {"type":"policy","violated":2,"unknown":0,"held":506,"endpoints":508,"rules":[
///      {"name":"clients reach GitLab","line":2,"expected":"open","cases":[
///       {"vantage":"pc","outcome":"violated","endpoints":4,"held":2,"violated":2,"unknown":0,
///        "findings":[{"kind":"violated","count":2,
///          "endpoints":[{"addresses":"10.0.0.249","ports":"80,443"}],
///          "evidence":{"ip":"10.0.0.249","port":80,"state":"filtered","reason":"no-response",...}}]
///       }]}]}
///
/// `outcome` is `holds`, `violated` or `unknown`; `kind` that of policy_finding; `evidence` is the
/// record of one of the endpoints, as `probe` records have it.
std::string policy_json(const policy& policy, const policy_verdict& verdict);

/// JUnit's XML, as Jenkins, GitLab and others read it: one test suite called `suite`, a test case
/// for each rule and vantage. What is violated is its `failure`, what is only unknown its `error`.
/// Well-formed XML 1.0 whatever names hold: what that cannot have becomes U+FFFD.
std::string policy_junit(const policy& policy, const policy_verdict& verdict,
                         std::string_view suite);

}  // namespace netscan
