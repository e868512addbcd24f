#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "filtered_reasons.hpp"
#include "html_text.hpp"
#include "netscan/report/tarpit.hpp"
#include "page_sections.hpp"

namespace netscan::detail {
namespace {

constexpr std::size_t most_ranges = 16;

std::string some_of(const std::vector<ip_address>& addresses) {
  std::vector<address_range> singles;
  singles.reserve(addresses.size());
  for (const ip_address& address : addresses) singles.push_back({address, address});
  const address_set set = address_set::of(std::move(singles));
  std::string text;
  for (std::size_t i = 0; i < set.ranges().size() && i < most_ranges; ++i) {
    const address_range& range = set.ranges()[i];
    text += fmt::format("{}{}", i == 0 ? "" : ", ", range.first);
    if (range.first != range.last) text += fmt::format("-{}", range.last);
  }
  if (set.ranges().size() > most_ranges) text += ", ...";
  return text;
}

std::vector<ip_address> open_everywhere(const page_vantage& vantage) {
  std::set<std::uint16_t> ports;
  std::map<ip_address, std::size_t> open;
  for (const probe_record& probe : vantage.probes) {
    ports.insert(probe.port);
    if (probe.state() == probe_state::open) ++open[probe.ip];
  }
  std::vector<ip_address> addresses;
  for (const auto& [address, count] : open) {
    if (count == ports.size()) addresses.push_back(address);
  }
  return addresses;
}

std::string tarpit_notices(const page_vantage& vantage) {
  for (const scan_results* scan : vantage.scans) {
    if (!tells_what_was_silent(*scan)) return "";
  }
  tarpit_watch watch;
  watch.add(vantage.probes);
  std::string html;
  const std::vector<tarpit> found = watch.found();
  for (std::size_t i = 0; i < std::min(found.size(), most_ranges); ++i) {
    html += fmt::format("<p class=\"caveat\">{}.</p>", html_text(to_string(found[i])));
  }
  if (found.size() > most_ranges) html += "<p class=\"caveat\">And more.</p>";
  return html;
}

std::string vantage_card(const page_vantage& vantage) {
  scan_summary counts;
  filtered_reasons filtered;
  for (const probe_record& probe : vantage.probes) {
    count(counts, probe);
    if (probe.state() == probe_state::filtered) filtered.add(probe);
  }
  std::string html = fmt::format("<div class=\"card\"><h3>From {}</h3><ul class=\"counts\">",
                                 html_text(vantage.name));
  const auto add = [&](probe_state state, std::uint64_t number) {
    if (number == 0 && state == probe_state::error) return;
    fmt::format_to(std::back_inserter(html), "<li><b class=\"state {}\">{}</b> {}</li>",
                   to_string(state), number, to_string(state));
  };
  add(probe_state::open, counts.open);
  add(probe_state::closed, counts.closed);
  add(probe_state::filtered, counts.filtered);
  add(probe_state::error, counts.error);
  html += "</ul>";
  const std::vector<ip_address> open = open_everywhere(vantage);
  html += open.empty() ? "<p>No address is open on every port.</p>"
                       : fmt::format("<p>Open on every port: <b>{}</b></p>", some_of(open));
  html += tarpit_notices(vantage);
  if (counts.filtered != 0) {
    html += "<details><summary>Why filtered</summary><ul>";
    for (const std::string& text : filtered.texts()) {
      fmt::format_to(std::back_inserter(html), "<li>{}</li>", html_text(text));
    }
    html += "</ul></details>";
  }
  return html + "</div>\n";
}

}  // namespace

std::string overview_section(const page_content& content) {
  std::string html =
      "<section aria-labelledby=\"overview\"><h2 id=\"overview\">Overview</h2>\n"
      "<div class=\"cards\">\n";
  for (const page_vantage& vantage : content.vantages) html += vantage_card(vantage);
  return html + "</div></section>\n";
}

}  // namespace netscan::detail
