#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "reach_patterns.hpp"
#include "reach_table.hpp"

namespace netscan::detail {

/// The table in order and in groups. Points into the table.
///
/// Endpoints with the same column are one `column` here; what holds for it holds for each of them.
class reach_matrix {
 public:
  explicit reach_matrix(const reach_table& table);

  const reach_table& table() const noexcept { return table_; }
  std::size_t vantages() const noexcept { return table_.vantages().names().size(); }
  std::size_t columns() const noexcept { return columns_.size(); }

  reach at(std::size_t vantage, std::size_t column) const noexcept;
  /// The column's endpoints in the table, by address and port.
  std::span<const std::size_t> endpoints_of(std::size_t column) const noexcept {
    return members_[column];
  }
  /// A vantage found on the link of each of the column's endpoints that nobody has the address.
  bool is_free(std::size_t column) const noexcept { return free_[column]; }

  /// Group by vantage, and by column; numbered in the order of their first ones.
  const std::vector<std::size_t>& row_groups() const noexcept { return row_groups_; }
  const std::vector<std::size_t>& column_groups() const noexcept { return column_groups_; }
  /// Some patterns were left ungrouped, because there are too many.
  bool is_cut_short() const noexcept { return is_cut_short_; }

 private:
  void find_columns();
  std::vector<reach_pattern> rows() const;

  const reach_table& table_;
  std::vector<reach_pattern> columns_;
  std::vector<std::vector<std::size_t>> members_;
  std::vector<bool> free_;
  std::vector<std::size_t> row_groups_;
  std::vector<std::size_t> column_groups_;
  bool is_cut_short_ = false;
};

/// The members of each group, ascending.
std::vector<std::vector<std::size_t>> members_of(const std::vector<std::size_t>& groups);

}  // namespace netscan::detail
