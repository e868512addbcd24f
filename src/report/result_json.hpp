/// The records of a scan in JSON: each an object with its `type`, the same in every format that has
/// JSON in it.
#pragma once

#include <string_view>

#include "json_fields.hpp"
#include "probe_json.hpp"

namespace netscan::detail {

/// The `scan` record.
void append_scan_record(line_buffer& out, const scan_header& header, time_text& time);

/// A `probe` record; `vantage` is that of the scan, as a JSON string.
inline void append_probe_record(line_buffer& out, std::string_view vantage,
                                const probe_record& record, time_text& time) {
  out << R"({"type":"probe","vantage":)" << vantage << ',';
  append_probe_members(out, record, time);
  out << '}';
}

/// The `summary` record.
void append_summary_record(line_buffer& out, const scan_summary& summary);

/// Reads them back; a probe is read by read_probe().
scan_header read_scan_record(json_fields fields);
scan_summary read_summary_record(json_fields fields);

}  // namespace netscan::detail
