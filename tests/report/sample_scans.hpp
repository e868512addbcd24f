// Whole scans to write and to read back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report_support.hpp"

namespace netscan::testing {

/// What a writer writes for a scan that has a summary.
std::string written(report_format format, const scan_results& scan,
                    const writer_options& options = {});

/// The lines of a text, each with its end.
std::vector<std::string> lines_of(std::string_view text);

ip_address ip(std::string_view text);
/// 2026-01-05T10:00:00.123Z.
timestamp sample_time();
/// A small scan with a record of every shape: silence, RST, ICMP, local error, IPv6, open.
scan_results sample_scan();
/// The records of lab_records(), with their header and summary.
scan_results lab_scan();
/// The same numbers always make the same scan: any header, records and summary there can be.
scan_results random_scan(std::uint64_t seed, std::size_t records);

}  // namespace netscan::testing
