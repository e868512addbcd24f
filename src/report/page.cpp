#include "netscan/report/page.hpp"

#include <absl/strings/escaping.h>
#include <fmt/format.h>

#include "html_text.hpp"
#include "page_content.hpp"
#include "page_data.hpp"
#include "page_files.hpp"
#include "page_sections.hpp"

namespace netscan {
namespace {

using detail::html_text;

/// What the page may do: run this one script and use this one style sheet, which are named by their
/// hashes, and ask nobody for anything.
std::string content_policy() {
  const auto source = [](std::string_view sha256) {
    const std::string bytes = absl::HexStringToBytes({sha256.data(), sha256.size()});
    return fmt::format("'sha256-{}'", absl::Base64Escape(bytes));
  };
  return fmt::format(
      "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'",
      source(detail::page_js_sha256), source(detail::page_css_sha256));
}

/// `node, pc and pc2`; of many how many there are.
std::string names_of(const std::vector<std::string>& vantages) {
  constexpr std::size_t most_names = 6;
  if (vantages.size() > most_names) return fmt::format("{} vantages", vantages.size());
  std::string names;
  for (std::size_t i = 0; i < vantages.size(); ++i) {
    if (i != 0) names += i + 1 == vantages.size() ? " and " : ", ";
    names += vantages[i];
  }
  return names;
}

std::string title_of(const detail::page_content& content) {
  std::string targets;
  std::vector<std::string> vantages;
  for (const detail::page_vantage& vantage : content.vantages) {
    vantages.push_back(vantage.name);
    for (const scan_results* scan : vantage.scans) {
      if (!targets.empty() || scan->header.targets.empty()) continue;
      targets = scan->header.targets.front();
      if (scan->header.targets.size() > 1) targets += " and others";
    }
  }
  return targets + " from " + names_of(vantages);
}

/// Of a page of conclusions only.
std::string title_of(const page_options& options) {
  std::vector<std::string> vantages = options.difference_vantages;
  if (vantages.empty()) {
    for (const page_matrix_row& row : options.matrix.rows) vantages.push_back(row.vantage);
  }
  return names_of(vantages) + " compared";
}

/// Filled by page.js.
constexpr std::string_view interactive_sections = R"(<div id="interactive" hidden>
<section aria-labelledby="map"><h2 id="map">Map</h2>
<div id="map-tools" class="tools"></div>
<div id="map-and-evidence"><div id="maps"></div>
<div id="evidence" class="card" role="region" aria-label="Evidence" aria-live="polite"></div></div>
</section>
<section aria-labelledby="probes"><h2 id="probes">Probes</h2>
<div id="filters" class="tools" role="group" aria-label="Filters of the map and the table"></div>
<p id="shown" role="status"></p>
<div class="wide" tabindex="0" role="region" aria-label="Table of probes"><table id="probe-table"></table></div>
<div id="pages" class="tools"></div>
</section></div>
)";

}  // namespace

std::string results_page(std::span<const scan_results> scans, const page_options& options) {
  const detail::page_content content = detail::page_content_of(scans);
  std::string title = options.title;
  if (title.empty()) title = scans.empty() ? title_of(options) : title_of(content);
  title = html_text(title);
  const std::string data = detail::page_data(content, options.candidates);
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>{} - netscan</title>\n",
      content_policy(), title);
  html += "<style>";
  html += detail::page_css;
  html += "</style></head>\n<body><header><h1>" + title +
          "</h1><div id=\"page-tools\"></div></header>\n<main>\n";
  if (!scans.empty()) html += detail::overview_section(content);
  html += detail::candidates_section(options.candidates);
  html += detail::matrix_section(options.matrix);
  html += detail::differences_section(options);
  if (!scans.empty()) {
    html += interactive_sections;
    html += detail::plain_section(content);
    html += detail::rtt_section(content);
    html += detail::scans_section(content);
  }
  html += "</main>\n<script type=\"application/json\" id=\"data\">";
  html += detail::json_for_script(data);
  html += "</script>\n<script>";
  html += detail::page_js;
  html += "</script></body></html>\n";
  return html;
}

}  // namespace netscan
