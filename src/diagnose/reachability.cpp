#include "netscan/diagnose/reachability.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "netscan/target/status.hpp"
#include "reach_cuts.hpp"

namespace netscan {
namespace {

using detail::reach_matrix;

/// The part of the picture that is groups and numbers.
class picture_maker {
 public:
  explicit picture_maker(const reach_matrix& matrix)
      : matrix_(matrix), columns_by_group_(detail::members_of(matrix.column_groups())) {
    std::stable_sort(columns_by_group_.begin(), columns_by_group_.end(),
                     [&](const auto& a, const auto& b) { return rank_of(a) < rank_of(b); });
  }

  reachability run() && {
    picture_.vantages = matrix_.table().vantages().names();
    picture_.endpoints = matrix_.table().endpoints().size();
    picture_.vantage_groups = detail::members_of(matrix_.row_groups());
    for (const std::vector<std::size_t>& columns : columns_by_group_) {
      target_group& group = picture_.target_groups.emplace_back();
      group.blocks = detail::blocks_of_columns(matrix_, columns);
      for (const std::size_t column : columns) group.endpoints += size_of(column);
    }
    for (std::size_t vantage = 0; vantage < matrix_.vantages(); ++vantage) take(vantage);
    if (matrix_.is_cut_short()) {
      picture_.notices.push_back(
          "there are too many different patterns to say which of those that are not known in full "
          "belong together: these stay groups of their own");
    }
    return std::move(picture_);
  }

 private:
  std::size_t size_of(std::size_t column) const { return matrix_.endpoints_of(column).size(); }

  /// By how much there is to learn from the group.
  int rank_of(const std::vector<std::size_t>& columns) const {
    bool is_reached = false;
    bool is_cut = false;
    for (std::size_t vantage = 0; vantage < matrix_.vantages(); ++vantage) {
      for (const std::size_t column : columns) {
        is_reached |= matrix_.at(vantage, column) == reach::reached;
        is_cut |= matrix_.at(vantage, column) == reach::cut;
      }
    }
    return is_reached ? (is_cut ? 0 : 1) : 2;
  }

  void take(std::size_t vantage) {
    bool is_blind = true;
    for (std::size_t column = 0; column < matrix_.columns(); ++column) {
      const reach what = matrix_.at(vantage, column);
      is_blind &= what == reach::unknown;
      if (what == reach::reached) {
        picture_.reached += size_of(column);
      } else if (what == reach::cut) {
        picture_.cut_off += size_of(column);
      } else {
        picture_.unknown += size_of(column);
      }
    }
    if (is_blind) picture_.blind.push_back(vantage);
    std::vector<reach_cell>& row = picture_.cells.emplace_back();
    for (const std::vector<std::size_t>& columns : columns_by_group_) {
      row.push_back(cell_of(vantage, columns));
    }
  }

  reach_cell cell_of(std::size_t vantage, const std::vector<std::size_t>& columns) const {
    reach_cell cell;
    std::map<sight, std::size_t> times;
    for (const std::size_t column : columns) {
      const reach what = matrix_.at(vantage, column);
      if (what == reach::unknown) continue;
      cell.what = what;
      for (const std::size_t endpoint : matrix_.endpoints_of(column)) {
        ++times[matrix_.table().at(vantage, endpoint)->what];
      }
    }
    const auto most =
        std::max_element(times.begin(), times.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most != times.end()) cell.met = most->first;
    return cell;
  }

  const reach_matrix& matrix_;
  std::vector<std::vector<std::size_t>> columns_by_group_;
  reachability picture_;
};

}  // namespace

std::string_view to_string(reach what) noexcept {
  switch (what) {
    case reach::reached:
      return "reached";
    case reach::cut:
      return "cut";
    case reach::unknown:
      break;
  }
  return "unknown";
}

std::string_view to_string(cut_kind kind) noexcept {
  switch (kind) {
    case cut_kind::vantages_reach_nothing:
      return "vantages-reach-nothing";
    case cut_kind::reached_by_nobody:
      return "reached-by-nobody";
    case cut_kind::groups_cut_off:
      break;
  }
  return "groups-cut-off";
}

bool reachability::differ() const noexcept {
  return std::any_of(cuts.begin(), cuts.end(),
                     [](const cut& one) { return one.kind != cut_kind::reached_by_nobody; });
}

struct reachability_builder::implementation {
  explicit implementation(compare_options wanted) : options(std::move(wanted)) {}

  bool wants(const ip_address& address) const {
    return options.only_addresses.empty() || options.only_addresses.contains(address);
  }

  void add_trace(const trace_record& trace, std::string_view vantage) {
    // The others tell nothing that the scans do not.
    if (!trace.end || trace.end->reason != probe_reason::no_response) return;
    traces.push_back(trace);
    if (!vantage.empty()) traces.back().vantage = vantage;
  }

  compare_options options;
  detail::reach_table table;
  std::vector<trace_record> traces;
};

reachability_builder::reachability_builder(compare_options options)
    : implementation_(std::make_unique<implementation>(std::move(options))) {}
reachability_builder::reachability_builder(reachability_builder&&) noexcept = default;
reachability_builder& reachability_builder::operator=(reachability_builder&&) noexcept = default;
reachability_builder::~reachability_builder() = default;

void reachability_builder::add(const results_file& file) {
  for (const scan_results& scan : file.scans) {
    implementation_->table.begin_scan(scan.header.vantage, scan.header);
    for (const probe_record& record : scan.probes) {
      if (implementation_->wants(record.ip)) implementation_->table.add(record);
    }
  }
  for (const trace_record& trace : file.traces) implementation_->add_trace(trace, "");
}

absl::StatusOr<std::vector<std::string>> reachability_builder::add_file(const std::string& path,
                                                                        std::string_view vantage) {
  std::optional<std::size_t> current;
  const auto begin = [&](std::size_t number, const scan_header& header) {
    implementation_->table.begin_scan(vantage.empty() ? header.vantage : vantage, header);
    current = number;
  };
  absl::StatusOr<results_file> file = read_results(
      path, [&](std::size_t number, const scan_header& header, const probe_record& record) {
        if (current != number) begin(number, header);
        if (implementation_->wants(record.ip)) implementation_->table.add(record);
        return std::string();
      });
  if (!file.ok()) return file.status();
  for (const trace_record& trace : file->traces) implementation_->add_trace(trace, vantage);
  // A scan without records has a vantage all the same.
  for (const scan_results& scan : file->scans) {
    implementation_->table.begin_scan(vantage.empty() ? scan.header.vantage : vantage, scan.header);
  }
  return std::move(file->notices);
}

std::size_t reachability_builder::vantages() const noexcept {
  return implementation_->table.vantages().names().size();
}

absl::StatusOr<reachability> reachability_builder::finish() && {
  const detail::reach_table& table = implementation_->table;
  const std::vector<std::string>& names = table.vantages().names();
  if (names.size() < 2) {
    return invalid_argument(
        "all scans are of vantage '{}': expected two or more; NAME=FILE names a file's",
        names.empty() ? "" : names.front());
  }
  if (table.endpoints().empty()) {
    return invalid_argument("no scan has a record of the endpoints to be compared");
  }
  const reach_matrix matrix(table);
  reachability picture = picture_maker(matrix).run();
  picture.cuts = detail::cuts_of(matrix, implementation_->traces);
  return picture;
}

std::optional<reachability> reachability_of_many(std::span<const results_file> files,
                                                 const compare_options& options) {
  constexpr std::size_t fewest = 3;
  reachability_builder builder(options);
  for (const results_file& file : files) builder.add(file);
  if (builder.vantages() < fewest) return std::nullopt;
  absl::StatusOr<reachability> picture = std::move(builder).finish();
  if (!picture.ok()) return std::nullopt;
  return *std::move(picture);
}

}  // namespace netscan
