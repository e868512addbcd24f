#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>

#include "duration_text.hpp"
#include "html_text.hpp"
#include "page_sections.hpp"
#include "time_text.hpp"

namespace netscan::detail {
namespace {

constexpr std::size_t longest_list = 32;

std::string list_text(const std::vector<std::string>& texts) {
  if (texts.size() <= longest_list) return fmt::format("{}", fmt::join(texts, ", "));
  return fmt::format("{}, ... ({} in all)",
                     fmt::join(texts.begin(), texts.begin() + longest_list, ", "), texts.size());
}

std::string sources_text(const scan_header& header) {
  std::vector<std::string> texts;
  for (const source_address& source : header.sources) {
    texts.push_back(fmt::format("{}/{} on {}", source.address, source.prefix, source.interface));
  }
  return list_text(texts);
}

std::string gateways_text(const scan_header& header) {
  std::vector<std::string> texts;
  for (const ip_address& gateway : header.gateways) texts.push_back(to_string(gateway));
  return list_text(texts);
}

std::string number_or_none(std::uint64_t number) {
  return number == 0 ? "no limit" : std::to_string(number);
}

std::string limits_text(const scan_header& header) {
  if (!header.limits) return "";
  std::vector<std::string> texts = {fmt::format("{} open files", header.limits->descriptors)};
  const auto add = [&](const std::optional<std::uint64_t>& value, std::string_view what) {
    if (value) texts.push_back(fmt::format("{} {}", *value, what));
  };
  add(header.limits->local_ports, "local ports");
  add(header.limits->neighbors, "neighbours");
  add(header.limits->conntrack_max, "tracked connections");
  add(header.limits->conntrack_used, "of them in use");
  add(header.limits->memory_kib, "KiB of memory");
  return list_text(texts);
}

std::string end_text(const scan_results& scan) {
  if (scan.header.is_foreign()) return "its file does not say";
  if (!scan.summary) return "no: it was stopped before it could write its summary";
  if (scan.summary->complete) return "yes";
  return fmt::format("no: {} of {} probes have no result", scan.summary->not_started,
                     scan.summary->planned);
}

/// What a summary has, or nothing when there is none.
std::string of_summary(const scan_results& scan,
                       const std::function<std::string(const scan_summary&)>& text) {
  return scan.summary ? text(*scan.summary) : "";
}

scan_summary counts_of(const scan_results& scan) {
  if (scan.summary) return *scan.summary;
  scan_summary counts;
  for (const probe_record& probe : scan.probes) count(counts, probe);
  return counts;
}

class table_of_scans {
 public:
  explicit table_of_scans(const page_content& content) {
    for (const page_vantage& vantage : content.vantages) {
      scans_.insert(scans_.end(), vantage.scans.begin(), vantage.scans.end());
    }
    html_ =
        "<div class=\"wide\"><table class=\"scans\"><caption>Plan, options and counts of each "
        "scan</caption><thead><tr><th scope=\"col\">Scan</th>";
    for (const scan_results* scan : scans_) {
      html_ += fmt::format("<th scope=\"col\">From {}</th>", html_text(scan->header.vantage));
    }
    html_ += "</tr></thead><tbody>\n";
  }

  void row(std::string_view name, const std::function<std::string(const scan_results&)>& text) {
    html_ += fmt::format("<tr><th scope=\"row\">{}</th>", name);
    for (const scan_results* scan : scans_) {
      html_ += fmt::format("<td>{}</td>", html_text(text(*scan)));
    }
    html_ += "</tr>\n";
  }

  /// What only netscan's own files have; of others it is left empty.
  void own_row(std::string_view name, const std::function<std::string(const scan_results&)>& text) {
    row(name, [&](const scan_results& scan) {
      return scan.header.is_foreign() ? std::string() : text(scan);
    });
  }

  std::string html() const { return html_ + "</tbody></table></div>\n"; }

 private:
  std::vector<const scan_results*> scans_;
  std::string html_;
};

void add_plan(table_of_scans& table) {
  using scan = const scan_results&;
  table.row("Targets", [](scan s) { return list_text(s.header.targets); });
  table.row("Excluded", [](scan s) { return list_text(s.header.exclude); });
  table.row("Ports", [](scan s) { return s.header.ports; });
  table.own_row("Addresses", [](scan s) { return std::to_string(s.header.addresses); });
  table.own_row("Probes planned", [](scan s) { return std::to_string(s.header.planned); });
  table.own_row("Shard", [](scan s) {
    return fmt::format("{} of {}", s.header.shard_index, s.header.shard_count);
  });
  table.own_row("Order", [](scan s) { return s.header.order; });
  table.own_row("Seed", [](scan s) { return std::to_string(s.header.seed); });
  table.row("Plan hash", [](scan s) { return s.header.plan_hash; });
}

void add_options(table_of_scans& table) {
  using scan = const scan_results&;
  table.own_row("Timing", [](scan s) { return s.header.timing; });
  table.own_row("Timeout",
                [](scan s) { return duration_text(std::uint64_t{1000} * s.header.timeout_ms); });
  table.own_row("Retries", [](scan s) { return std::to_string(s.header.retries); });
  table.own_row("Rate", [](scan s) { return number_or_none(s.header.rate); });
  table.own_row("Concurrency", [](scan s) { return std::to_string(s.header.concurrency); });
  table.own_row("Per address", [](scan s) { return number_or_none(s.header.per_address); });
  table.own_row("Per network", [](scan s) { return number_or_none(s.header.per_network); });
  table.own_row("Threads", [](scan s) { return std::to_string(s.header.threads); });
  table.row("Asked from", [](scan s) { return sources_text(s.header); });
  table.row("Gateways", [](scan s) { return gateways_text(s.header); });
  table.row("Host limits", [](scan s) { return limits_text(s.header); });
  table.row("Scanner", [](scan s) { return made_by(s.header.scanner, s.header.version); });
}

void add_course(table_of_scans& table) {
  using scan = const scan_results&;
  table.row("Start", [](scan s) { return std::string(time_text()(s.header.start)); });
  table.row("Duration", [](scan s) {
    // Other tools write times in seconds: what took less has none.
    const bool is_known = !s.header.is_foreign() || (s.summary && s.summary->duration_ms != 0);
    if (!is_known) return std::string();
    return of_summary(s, [](auto& sum) { return duration_text(1000 * sum.duration_ms); });
  });
  table.own_row("SYNs sent", [](scan s) {
    return of_summary(s, [](auto& sum) { return std::to_string(sum.syns); });
  });
  table.own_row("Loss", [](scan s) {
    return of_summary(s, [](auto& sum) {
      return fmt::format("{:.1f} % of the answers came to a repeated SYN", 100 * sum.loss_estimate);
    });
  });
  table.row("Open", [](scan s) { return std::to_string(counts_of(s).open); });
  table.row("Closed", [](scan s) { return std::to_string(counts_of(s).closed); });
  table.row("Filtered", [](scan s) { return std::to_string(counts_of(s).filtered); });
  table.own_row("Error", [](scan s) { return std::to_string(counts_of(s).error); });
  table.own_row("Skipped", [](scan s) { return std::to_string(counts_of(s).skipped); });
  table.row("Complete", end_text);
}

}  // namespace

std::string scans_section(const page_content& content) {
  table_of_scans table(content);
  add_course(table);
  add_plan(table);
  add_options(table);
  return "<section aria-labelledby=\"scans\"><h2 id=\"scans\">How it was scanned</h2>\n" +
         table.html() + "</section>\n";
}

}  // namespace netscan::detail
