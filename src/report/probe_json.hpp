/// A probe's record in JSON.
#pragma once

#include <optional>
#include <vector>

#include "error_name.hpp"
#include "json_fields.hpp"
#include "json_list.hpp"
#include "json_string.hpp"
#include "line_buffer.hpp"
#include "netscan/probe/record.hpp"
#include "time_text.hpp"

namespace netscan::detail {

/// As a JSON string. A zone is an interface's name, in which Linux allows even quotes.
inline void append_address(line_buffer& out, const ip_address& address) {
  if (address.zone() != 0) {
    append_json_string(out, to_string(address));
  } else {
    out << '"' << address << '"';
  }
}

inline void append_addresses(line_buffer& out, const std::vector<ip_address>& addresses) {
  append_json_list(out, addresses,
                   [&](const ip_address& address) { append_address(out, address); });
}

/// As an object.
inline void append_source(line_buffer& out, const source_address& source) {
  out << R"({"address":)";
  append_address(out, source.address);
  out << R"(,"prefix":)" << source.prefix << R"(,"interface":)";
  append_json_string(out, source.interface);
  out << '}';
}

/// The member `"icmp"`, with its name.
inline void append_icmp_member(line_buffer& out, const icmp_evidence& icmp) {
  out << R"("icmp":{"type":)" << icmp.type << R"(,"code":)" << icmp.code << R"(,"from":)";
  append_address(out, icmp.from);
  out << '}';
}

/// The members, from `"ip"` to `"time"`, without the braces around them.
inline void append_probe_members(line_buffer& out, const probe_record& r, time_text& time) {
  out << R"("ip":)";
  append_address(out, r.ip);
  out << R"(,"port":)" << r.port << R"(,"state":")" << to_string(r.state()) << R"(","reason":")"
      << to_string(r.reason) << '"';
  if (r.reason == probe_reason::local_error) {
    out << R"(,"errno":")" << error_text(r.local_errno) << '"';
  }
  if (r.icmp) append_icmp_member(out << ',', *r.icmp);
  if (r.rtt_us) out << R"(,"rtt_us":)" << *r.rtt_us;
  out << R"(,"attempts":)" << r.attempts << R"(,"time":")" << time(r.time) << '"';
}

/// Reads them back.
probe_record read_probe(json_fields fields);

/// The members `"reason"` and, where it is there, `"icmp"`.
probe_reason read_reason(json_fields& fields);
std::optional<icmp_evidence> read_icmp(json_fields& fields);

}  // namespace netscan::detail
