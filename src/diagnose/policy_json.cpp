#include "netscan/diagnose/policy_report.hpp"
#include "policy_lines.hpp"
#include "report/json_string.hpp"
#include "report/line_buffer.hpp"
#include "report/probe_json.hpp"
#include "report/time_text.hpp"

namespace netscan {
namespace {

using detail::line_buffer;

void append_sums(line_buffer& out, const auto& of) {
  out << R"("endpoints":)" << of.endpoints << R"(,"held":)" << of.held << R"(,"violated":)"
      << of.violated << R"(,"unknown":)" << of.unknown;
}

void append_finding(line_buffer& out, const policy_finding& finding, detail::time_text& time) {
  out << R"({"kind":")" << to_string(finding.kind) << R"(","count":)" << finding.endpoints
      << R"(,"endpoints":[)";
  for (const endpoint_block& block : finding.blocks) {
    if (&block != &finding.blocks.front()) out << ',';
    out << R"({"addresses":)";
    detail::append_json_string(out, to_string(block.addresses));
    out << R"(,"ports":")" << to_string(block.ports) << "\"}";
  }
  out << ']';
  if (finding.evidence) {
    out << R"(,"evidence":{)";
    detail::append_probe_members(out, *finding.evidence, time);
    out << '}';
  }
  out << '}';
}

void append_case(line_buffer& out, const policy_case& one, detail::time_text& time) {
  out << "\n  {\"vantage\":";
  detail::append_json_string(out, one.vantage);
  out << R"(,"outcome":")" << detail::outcome_of(one) << "\",";
  append_sums(out, one);
  out << R"(,"findings":[)";
  for (const policy_finding& finding : one.findings) {
    if (&finding != &one.findings.front()) out << ',';
    append_finding(out, finding, time);
  }
  out << "]}";
}

}  // namespace

std::string policy_json(const policy& policy, const policy_verdict& verdict) {
  line_buffer out;
  detail::time_text time;
  out << R"({"type":"policy",)";
  append_sums(out, verdict);
  out << R"(,"rules":[)";
  auto one = verdict.cases.begin();
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    const policy_rule& rule = policy.rules[i];
    out << (i == 0 ? "\n" : ",\n") << R"( {"name":)";
    detail::append_json_string(out, rule.name);
    out << R"(,"line":)" << rule.line << R"(,"expected":)";
    detail::append_json_string(out, rule.expected);
    out << R"(,"cases":[)";
    for (bool is_first = true; one != verdict.cases.end() && one->rule == i; ++one) {
      if (!is_first) out << ',';
      is_first = false;
      append_case(out, *one, time);
    }
    out << "]}";
  }
  out << "\n]}\n";
  return std::string(out.view());
}

}  // namespace netscan
