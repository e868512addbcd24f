/// The parts of the page that stand in it as HTML, with or without script.
#pragma once

#include <span>
#include <string>

#include "netscan/report/page.hpp"
#include "page_content.hpp"

namespace netscan::detail {

/// How many probes ended how from each vantage, and which addresses are open on every port.
std::string overview_section(const page_content& content);

/// Empty when there is nothing to show, as the next ones.
std::string candidates_section(const page_candidates& candidates);
std::string differences_section(const page_options& options);
std::string matrix_section(const page_matrix& matrix);

/// For browsers without script: maps of small networks as text, and the endpoints that answered.
std::string plain_section(const page_content& content);

/// For each vantage a histogram of the RTTs.
std::string rtt_section(const page_content& content);

/// Plan, options, host, counts: a column a scan.
std::string scans_section(const page_content& content);

}  // namespace netscan::detail
