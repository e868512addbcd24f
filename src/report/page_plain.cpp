#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "duration_text.hpp"
#include "html_text.hpp"
#include "netscan/report/subnet_map.hpp"
#include "page_sections.hpp"

namespace netscan::detail {
namespace {

constexpr std::size_t most_probes_listed = 1000;
constexpr std::size_t most_maps_drawn = 16;

std::string text_maps(const page_content& content, const page_vantage& vantage) {
  std::set<std::uint16_t> ports;
  for (const probe_record& probe : vantage.probes) ports.insert(probe.port);
  std::string html;
  std::size_t maps = 0;
  for (const address_range& block : content.blocks) {
    if (!subnet_map::fits(block) || ++maps > most_maps_drawn) continue;
    subnet_map map(block, static_cast<std::uint32_t>(ports.size()));
    for (const probe_record& probe : vantage.probes) map.add(probe);
    fmt::format_to(std::back_inserter(html), "<h4>{}</h4><pre>{}</pre>\n",
                   html_text(to_string(block)), map.draw({.unicode = true}));
  }
  return html;
}

bool is_answer(const probe_record& probe) {
  return probe.state() != probe_state::error && probe.reason != probe_reason::no_response;
}

std::string answer_row(const probe_record& probe) {
  std::string icmp;
  if (probe.icmp) {
    icmp = html_text(
        fmt::format("ICMP {}/{} from {}", probe.icmp->type, probe.icmp->code, probe.icmp->from));
  }
  return fmt::format(
      "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
      html_text(to_string(probe.ip)), probe.port, to_string(probe.state()), to_string(probe.reason),
      icmp, probe.rtt_us ? duration_text(*probe.rtt_us) : "");
}

std::string answers(const page_vantage& vantage) {
  std::vector<probe_record> probes;
  std::copy_if(vantage.probes.begin(), vantage.probes.end(), std::back_inserter(probes), is_answer);
  std::stable_sort(probes.begin(), probes.end(), [](const probe_record& a, const probe_record& b) {
    return std::pair(a.state(), a.ip) < std::pair(b.state(), b.ip);
  });
  std::string html =
      "<div class=\"wide\"><table><caption>Endpoints that answered</caption><thead><tr>"
      "<th>Address</th><th>Port</th><th>State</th><th>Reason</th><th>ICMP</th><th>RTT</th></tr>"
      "</thead><tbody>\n";
  for (std::size_t i = 0; i < std::min(probes.size(), most_probes_listed); ++i)
    html += answer_row(probes[i]);
  html += "</tbody></table></div>\n";
  if (probes.size() > most_probes_listed) {
    html += fmt::format("<p>{} more answers are shown with script only.</p>\n",
                        probes.size() - most_probes_listed);
  }
  return html;
}

}  // namespace

std::string plain_section(const page_content& content) {
  std::string html =
      "<noscript><section><h2>Results</h2>\n<p>With script in the browser there are a map to click "
      "on and a table of every probe to filter and sort.</p>\n";
  for (const page_vantage& vantage : content.vantages) {
    html += fmt::format("<h3>From {}</h3>\n", html_text(vantage.name));
    html += text_maps(content, vantage) + answers(vantage);
  }
  return html + "</section></noscript>\n";
}

}  // namespace netscan::detail
