#include <fmt/format.h>

#include <algorithm>

#include "netscan/diagnose/policy_report.hpp"
#include "policy_lines.hpp"
#include "report/xml_text.hpp"

namespace netscan {
namespace {

using detail::append_xml_text;
using detail::line_buffer;

void append_attribute(line_buffer& out, std::string_view name, std::string_view value) {
  out << ' ' << name << "=\"";
  append_xml_text(out, value);
  out << '"';
}

/// What has gone wrong: in its attribute in short, in its text line by line.
void append_trouble(line_buffer& out, const policy_rule& rule, const policy_case& one) {
  const std::string_view element = one.violated != 0 ? "failure" : "error";
  out << "      <" << element;
  append_attribute(out, "message",
                   fmt::format("expected {}: {} violated, {} unknown of {}", rule.expected,
                               one.violated, one.unknown, one.endpoints));
  append_attribute(out, "type", detail::outcome_of(one));
  out << '>';
  for (const policy_finding& finding : one.findings) {
    append_xml_text(out,
                    fmt::format("{} -> {}: {}", one.vantage.empty() ? "*" : one.vantage,
                                detail::endpoints_of(finding), detail::sentence_of(rule, finding)));
    out << '\n';
  }
  out << "</" << element << ">\n";
}

/// The attributes that suite and suites have alike.
void append_counts(line_buffer& out, const policy_verdict& verdict) {
  const auto count = [&](std::string_view outcome) {
    return std::count_if(verdict.cases.begin(), verdict.cases.end(), [&](const policy_case& one) {
      return detail::outcome_of(one) == outcome;
    });
  };
  out << " tests=\"" << verdict.cases.size() << "\" failures=\"" << count("violated")
      << "\" errors=\"" << count("unknown") << '"';
}

}  // namespace

std::string policy_junit(const policy& policy, const policy_verdict& verdict,
                         std::string_view suite) {
  line_buffer out;
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites";
  append_counts(out, verdict);
  out << ">\n  <testsuite";
  append_attribute(out, "name", suite);
  append_counts(out, verdict);
  out << " skipped=\"0\">\n";
  for (const policy_case& one : verdict.cases) {
    const policy_rule& rule = policy.rules[one.rule];
    out << "    <testcase";
    append_attribute(out, "classname", rule.name);
    append_attribute(
        out, "name",
        fmt::format("{}, from {}", rule.name, one.vantage.empty() ? "*" : one.vantage));
    const bool holds = one.findings.empty();
    out << (holds ? "/>\n" : ">\n");
    if (holds) continue;
    append_trouble(out, rule, one);
    out << "    </testcase>\n";
  }
  out << "  </testsuite>\n</testsuites>\n";
  return std::string(out.view());
}

}  // namespace netscan
