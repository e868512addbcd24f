#include "json_records.hpp"

#include <fmt/format.h>

#include "check_json.hpp"
#include "json_parser.hpp"
#include "netscan/target/printable.hpp"
#include "result_json.hpp"
#include "trace_json.hpp"

namespace netscan::detail {
namespace {

void take_summary_or_probe(std::string_view type, json_fields fields, std::string& problem,
                           results_builder& results) {
  scan_results& scan = results.scan();
  if (type == "summary") {
    scan.summary = read_summary_record(fields);
  } else if (fields.text("vantage") != scan.header.vantage) {
    fields.complain("vantage",
                    fmt::format("'{}' as in the scan record", printable(scan.header.vantage, 60)));
  } else if (const probe_record record = read_probe(fields); !fields.failed()) {
    problem = results.add(record);
  }
}

}  // namespace

std::string take_json_record(const boost::json::object& record, std::size_t size,
                             results_builder& results) {
  std::string problem;
  json_fields fields(record, problem);
  const std::string_view type = fields.text("type");
  if (type == "scan") {
    results.begin_scan(read_scan_record(fields));
  } else if (size > longest_record) {
    return "longer than any record";
  } else if (type == "check") {
    results.add(read_check(fields));
  } else if (type == "trace") {
    results.add(read_trace(fields));
  } else if (type == "probe" || type == "summary") {
    if (!results.has_scan()) return fmt::format("a {} record before any scan record", type);
    take_summary_or_probe(type, fields, problem, results);
  }
  return problem;
}

}  // namespace netscan::detail
