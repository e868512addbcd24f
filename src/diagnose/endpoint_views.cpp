#include "endpoint_views.hpp"

#include <algorithm>
#include <cstring>
#include <set>
#include <tuple>
#include <utility>

#include "netscan/probe/packed_record.hpp"
#include "report/record_sorter.hpp"

namespace netscan::detail {
namespace {

/// How much a record says of the network: an answer is more than silence, and silence more than not
/// having been able to ask.
int weight(const probe_record& record) {
  if (record.reason == probe_reason::local_error) return 0;
  return record.reason == probe_reason::no_response ? 1 : 2;
}

/// By vantage, and of each the one that counts first.
bool counts_before(const endpoint_view& a, const endpoint_view& b) {
  if (a.vantage != b.vantage) return a.vantage < b.vantage;
  if (a.is_trace != b.is_trace) return b.is_trace;
  return std::tuple(weight(*a.record), a.record->time, a.start) >
         std::tuple(weight(*b.record), b.record->time, b.start);
}

absl::Status status_of(const boost::system::error_code& error) {
  return error ? no_room(error) : absl::OkStatus();
}

}  // namespace

bool endpoint_views::sourced_order::goes_before(const item& a, const item& b) {
  if (a.record.ip != b.record.ip) return a.record.ip < b.record.ip;
  if (a.record.port != b.record.port) return a.record.port < b.record.port;
  if (a.source != b.source) return a.source < b.source;
  return is_better(a.record, b.record);
}

bool endpoint_views::sourced_order::is_same(const item& a, const item& b) noexcept {
  return a.source == b.source && a.record.reason == b.record.reason &&
         record_order::is_same(a.record, b.record);
}

void endpoint_views::sourced_order::append(std::string& bytes, const item& one) {
  bytes.append(reinterpret_cast<const char*>(&one.source), sizeof one.source);
  append_packed(bytes, one.record);
}

std::optional<endpoint_views::sourced_record> endpoint_views::sourced_order::take(
    std::string_view& bytes) {
  item one;
  if (bytes.size() < sizeof one.source) return std::nullopt;
  std::memcpy(&one.source, bytes.data(), sizeof one.source);
  std::string_view rest = bytes.substr(sizeof one.source);
  const std::optional<probe_record> record = take_packed(rest);
  if (!record) return std::nullopt;
  one.record = *record;
  bytes = rest;
  return one;
}

endpoint_views::endpoint_views(compare_options options)
    : options_(std::move(options)), sorter_(options_.records_in_memory) {}

bool endpoint_views::wants(const ip_address& address) const {
  if (options_.only_addresses.empty() && options_.only_hosts.empty()) return true;
  return options_.only_addresses.contains(address);
}

absl::Status endpoint_views::add_record(const probe_record& record, std::size_t source) {
  if (!wants(record.ip)) return absl::OkStatus();
  return status_of(sorter_.add({record, static_cast<std::uint32_t>(source)}));
}

void endpoint_views::add_scan(const scan_header& header, std::string_view vantage) {
  source& scan = sources_.emplace_back();
  scan.vantage = vantages_.index_of(vantage.empty() ? header.vantage : vantage);
  scan.addresses = header.sources;
  if (header.is_foreign()) scan.by_errno = header.by_errno;
  scan.start = header.start;
}

absl::Status endpoint_views::add_check(const check_record& check, std::string_view vantage) {
  check_record& kept = checks_.emplace_back(check);
  if (!vantage.empty()) kept.vantage = vantage;
  source& from = sources_.emplace_back();
  from.vantage = vantages_.index_of(kept.vantage);
  from.by_errno = false;
  from.start = kept.time;
  from.check = &kept;
  if (kept.outcome == check_outcome::stopped) return absl::OkStatus();
  for (const check_step& step : kept.steps) {
    if (!step.tcp) continue;
    for (const probe_record& record : step.tcp->attempts) {
      if (absl::Status added = add_record(record, sources_.size() - 1); !added.ok()) return added;
    }
  }
  return absl::OkStatus();
}

absl::Status endpoint_views::add_trace(const trace_record& trace, std::string_view vantage) {
  trace_record& kept = traces_.emplace_back(trace);
  if (!vantage.empty()) kept.vantage = vantage;
  source& from = sources_.emplace_back();
  from.vantage = vantages_.index_of(kept.vantage);
  from.by_errno = false;
  from.start = kept.time;
  from.is_trace = true;
  if (kept.source) from.addresses = {*kept.source};
  if (!kept.end) return absl::OkStatus();
  probe_record end = *kept.end;
  end.ip = kept.ip;
  end.port = kept.port;
  return add_record(end, sources_.size() - 1);
}

absl::Status endpoint_views::add_others(const results_file& file, std::string_view vantage) {
  for (const check_record& check : file.checks) {
    if (absl::Status added = add_check(check, vantage); !added.ok()) return added;
  }
  for (const trace_record& trace : file.traces) {
    if (absl::Status added = add_trace(trace, vantage); !added.ok()) return added;
  }
  return absl::OkStatus();
}

absl::Status endpoint_views::add(const results_file& file) {
  for (const scan_results& scan : file.scans) {
    add_scan(scan.header, {});
    for (const probe_record& record : scan.probes) {
      if (absl::Status added = add_record(record, sources_.size() - 1); !added.ok()) return added;
    }
  }
  return add_others(file, {});
}

absl::StatusOr<std::vector<std::string>> endpoint_views::add_file(const std::string& path,
                                                                  std::string_view vantage) {
  const std::size_t first = sources_.size();
  absl::Status kept;
  absl::StatusOr<results_file> file =
      read_results(path, [&](std::size_t scan, const scan_header&, const probe_record& record) {
        kept = add_record(record, first + scan);
        return std::string(kept.ok() ? "" : "there is no room for it");
      });
  if (!kept.ok()) return kept;
  if (!file.ok()) return file.status();
  for (const scan_results& scan : file->scans) add_scan(scan.header, vantage);
  if (absl::Status added = add_others(*file, vantage); !added.ok()) return added;
  return std::move(file->notices);
}

std::vector<std::size_t> endpoint_views::scan_vantages() const {
  std::set<std::size_t> vantages;
  for (const source& source : sources_) {
    if (source.check == nullptr && !source.is_trace) vantages.insert(source.vantage);
  }
  return {vantages.begin(), vantages.end()};
}

endpoint_view endpoint_views::view_of(const sourced_record& record) const {
  const source& from = sources_[record.source];
  const bool unclear = from.by_errno && is_unclear(record.record, *from.by_errno);
  return {from.vantage, &record.record, from.addresses, unclear,
          from.start,   from.check,     from.is_trace};
}

/// A file may have any number of records of one endpoint.
bool endpoint_views::is_told(std::span<const sourced_record> before, const sourced_record& record) {
  if (before.empty() || before.back().source != record.source) return false;
  return before.back().record.reason == record.record.reason ||
         (before.size() > 1 && before[before.size() - 2].source == record.source);
}

absl::Status endpoint_views::hand_out(const sink& sink) {
  std::vector<sourced_record> records;  // of one endpoint
  std::vector<endpoint_view> views;
  const auto put = [&] {
    if (records.empty()) return;
    views.clear();
    for (const sourced_record& record : records) views.push_back(view_of(record));
    std::stable_sort(views.begin(), views.end(), counts_before);
    sink({records.front().record.ip, records.front().record.port}, views);
    records.clear();
  };
  const boost::system::error_code error = sorter_.hand_out([&](const sourced_record& record) {
    const bool is_of_next =
        !records.empty() && !record_order::is_same(records.front().record, record.record);
    if (is_of_next) put();
    if (!is_told(records, record)) records.push_back(record);
    return boost::system::error_code();
  });
  if (error) return status_of(error);
  put();
  return absl::OkStatus();
}

bool is_covered_by_checks(std::span<const endpoint_view> views) {
  // The targets that all vantages so far have checked.
  std::set<std::string_view> common;
  for (auto view = views.begin(); view != views.end();) {
    const auto end = std::find_if(view, views.end(), [&](const endpoint_view& other) {
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
