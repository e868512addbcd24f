/// What the tests of the report room share.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "netscan/report/merge.hpp"
#include "netscan/report/results.hpp"
#include "netscan/report/writer.hpp"

namespace netscan::testing {

/// What a writer writes for a scan, read back from a file.
std::string written(report_format format, const scan_header& header,
                    const std::vector<probe_record>& probes, const scan_summary& summary,
                    const writer_options& options = {});

/// A header with every member set.
scan_header sample_header();

/// A record that a scan could make, from the seed; covers all reasons and both families.
probe_record random_record(std::mt19937_64& random);

/// What the PC sees of the lab, with a timeout long enough for the router to find nobody.
std::vector<probe_record> lab_records();
scan_header lab_header();
scan_summary summary_of(const std::vector<probe_record>& probes);

/// The error of merging these files, or "".
std::string merge_error(const std::vector<std::string>& paths, merge_options options = {});

/// What becomes of these files when they are merged, and what the merger has to say.
scan_results merged(const std::vector<std::string>& paths, merge_options options = {},
                    std::vector<std::string>* notices = nullptr);

}  // namespace netscan::testing
