#include <fmt/format.h>

#include <algorithm>

#include "netscan/diagnose/reachability_output.hpp"
#include "report/painted_state.hpp"
#include "report/wrapped_text.hpp"
#include "view.hpp"

namespace netscan {
namespace {

constexpr std::size_t most_rows = 40;
constexpr std::size_t most_cuts = 20;
constexpr std::size_t most_blocks = 6;
constexpr std::size_t column_width = 5;

/// A sentence below a number or a name, in lines that all begin at its column.
std::string hanging(std::string_view head, std::size_t column, std::string_view words,
                    std::size_t width) {
  const std::string indent(column, ' ');
  detail::wrapped_text lines(std::max(width, column + 20), "", " ", indent);
  std::string first(head);
  first.resize(std::max(column, first.size()), ' ');
  lines.begin_with(first);
  lines.add_words(words);
  return lines.text();
}

class matrix_text {
 public:
  matrix_text(const reachability& matrix, const comparison_text_options& options)
      : matrix_(matrix), options_(options) {}

  std::string write() && {
    text_ = detail::wrap_words(
        fmt::format("Who reaches what, {} vantages x {} endpoint{}: {} reached, {} cut, {} unknown",
                    matrix_.vantages.size(), matrix_.endpoints, matrix_.endpoints == 1 ? "" : "s",
                    matrix_.reached, matrix_.cut_off, matrix_.unknown),
        options_.width);
    text_ += '\n';
    put_table();
    put_targets();
    put_cuts();
    put_blind();
    return std::move(text_);
  }

 private:
  std::string names_of(const std::vector<std::size_t>& vantages) const {
    std::vector<std::string> names;
    names.reserve(vantages.size());
    for (const std::size_t vantage : vantages) names.push_back(matrix_.vantages[vantage]);
    return detail::listed(names);
  }

  void put_table() {
    const std::size_t rows = std::min(matrix_.vantage_groups.size(), most_rows);
    std::size_t label_width = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      label_width =
          std::max(label_width, detail::columns_of(names_of(matrix_.vantage_groups[row])));
    }
    const std::size_t room =
        options_.width > label_width + 2 ? options_.width - label_width - 2 : 0;
    shown_ = std::clamp<std::size_t>(room / column_width, 1, matrix_.target_groups.size());
    std::string line(label_width + 2, ' ');
    for (std::size_t i = 0; i < shown_; ++i)
      line += fmt::format("{:<5}", fmt::format("T{}", i + 1));
    put_trimmed(std::move(line));
    for (std::size_t row = 0; row < rows; ++row) {
      put_row(matrix_.vantage_groups[row], label_width);
    }
    if (rows < matrix_.vantage_groups.size()) {
      text_ +=
          fmt::format("and {} more groups of vantages\n", matrix_.vantage_groups.size() - rows);
    }
  }

  void put_row(const std::vector<std::size_t>& vantages, std::size_t label_width) {
    std::string line = names_of(vantages);
    line.append(label_width + 2 - detail::columns_of(line), ' ');
    for (std::size_t i = 0; i < shown_; ++i) {
      line += mark_of(vantages, i);
      line.append(column_width - 1, ' ');
    }
    put_trimmed(std::move(line));
  }

  /// What is known of the group's pairs, which is all the same.
  std::string mark_of(const std::vector<std::size_t>& vantages, std::size_t group) const {
    for (const std::size_t vantage : vantages) {
      const reach what = matrix_.cells[vantage][group].what;
      if (what == reach::unknown) continue;
      const std::string_view mark = what == reach::reached ? "+" : "-";
      if (!options_.colour) return std::string(mark);
      return detail::painted_state(
          mark, what == reach::reached ? probe_state::open : probe_state::filtered);
    }
    return "?";
  }

  void put_trimmed(std::string line) {
    line.resize(line.find_last_not_of(' ') + 1);
    text_ += line + '\n';
  }

  void put_targets() {
    text_ += '\n';
    for (std::size_t i = 0; i < shown_; ++i) {
      const target_group& group = matrix_.target_groups[i];
      text_ += hanging(fmt::format("  T{}", i + 1), 6, to_string(group.blocks, most_blocks),
                       options_.width);
    }
    if (shown_ < matrix_.target_groups.size()) {
      text_ += fmt::format("  and {} more groups of endpoints; --format json has them\n",
                           matrix_.target_groups.size() - shown_);
    }
  }

  void put_cuts() {
    const std::size_t shown =
        options_.all ? matrix_.cuts.size() : std::min(matrix_.cuts.size(), most_cuts);
    for (std::size_t i = 0; i < shown; ++i) {
      const cut& one = matrix_.cuts[i];
      text_ += '\n';
      text_ +=
          hanging(fmt::format("{}.", i + 1), 4, to_string(one.blocks, most_blocks), options_.width);
      text_ += hanging("", 4, one.sentence, options_.width);
    }
    if (shown < matrix_.cuts.size()) {
      text_ += fmt::format("\n{} more cuts; --all shows them.\n", matrix_.cuts.size() - shown);
    }
    // Where nothing is known, nobody is known to reach anything either.
    if (matrix_.cuts.empty() && matrix_.reached != 0) {
      text_ += "\nNobody is cut off from anything.\n";
    }
  }

  void put_blind() {
    if (matrix_.blind.empty()) return;
    text_ +=
        '\n' + detail::wrap_words(fmt::format("Nothing is known from {}.", names_of(matrix_.blind)),
                                  options_.width);
  }

  const reachability& matrix_;
  const comparison_text_options& options_;
  std::size_t shown_ = 0;
  std::string text_;
};

}  // namespace

std::string to_string(const std::vector<endpoint_block>& blocks, std::size_t most) {
  const std::size_t shown = blocks.size() > most ? most - 1 : blocks.size();
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    text += (i == 0 ? "" : ", ") + to_string(blocks[i]);
  }
  std::uint64_t left = 0;
  for (std::size_t i = shown; i < blocks.size(); ++i) {
    left += (absl::Uint128Low64(blocks[i].addresses.span()) + 1) * blocks[i].ports.size();
  }
  if (left != 0) text += fmt::format(" and {} more", left);
  return text;
}

std::string reachability_text(const reachability& matrix, const comparison_text_options& options) {
  return matrix_text(matrix, options).write();
}

}  // namespace netscan
