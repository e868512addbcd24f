#include "netscan/diagnose/reachability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "endpoint_views.hpp"
#include "netscan/target/status.hpp"
#include "reach_cuts.hpp"
#include "reach_picture.hpp"

namespace netscan {
namespace {

using detail::reach_columns;
using detail::reach_matrix;

/// The part of the picture that is groups and numbers.
class picture_maker {
 public:
  explicit picture_maker(const reach_matrix& matrix)
      : matrix_(matrix),
        columns_(matrix.columns()),
        columns_by_group_(detail::members_of(matrix.column_groups())) {
    std::stable_sort(columns_by_group_.begin(), columns_by_group_.end(),
                     [&](const auto& a, const auto& b) { return rank_of(a) < rank_of(b); });
  }

  reachability run() && {
    picture_.vantages = columns_.vantages();
    picture_.vantage_groups = detail::members_of(matrix_.row_groups());
    for (const std::vector<std::size_t>& columns : columns_by_group_) {
      target_group& group = picture_.target_groups.emplace_back();
      group.blocks = columns_.blocks(columns);
      for (const std::size_t column : columns) group.endpoints += columns_.size(column);
      picture_.endpoints += group.endpoints;
    }
    for (std::size_t vantage = 0; vantage < vantages(); ++vantage) take(vantage);
    if (matrix_.is_cut_short()) {
      picture_.notices.push_back(
          "there are too many different patterns to say which of those that are not known in full "
          "belong together: these stay groups of their own");
    }
    return std::move(picture_);
  }

 private:
  std::size_t vantages() const { return columns_.vantages().size(); }

  /// By how much there is to learn from the group.
  int rank_of(const std::vector<std::size_t>& columns) const {
    bool is_reached = false;
    bool is_cut = false;
    for (std::size_t vantage = 0; vantage < vantages(); ++vantage) {
      for (const std::size_t column : columns) {
        is_reached |= matrix_.at(vantage, column) == reach::reached;
        is_cut |= matrix_.at(vantage, column) == reach::cut;
      }
    }
    return is_reached ? (is_cut ? 0 : 1) : 2;
  }

  void take(std::size_t vantage) {
    bool is_blind = true;
    for (std::size_t column = 0; column < columns_.count(); ++column) {
      const reach what = matrix_.at(vantage, column);
      is_blind &= what == reach::unknown;
      if (what == reach::reached) {
        picture_.reached += columns_.size(column);
      } else if (what == reach::cut) {
        picture_.cut_off += columns_.size(column);
      } else {
        picture_.unknown += columns_.size(column);
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
    std::map<sight, std::uint64_t> times;
    for (const std::size_t column : columns) {
      const reach what = matrix_.at(vantage, column);
      if (what == reach::unknown) continue;
      cell.what = what;
      times[columns_.at(vantage, column)->what] += columns_.size(column);
    }
    const auto most =
        std::max_element(times.begin(), times.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most != times.end()) cell.met = most->first;
    return cell;
  }

  const reach_matrix& matrix_;
  const reach_columns& columns_;
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

namespace detail {

reachability reachability_of(const reach_columns& columns, const std::deque<trace_record>& traces) {
  const reach_matrix matrix(columns);
  reachability picture = picture_maker(matrix).run();
  picture.cuts = cuts_of(matrix, traces);
  return picture;
}

reach_columns columns_for(const endpoint_views& views) {
  const std::vector<std::size_t> rows = views.scan_vantages();
  std::vector<std::string> names;
  names.reserve(rows.size());
  for (const std::size_t row : rows) names.push_back(views.vantages()[row]);
  return {rows, std::move(names)};
}

}  // namespace detail

struct reachability_builder::implementation {
  explicit implementation(compare_options options) : views(std::move(options)) {}

  detail::endpoint_views views;
};

reachability_builder::reachability_builder(compare_options options)
    : implementation_(std::make_unique<implementation>(std::move(options))) {}
reachability_builder::reachability_builder(reachability_builder&&) noexcept = default;
reachability_builder& reachability_builder::operator=(reachability_builder&&) noexcept = default;
reachability_builder::~reachability_builder() = default;

absl::Status reachability_builder::add(const results_file& file) {
  return implementation_->views.add(file);
}

absl::StatusOr<std::vector<std::string>> reachability_builder::add_file(const std::string& path,
                                                                        std::string_view vantage) {
  return implementation_->views.add_file(path, vantage);
}

absl::StatusOr<reachability> reachability_builder::finish() && {
  detail::endpoint_views& views = implementation_->views;
  reach_columns columns = detail::columns_for(views);
  if (columns.vantages().empty()) {
    return invalid_argument("there is no scan among the results: who reaches what is of scans");
  }
  if (columns.vantages().size() < 2) {
    return invalid_argument(
        "all scans are of vantage '{}': expected two or more; NAME=FILE names a file's",
        columns.vantages().front());
  }
  const absl::Status handed_out =
      views.hand_out([&](const endpoint& at, std::span<const detail::endpoint_view> seen) {
        columns.add(at, seen);
      });
  if (!handed_out.ok()) return handed_out;
  if (columns.count() == 0) {
    return invalid_argument("no scan has a record of the endpoints to be compared");
  }
  reachability picture = detail::reachability_of(columns, views.traces());
  if (const std::size_t checks = views.checks().size(); checks != 0) {
    picture.notices.push_back(fmt::format("{} check{} left out: who reaches what is of scans",
                                          checks, checks == 1 ? " is" : "s are"));
  }
  return picture;
}

}  // namespace netscan
