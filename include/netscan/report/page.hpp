/// Results as one HTML page that needs nothing else.
///
///     netscan::page_options options{.title = "10.0.0.0/24 from pc"};
///     std::string html = netscan::results_page(scans, options);
///
/// The page holds its styles, its script and the results; a Content-Security-Policy in it forbids
/// every request, so it can be mailed and opened from a disk. It shows what was scanned and how,
/// maps of the networks, RTTs, and a table of all probes to filter and sort; without script still
/// the summary, text maps and the endpoints that answered.
///
/// What the rooms below this one conclude from the results comes in as plain data, and is shown
/// beside them. Text from anywhere is escaped. Pure: the same input gives the same bytes.
///
/// Time and memory: O(n log n) in the number of records. A record takes 5 to 25 bytes of the page.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/report/results.hpp"
#include "netscan/target/address_set.hpp"

namespace netscan {

/// Addresses with one verdict on whether they could carry the service's address.
struct page_verdict {
  std::vector<address_range> addresses;
  bool accepted = false;
  std::string verdict;  ///< in a word or two: `taken`, `refused`
  std::string reason;
  std::vector<std::string> caveats;
};

struct page_candidates {
  std::string question;  ///< what was asked for: `open on 80,443`
  std::vector<page_verdict> verdicts;
  std::string advice;  ///< what to do next, or empty
};

/// Endpoints that the vantages see differently.
struct page_difference {
  std::string endpoints;          ///< `10.0.0.216:80,443`
  std::vector<std::string> seen;  ///< by vantage, as page_options::difference_vantages
  std::string diagnosis;          ///< what it means
};

/// How a vantage fares with endpoints that are alike.
enum class page_reach : std::uint8_t { reached, silent, rejected, nobody, unknown };

struct page_matrix_row {
  std::string vantage;
  std::vector<page_reach> cells;  ///< by group of endpoints
};

/// What explains why some are cut off.
struct page_cut {
  std::string endpoints;
  std::string sentence;
};

/// Who reaches what, drawn as a heat map.
struct page_matrix {
  std::string summary;              ///< `4 vantages x 12 endpoints: 36 reached, 12 cut, 0 unknown`
  std::vector<std::string> groups;  ///< of endpoints: `10.0.0.216:80,443`
  std::vector<page_matrix_row> rows;
  std::vector<page_cut> cuts;
};

struct page_options {
  /// Of the page; when it is empty, made of the targets and the vantages.
  std::string title;
  /// Shown when there are verdicts or advice.
  page_candidates candidates{};
  std::vector<std::string> difference_vantages{};
  std::vector<page_difference> differences{};
  /// What is said where there are none.
  std::string agreement = "They agree on every endpoint that several were asked about.";
  /// Shown when it has rows.
  page_matrix matrix{};
};

/// The page. Scans of one vantage (by name) are shown as one: of an endpoint that was asked twice
/// an answer counts more than silence, silence more than a local error, and among equals the later.
/// Without scans it shows the conclusions of `options` only.
std::string results_page(std::span<const scan_results> scans, const page_options& options);

}  // namespace netscan
