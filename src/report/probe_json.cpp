#include "probe_json.hpp"

#include <fmt/format.h>

namespace netscan::detail {
namespace {

int read_errno(json_fields& fields) {
  const std::optional<int> number = parse_error_text(fields.text("errno"));
  if (!number) fields.complain("errno", "the name of an error such as ENETUNREACH");
  return number.value_or(0);
}

}  // namespace

probe_reason read_reason(json_fields& fields) {
  const std::optional<probe_reason> reason = parse_probe_reason(fields.text("reason"));
  if (!reason) fields.complain("reason", "a reason such as syn-ack or no-response");
  return reason.value_or(probe_reason::no_response);
}

std::optional<icmp_evidence> read_icmp(json_fields& fields) {
  if (!fields.has("icmp")) return std::nullopt;
  json_fields icmp = fields.object("icmp");
  return icmp_evidence{icmp.number_as<std::uint8_t>("type"), icmp.number_as<std::uint8_t>("code"),
                       icmp.address("from")};
}

probe_record read_probe(json_fields fields) {
  probe_record r;
  r.ip = fields.address("ip");
  r.port = fields.number_as<std::uint16_t>("port", 1);
  const std::string_view state = fields.text("state");
  r.reason = read_reason(fields);
  if (parse_probe_state(state) != r.state()) {
    fields.complain("state", fmt::format("{}, which is what {} means", to_string(r.state()),
                                         to_string(r.reason)));
  }
  if (r.reason == probe_reason::local_error) r.local_errno = read_errno(fields);
  r.icmp = read_icmp(fields);
  if (fields.has("rtt_us")) r.rtt_us = fields.number_as<std::uint32_t>("rtt_us");
  r.attempts = fields.number_as<std::uint16_t>("attempts");
  r.time = fields.time("time");
  return r;
}

}  // namespace netscan::detail
