#include "netscan/diagnose/comparison_json.hpp"

#include "blocks_json.hpp"
#include "netscan/diagnose/reachability_output.hpp"
#include "report/json_string.hpp"
#include "report/line_buffer.hpp"
#include "report/probe_json.hpp"
#include "report/time_text.hpp"

namespace netscan {
namespace {

using detail::append_address;
using detail::append_json_string;
using detail::line_buffer;

std::string_view word(bool value) {
  return value ? "true" : "false";
}

void append_text(line_buffer& out, std::string_view name, std::string_view text) {
  out << ",\"" << name << "\":";
  append_json_string(out, text);
}

void append_endpoints(line_buffer& out, const comparison_group& group) {
  out << R"(,"endpoints":[)";
  bool first = true;
  const auto separate = [&] {
    if (!first) out << ',';
    first = false;
  };
  for (const std::string& target : group.targets) {
    separate();
    out << R"({"target":)";
    append_json_string(out, target);
    out << '}';
  }
  for (const endpoint_block& block : group.blocks) {
    separate();
    detail::append_block(out, block);
  }
  out << ']';
}

void append_observation(line_buffer& out, const observation& seen, detail::time_text& time) {
  out << R"({"vantage":)";
  append_json_string(out, seen.vantage);
  append_text(out, "sight", to_string(seen.what));
  append_text(out, "outcome", outcome_of(seen.what));
  append_text(out, "word", seen.word);
  if (seen.sender) {
    out << R"(,"sender":)";
    append_address(out, *seen.sender);
  }
  if (!seen.detail.empty()) append_text(out, "detail", seen.detail);
  if (seen.address) {
    out << R"(,"address":)";
    append_address(out, *seen.address);
  }
  if (!seen.addresses.empty()) {
    out << R"(,"addresses":[)";
    for (std::size_t i = 0; i < seen.addresses.size(); ++i) {
      if (i != 0) out << ',';
      append_address(out, seen.addresses[i]);
    }
    out << ']';
  }
  if (!seen.certificate.empty()) append_text(out, "certificate", seen.certificate);
  append_text(out, "time", time(seen.time));
  out << '}';
}

void append_group(line_buffer& out, const comparison_group& group) {
  detail::time_text time;
  out << R"({"type":"diagnosis","diagnosis":")" << to_string(group.diagnosis.kind)
      << R"(","differ":)" << word(group.differ) << R"(,"names_differ":)" << word(group.names_differ)
      << R"(,"inferred":)" << word(group.diagnosis.inferred) << R"(,"traced":)"
      << word(group.diagnosis.traced);
  append_text(out, "sentence", group.diagnosis.sentence);
  out << R"(,"count":)" << group.endpoints;
  append_endpoints(out, group);
  out << R"(,"seen":[)";
  bool first = true;
  for (std::size_t i = 0; i < group.seen.size(); ++i) {
    const std::optional<observation> seen = group.seen[i];
    if (!seen) continue;
    if (!first) out << ',';
    first = false;
    append_observation(out, *seen, time);
  }
  out << "]}";
}

/// The object of the comparison, without its closing brace.
void begin_comparison(line_buffer& out, const comparison& comparison) {
  out << R"({"type":"comparison","vantages":[)";
  for (std::size_t i = 0; i < comparison.vantages.size(); ++i) {
    if (i != 0) out << ',';
    append_json_string(out, comparison.vantages[i]);
  }
  out << R"(],"compared":)" << comparison.compared << R"(,"differing":)" << comparison.differing
      << R"(,"unknown":)" << comparison.unknown << R"(,"asked_from_one":)"
      << comparison.asked_from_one;
}

std::string text_of(void (*write)(const comparison&, const text_sink&), const comparison& of) {
  std::string text;
  write(of, [&](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace

void comparison_ndjson(const comparison& comparison, const text_sink& sink) {
  line_buffer out;
  for (const comparison_group& group : comparison.groups) {
    append_group(out, group);
    out << '\n';
    sink(out.view());
    out.clear();
  }
  if (comparison.matrix) out << reachability_json(*comparison.matrix) << '\n';
  begin_comparison(out, comparison);
  out << "}\n";
  sink(out.view());
}

void comparison_json(const comparison& comparison, const text_sink& sink) {
  line_buffer out;
  begin_comparison(out, comparison);
  if (comparison.matrix) {
    out << ",\n\"reachability\":" << reachability_json(*comparison.matrix);
  }
  out << R"(,"groups":[)";
  for (const comparison_group& group : comparison.groups) {
    out << (&group == &comparison.groups.front() ? "\n" : ",\n");
    append_group(out, group);
    sink(out.view());
    out.clear();
  }
  out << "\n]}\n";
  sink(out.view());
}

std::string comparison_ndjson(const comparison& comparison) {
  return text_of(comparison_ndjson, comparison);
}

std::string comparison_json(const comparison& comparison) {
  return text_of(comparison_json, comparison);
}

}  // namespace netscan
