#pragma once

#include <cstddef>
#include <vector>

#include "reach_columns.hpp"
#include "reach_patterns.hpp"

namespace netscan::detail {

/// The columns in groups: who reaches what. Points into the columns.
class reach_matrix {
 public:
  explicit reach_matrix(const reach_columns& columns);

  const reach_columns& columns() const noexcept { return columns_; }

  reach at(std::size_t vantage, std::size_t column) const noexcept;
  /// A vantage found on the link of each of the column's endpoints that nobody has the address.
  bool is_free(std::size_t column) const noexcept { return free_[column]; }

  /// Group by vantage, and by column; numbered in the order of their first ones.
  const std::vector<std::size_t>& row_groups() const noexcept { return row_groups_; }
  const std::vector<std::size_t>& column_groups() const noexcept { return column_groups_; }
  /// Some patterns were left ungrouped, because there are too many.
  bool is_cut_short() const noexcept { return is_cut_short_; }

 private:
  void find_patterns();
  std::vector<reach_pattern> rows() const;

  const reach_columns& columns_;
  std::vector<reach_pattern> patterns_;  // by column
  std::vector<bool> free_;
  std::vector<std::size_t> row_groups_;
  std::vector<std::size_t> column_groups_;
  bool is_cut_short_ = false;
};

/// The members of each group, ascending.
std::vector<std::vector<std::size_t>> members_of(const std::vector<std::size_t>& groups);

}  // namespace netscan::detail
