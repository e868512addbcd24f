#include "reach_matrix.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

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

reach_matrix::reach_matrix(const reach_table& table) : table_(table) {
  find_columns();
  bool rows_cut_short = false;
  column_groups_ = group_patterns(columns_, is_cut_short_);
  row_groups_ = group_patterns(rows(), rows_cut_short);
  is_cut_short_ |= rows_cut_short;
}

/// With a place for each group of columns: what is known of its pairs, which is all the same.
std::vector<reach_pattern> reach_matrix::rows() const {
  std::size_t groups = 0;
  for (const std::size_t group : column_groups_) groups = std::max(groups, group + 1);
  std::vector<reach_pattern> rows(vantages(), reach_pattern(groups, '?'));
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    for (std::size_t vantage = 0; vantage < rows.size(); ++vantage) {
      const char mark = columns_[column][vantage];
      if (mark != '?') rows[vantage][column_groups_[column]] = mark;
    }
  }
  return rows;
}

void reach_matrix::find_columns() {
  const std::vector<endpoint>& endpoints = table_.endpoints();
  std::vector<std::size_t> order(endpoints.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return endpoints[a] < endpoints[b]; });

  std::unordered_map<reach_pattern, std::size_t> numbers;
  const std::size_t vantages = table_.vantages().names().size();
  reach_pattern column(vantages, '?');
  for (const std::size_t at : order) {
    bool is_free = false;
    for (std::size_t vantage = 0; vantage < vantages; ++vantage) {
      const reach_look* const look = table_.at(vantage, at);
      is_free |= look != nullptr && look->on_own_link;
    }
    for (std::size_t vantage = 0; vantage < vantages; ++vantage) {
      column[vantage] = mark_of(table_.at(vantage, at), is_free);
    }
    // What nobody has is told apart from what may be down.
    const auto [found, is_new] =
        numbers.try_emplace(column + (is_free ? "!" : ""), columns_.size());
    if (is_new) {
      columns_.push_back(column);
      members_.emplace_back();
      free_.push_back(is_free);
    }
    members_[found->second].push_back(at);
  }
}

reach reach_matrix::at(std::size_t vantage, std::size_t column) const noexcept {
  const char mark = columns_[column][vantage];
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
