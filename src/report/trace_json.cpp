#include "trace_json.hpp"

#include <limits>

#include "json_list.hpp"
#include "json_string.hpp"
#include "line_buffer.hpp"
#include "netscan/report/trace_json.hpp"
#include "probe_json.hpp"
#include "time_text.hpp"

namespace netscan {
namespace {

using detail::append_address;
using detail::append_addresses;
using detail::append_json_list;
using detail::append_json_string;
using detail::json_fields;
using detail::line_buffer;

void append_answer(line_buffer& out, const trace_answer& answer) {
  out << R"({"reason":")" << to_string(answer.reason) << '"';
  if (answer.icmp) detail::append_icmp_member(out << ',', *answer.icmp);
  out << R"(,"rtts_us":)";
  append_json_list(out, answer.rtts_us, [&](std::uint32_t rtt) { out << rtt; });
  out << '}';
}

void append_hop(line_buffer& out, const trace_hop& hop) {
  out << R"({"ttl":)" << hop.ttl << R"(,"queries":)" << hop.queries << R"(,"answers":)";
  append_json_list(out, hop.answers,
                   [&](const trace_answer& answer) { append_answer(out, answer); });
  out << '}';
}

void append_last_alive(line_buffer& out, const trace_hop& hop) {
  out << R"(,"last_alive":{"ttl":)" << hop.ttl << R"(,"routers":)";
  append_addresses(out, routers_of(hop));
  out << '}';
}

source_address read_source(json_fields fields) {
  return {fields.address("address"), fields.number_as<std::uint8_t>("prefix", 0, 128),
          std::string(fields.text("interface"))};
}

trace_answer read_answer(json_fields fields) {
  trace_answer answer;
  answer.reason = detail::read_reason(fields);
  answer.icmp = detail::read_icmp(fields);
  for (const std::uint64_t rtt :
       fields.numbers("rtts_us", std::numeric_limits<std::uint32_t>::max())) {
    answer.rtts_us.push_back(static_cast<std::uint32_t>(rtt));
  }
  return answer;
}

trace_hop read_hop(json_fields fields) {
  trace_hop hop;
  hop.ttl = fields.number_as<std::uint8_t>("ttl", 1);
  hop.queries = fields.number_as<std::uint16_t>("queries");
  for (const json_fields& answer : fields.objects("answers")) {
    hop.answers.push_back(read_answer(answer));
  }
  return hop;
}

trace_stop read_stop(json_fields& fields) {
  const std::optional<trace_stop> stop = parse_trace_stop(fields.text("stop"));
  if (!stop) fields.complain("stop", "end, gaps, max-hops or stopped");
  return stop.value_or(trace_stop::stopped);
}

}  // namespace

std::string trace_json(const trace_record& trace) {
  detail::time_text time;
  line_buffer out;
  out << R"({"type":"trace","vantage":)";
  append_json_string(out, trace.vantage);
  out << R"(,"target":)";
  append_json_string(out, trace.target);
  out << R"(,"ip":)";
  append_address(out, trace.ip);
  out << R"(,"port":)" << trace.port;
  if (trace.source) detail::append_source(out << R"(,"source":)", *trace.source);
  if (trace.end) {
    out << R"(,"end":{)";
    detail::append_probe_members(out, *trace.end, time);
    out << '}';
  }
  out << R"(,"stop":")" << to_string(trace.stop) << '"';
  if (const trace_hop* const hop = last_alive(trace)) append_last_alive(out, *hop);
  out << R"(,"hops":)";
  append_json_list(out, trace.hops, [&](const trace_hop& hop) { append_hop(out, hop); });
  out << R"(,"options":{"max_hops":)" << trace.max_hops << R"(,"gaps":)" << trace.gaps
      << R"(,"timeout_ms":)" << trace.timeout_ms << R"(},"summary":)";
  append_json_string(out, summary_of(trace));
  out << R"(,"time":")" << time(trace.time) << R"(","duration_us":)" << trace.duration_us << '}';
  return std::string(out.view());
}

trace_record detail::read_trace(json_fields fields) {
  trace_record trace;
  trace.vantage = fields.text("vantage");
  trace.target = fields.text("target");
  trace.ip = fields.address("ip");
  trace.port = fields.number_as<std::uint16_t>("port", 1);
  if (fields.has("source")) trace.source = read_source(fields.object("source"));
  if (fields.has("end")) trace.end = read_probe(fields.object("end"));
  trace.stop = read_stop(fields);
  for (const json_fields& hop : fields.objects("hops")) trace.hops.push_back(read_hop(hop));
  json_fields options = fields.object("options");
  trace.max_hops = options.number_as<std::uint8_t>("max_hops");
  trace.gaps = options.number_as<std::uint8_t>("gaps");
  trace.timeout_ms = options.number_as<std::uint32_t>("timeout_ms");
  trace.time = fields.time("time");
  trace.duration_us = fields.number("duration_us");
  return trace;
}

}  // namespace netscan
