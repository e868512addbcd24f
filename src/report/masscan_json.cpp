#include "masscan_json.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

#include "foreign.hpp"

namespace netscan::detail {
namespace {

/// Seconds since 1970, which masscan puts in quotes.
timestamp read_seconds(json_fields& fields, std::string_view name) {
  const std::optional<timestamp> time = parse_seconds(fields.text(name));
  if (!time) fields.complain(name, "the seconds since 1970 in quotes");
  return time.value_or(timestamp());
}

probe_reason read_status(json_fields& port) {
  const std::string_view status = port.text("status");
  if (status == "open") return probe_reason::syn_ack;
  if (status != "closed") port.complain("status", "open or closed");
  return probe_reason::conn_refused;
}

}  // namespace

std::string take_masscan_record(const boost::json::object& record, results_builder& results) {
  std::string problem;
  json_fields fields(record, problem);
  if (!fields.has("ip") || !fields.has("ports")) {
    return "neither a record of netscan's, which has a 'type', nor of masscan's, which has 'ip' "
           "and 'ports'";
  }
  probe_record probe;
  probe.attempts = 1;
  probe.ip = fields.address("ip");
  probe.time = read_seconds(fields, "timestamp");
  for (json_fields port : fields.objects("ports")) {
    // Without a status it is a banner, of a port that has a record of its own.
    if (port.text("proto") != "tcp" || !port.has("status")) continue;
    probe.port = port.number_as<std::uint16_t>("port", 1);
    probe.reason = read_status(port);
    if (!problem.empty()) break;
    if (!results.has_scan() || !results.scan().header.is_foreign()) {
      scan_header header = foreign_header("masscan", results.name());
      header.start = probe.time;
      results.begin_scan(std::move(header));
      results.add_notice(masscan_says_little);
    }
    if (problem = results.add(probe); !problem.empty()) break;
  }
  return problem;
}

}  // namespace netscan::detail
