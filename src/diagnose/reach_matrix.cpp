#include "reach_matrix.hpp"

#include <algorithm>

namespace netscan::detail {
namespace {

/// A RST in the name of an address that nobody has is a firewall's, and tells nothing of a host.
char mark_of(const reach_look* look, bool is_free) {
  if (look == nullptr) return '?';
  switch (look->what) {
    case sight::could_not_ask:
    case sight::refused:
      return '?';
    case sight::closed:
      return is_free ? '?' : '+';
    case sight::answers:
      return '+';
    default:
      return '-';
  }
}

}  // namespace

reach_matrix::reach_matrix(const reach_columns& columns) : columns_(columns) {
  find_patterns();
  bool rows_cut_short = false;
  column_groups_ = group_patterns(patterns_, is_cut_short_);
  row_groups_ = group_patterns(rows(), rows_cut_short);
  is_cut_short_ |= rows_cut_short;
}

/// With a place for each group of columns: what is known of its pairs, which is all the same.
std::vector<reach_pattern> reach_matrix::rows() const {
  std::size_t groups = 0;
  for (const std::size_t group : column_groups_) groups = std::max(groups, group + 1);
  std::vector<reach_pattern> rows(columns_.vantages().size(), reach_pattern(groups, '?'));
  for (std::size_t column = 0; column < patterns_.size(); ++column) {
    for (std::size_t vantage = 0; vantage < rows.size(); ++vantage) {
      const char mark = patterns_[column][vantage];
      if (mark != '?') rows[vantage][column_groups_[column]] = mark;
    }
  }
  return rows;
}

void reach_matrix::find_patterns() {
  const std::size_t vantages = columns_.vantages().size();
  reach_pattern pattern(vantages, '?');
  for (std::size_t column = 0; column < columns_.count(); ++column) {
    bool is_free = false;
    for (std::size_t vantage = 0; vantage < vantages; ++vantage) {
      const reach_look* const look = columns_.at(vantage, column);
      is_free |= look != nullptr && look->on_own_link;
    }
    for (std::size_t vantage = 0; vantage < vantages; ++vantage) {
      pattern[vantage] = mark_of(columns_.at(vantage, column), is_free);
    }
    patterns_.push_back(pattern);
    free_.push_back(is_free);
  }
}

reach reach_matrix::at(std::size_t vantage, std::size_t column) const noexcept {
  const char mark = patterns_[column][vantage];
  if (mark == '?') return reach::unknown;
  return mark == '+' ? reach::reached : reach::cut;
}

std::vector<std::vector<std::size_t>> members_of(const std::vector<std::size_t>& groups) {
  std::vector<std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i] >= members.size()) members.resize(groups[i] + 1);
    members[groups[i]].push_back(i);
  }
  return members;
}

}  // namespace netscan::detail
