#include "views_of_addresses.hpp"

#include <algorithm>
#include <tuple>

namespace netscan::detail {
namespace {

/// How much a record says of the network: an answer is more than silence, and silence more than not
/// having been able to ask.
int weight(const probe_record& record) {
  if (record.reason == probe_reason::local_error) return 0;
  return record.reason == probe_reason::no_response ? 1 : 2;
}

void add_scans(std::vector<address_view>& views, const results_file& file,
               vantage_names& vantages) {
  for (const scan_results& scan : file.scans) {
    const std::size_t vantage = vantages.index_of(scan.header.vantage);
    for (const probe_record& record : scan.probes) {
      views.push_back({{record.ip, record.port},
                       vantage,
                       &record,
                       scan.header.sources,
                       scan.header.is_foreign() && is_unclear(record, scan.header.by_errno),
                       nullptr,
                       false});
    }
  }
}

void add_checks(std::vector<address_view>& views, const results_file& file,
                vantage_names& vantages) {
  for (const check_record& check : file.checks) {
    const std::size_t vantage = vantages.index_of(check.vantage);
    if (check.outcome == check_outcome::stopped) continue;
    for (const check_step& step : check.steps) {
      if (!step.tcp) continue;
      for (const probe_record& record : step.tcp->attempts) {
        views.push_back({{record.ip, record.port},
                         vantage,
                         &record,
                         {},
                         is_unclear(record, false),
                         &check,
                         false});
      }
    }
  }
}

void add_traces(std::vector<address_view>& views, const results_file& file,
                vantage_names& vantages) {
  for (const trace_record& trace : file.traces) {
    const std::size_t vantage = vantages.index_of(trace.vantage);
    if (!trace.end) continue;
    std::span<const source_address> sources;
    if (trace.source) sources = {&*trace.source, 1};
    views.push_back({{trace.ip, trace.port},
                     vantage,
                     &*trace.end,
                     sources,
                     is_unclear(*trace.end, false),
                     nullptr,
                     true});
  }
}

}  // namespace

std::size_t vantage_names::index_of(std::string_view name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return found->second;
  numbers_.emplace(name, names_.size());
  names_.emplace_back(name);
  return names_.size() - 1;
}

std::vector<address_view> views_of_addresses(std::span<const results_file> files,
                                             vantage_names& vantages) {
  std::vector<address_view> views;
  for (const results_file& file : files) {
    add_scans(views, file, vantages);
    add_checks(views, file, vantages);
    add_traces(views, file, vantages);
  }
  std::stable_sort(views.begin(), views.end(), [](const address_view& a, const address_view& b) {
    return std::tuple(a.at, a.vantage, a.is_trace, weight(*b.record), b.record->time) <
           std::tuple(b.at, b.vantage, b.is_trace, weight(*a.record), a.record->time);
  });
  return views;
}

bool is_covered_by_checks(std::span<const address_view> views) {
  // The targets that all vantages so far have checked.
  std::set<std::string_view> common;
  for (auto view = views.begin(); view != views.end();) {
    const auto end = std::find_if(view, views.end(), [&](const address_view& other) {
      return other.vantage != view->vantage;
    });
    std::set<std::string_view> targets;
    for (auto one = view; one != end; ++one) {
      if (one->is_trace) continue;
      if (one->check == nullptr) return false;
      targets.insert(one->check->target);
    }
    if (view == views.begin()) {
      common = std::move(targets);
    } else {
      std::erase_if(common, [&](std::string_view target) { return !targets.contains(target); });
    }
    view = end;
  }
  return !common.empty();
}

}  // namespace netscan::detail
