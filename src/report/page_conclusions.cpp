#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "html_text.hpp"
#include "page_sections.hpp"

namespace netscan::detail {
namespace {

constexpr std::size_t most_rows = 1000;
constexpr std::size_t most_vantage_columns = 8;
constexpr std::size_t most_names = 4;  // of those who saw the same

std::string ranges_html(const std::vector<address_range>& ranges) {
  std::string html;
  for (const address_range& range : ranges) {
    if (!html.empty()) html += ", ";
    html += html_text(to_string(range.first));
    if (range.first != range.last) html += "-" + html_text(to_string(range.last));
  }
  return html;
}

std::string verdict_row(const page_verdict& verdict) {
  std::string html = fmt::format(
      "<tr{}><td data-label=\"Verdict\"><span class=\"verdict\">{}</span></td>"
      "<td data-label=\"Addresses\">",
      verdict.accepted ? " class=\"accepted\"" : "", html_text(verdict.verdict));
  constexpr std::size_t long_list = 12;
  const std::string ranges = ranges_html(verdict.addresses);
  if (verdict.addresses.size() > long_list) {
    fmt::format_to(
        std::back_inserter(html), "<details><summary>{} ranges, from {}</summary>{}</details>",
        verdict.addresses.size(), html_text(to_string(verdict.addresses.front().first)), ranges);
  } else {
    html += ranges;
  }
  fmt::format_to(std::back_inserter(html), "</td><td data-label=\"Why\">{}",
                 html_text(verdict.reason));
  for (const std::string& caveat : verdict.caveats) {
    fmt::format_to(std::back_inserter(html), "<p class=\"caveat\">{}</p>", html_text(caveat));
  }
  return html + "</td></tr>\n";
}

std::string more_rows(std::size_t rows, std::string_view what) {
  if (rows <= most_rows) return "";
  return fmt::format("<p>{} more {} are not shown.</p>\n", rows - most_rows, what);
}

std::vector<std::string> columns_from(std::span<const std::string> vantages) {
  std::vector<std::string> columns;
  for (const std::string& vantage : vantages) columns.push_back("From " + vantage);
  return columns;
}

std::string cells_by_vantage(std::span<const std::string> vantages,
                             const page_difference& difference) {
  std::string html;
  for (std::size_t i = 0; i < vantages.size(); ++i) {
    const bool known = i < difference.seen.size();
    fmt::format_to(std::back_inserter(html), "<td data-label=\"From {}\">{}</td>",
                   html_text(vantages[i]), known ? html_text(difference.seen[i]) : "");
  }
  return html;
}

/// Of many vantages: what was seen, and by whom.
std::string cell_by_word(std::span<const std::string> vantages, const page_difference& difference) {
  std::map<std::string_view, std::vector<std::string_view>> by_word;
  for (std::size_t i = 0; i < std::min(vantages.size(), difference.seen.size()); ++i) {
    by_word[difference.seen[i]].push_back(vantages[i]);
  }
  std::string html = "<td data-label=\"Seen\">";
  for (const auto& [word, names] : by_word) {
    const std::size_t shown = std::min(names.size(), most_names);
    std::string text = fmt::format("{} from {}: {}", word, names.size(),
                                   fmt::join(std::span(names).first(shown), ", "));
    if (shown < names.size()) text += ", ...";
    fmt::format_to(std::back_inserter(html), "<div>{}</div>", html_text(text));
  }
  return html + "</td>";
}

}  // namespace

std::string candidates_section(const page_candidates& candidates) {
  if (candidates.verdicts.empty() && candidates.advice.empty()) return "";
  std::string html = fmt::format(
      "<section aria-labelledby=\"candidates\"><h2 id=\"candidates\">Candidates</h2>\n<p>{}</p>\n",
      html_text(candidates.question));
  if (!candidates.advice.empty()) {
    html += fmt::format("<p class=\"advice\">{}</p>\n", html_text(candidates.advice));
  }
  html +=
      "<div class=\"wide\"><table class=\"sortable stacked\" id=\"candidate-table\"><caption>What "
      "becomes of each address</caption><thead><tr><th scope=\"col\">Verdict</th>"
      "<th scope=\"col\">Addresses</th><th scope=\"col\">Why</th></tr></thead><tbody>\n";
  for (std::size_t i = 0; i < std::min(candidates.verdicts.size(), most_rows); ++i) {
    html += verdict_row(candidates.verdicts[i]);
  }
  return html + "</tbody></table></div>\n" + more_rows(candidates.verdicts.size(), "verdicts") +
         "</section>\n";
}

std::string differences_section(const page_options& options) {
  const std::span<const std::string> vantages = options.difference_vantages;
  const std::span<const page_difference> differences = options.differences;
  if (vantages.size() < 2) return "";
  std::string html =
      "<section aria-labelledby=\"differences\"><h2 id=\"differences\">What the vantages see "
      "differently</h2>\n";
  if (differences.empty()) {
    return html + "<p>" + html_text(options.agreement) + "</p></section>\n";
  }
  const bool has_columns = vantages.size() <= most_vantage_columns;
  html +=
      "<div class=\"wide\"><table class=\"sortable stacked\" id=\"difference-table\"><caption>"
      "Endpoints that differ, and what that means</caption><thead><tr>"
      "<th scope=\"col\">Endpoints</th>";
  for (const std::string& column :
       has_columns ? columns_from(vantages) : std::vector<std::string>{"Seen"}) {
    fmt::format_to(std::back_inserter(html), "<th scope=\"col\">{}</th>", html_text(column));
  }
  html += "<th scope=\"col\">Diagnosis</th></tr></thead><tbody>\n";
  for (std::size_t i = 0; i < std::min(differences.size(), most_rows); ++i) {
    const page_difference& difference = differences[i];
    fmt::format_to(std::back_inserter(html), "<tr><td data-label=\"Endpoints\">{}</td>",
                   html_text(difference.endpoints));
    html +=
        has_columns ? cells_by_vantage(vantages, difference) : cell_by_word(vantages, difference);
    fmt::format_to(std::back_inserter(html), "<td data-label=\"Diagnosis\">{}</td></tr>\n",
                   html_text(difference.diagnosis));
  }
  return html + "</tbody></table></div>\n" + more_rows(differences.size(), "differences") +
         "</section>\n";
}

}  // namespace netscan::detail
