#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "html_text.hpp"
#include "page_sections.hpp"

namespace netscan::detail {
namespace {

constexpr std::size_t most_drawn_columns = 60;
constexpr std::size_t most_drawn_rows = 250;
constexpr std::size_t most_told_cuts = 200;
constexpr int cell_step = 22;     // of a cell, with the gap to the next
constexpr int cell_side = 20;     // of a cell
constexpr int names_height = 20;  // above the cells, for the groups' names
constexpr int letter_width = 7;   // the width of one, at least, in the font of the names
constexpr std::size_t longest_drawn_name = 24;

struct cell_kind {
  std::string_view css;
  std::string_view words;
  std::string_view mark;  // in a cell of 20 x 20, as page.js draws it
};

/// In the order of page_reach.
constexpr std::array<cell_kind, 5> cell_kinds = {{
    {"open", "reached", "M5.5 10.5l3.2 3.2 6-7"},
    {"silent", "cut: silent", "M9.9 10h.2"},
    {"rejected", "cut: rejected, or an ICMP error", "M6 6l8 8M14 6l-8 8"},
    {"nobody", "cut: nobody found at the address", "M10 5.8a4.2 4.2 0 1 0 .01 0z"},
    {"not-asked", "unknown", ""},
}};

const cell_kind& kind_of(page_reach what) {
  return cell_kinds[static_cast<std::size_t>(what)];
}

std::string shortened(const std::string& name) {
  if (name.size() <= longest_drawn_name) return name;
  std::size_t end = longest_drawn_name - 3;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0U) == 0x80) --end;
  return name.substr(0, end) + "...";
}

/// The picture: one path for all cells of a kind, and one for their marks, so that thousands of
/// cells are few elements.
class heat_map {
 public:
  explicit heat_map(const page_matrix& matrix)
      : matrix_(matrix),
        rows_(std::min(matrix.rows.size(), most_drawn_rows)),
        columns_(std::min(matrix.groups.size(), most_drawn_columns)) {
    std::size_t longest = 0;
    for (std::size_t row = 0; row < rows_; ++row) {
      longest = std::max(longest, shortened(matrix.rows[row].vantage).size());
    }
    left_ = static_cast<int>(longest) * letter_width + 8;
  }

  std::string svg() const {
    const int width = left_ + static_cast<int>(columns_) * cell_step;
    const int height = names_height + static_cast<int>(rows_) * cell_step;
    std::string svg = fmt::format(
        "<svg class=\"heat\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
        "aria-label=\"Heat map: {2}. The table below has the same.\">",
        width, height, html_text(matrix_.summary));
    auto out = std::back_inserter(svg);
    for (std::size_t column = 0; column < columns_; ++column) {
      fmt::format_to(out, "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">T{}</text>",
                     x_of(column) + cell_side / 2, names_height - 6, column + 1);
    }
    for (std::size_t row = 0; row < rows_; ++row) {
      fmt::format_to(out, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>", left_ - 6,
                     y_of(row) + 14, html_text(shortened(matrix_.rows[row].vantage)));
    }
    for (const cell_kind& kind : cell_kinds) svg += cells(kind);
    return svg + "</svg>\n";
  }

  /// Nothing, or that there is more than is drawn.
  std::string rest() const {
    if (rows_ == matrix_.rows.size() && columns_ == matrix_.groups.size()) return "";
    return fmt::format(
        "<p>Drawn are {} of {} vantages and {} of {} groups of endpoints; `netscan compare "
        "--matrix "
        "--format json` has all.</p>\n",
        rows_, matrix_.rows.size(), columns_, matrix_.groups.size());
  }

  std::string table() const {
    std::string html =
        "<details><summary>The same as a table</summary><div class=\"wide\" tabindex=\"0\" "
        "role=\"region\" aria-label=\"Table of who reaches what\"><table id=\"matrix-table\">"
        "<caption>Who reaches which group of endpoints</caption><thead><tr>"
        "<th scope=\"col\">From</th>";
    auto out = std::back_inserter(html);
    for (std::size_t column = 0; column < columns_; ++column) {
      fmt::format_to(out, "<th scope=\"col\">T{}</th>", column + 1);
    }
    html += "</tr></thead><tbody>\n";
    for (std::size_t row = 0; row < rows_; ++row) {
      fmt::format_to(out, "<tr><th scope=\"row\">{}</th>", html_text(matrix_.rows[row].vantage));
      for (std::size_t column = 0; column < columns_; ++column) {
        fmt::format_to(out, "<td>{}</td>", kind_of(matrix_.rows[row].cells[column]).words);
      }
      html += "</tr>\n";
    }
    return html + "</tbody></table></div></details>\n";
  }

  std::string groups() const {
    std::string html = "<dl class=\"groups\">";
    for (std::size_t column = 0; column < columns_; ++column) {
      fmt::format_to(std::back_inserter(html), "<dt>T{}</dt><dd>{}</dd>", column + 1,
                     html_text(matrix_.groups[column]));
    }
    return html + "</dl>\n";
  }

 private:
  int x_of(std::size_t column) const { return left_ + static_cast<int>(column) * cell_step; }
  static int y_of(std::size_t row) { return names_height + static_cast<int>(row) * cell_step; }

  std::string cells(const cell_kind& kind) const {
    std::string squares;
    std::string marks;
    for (std::size_t row = 0; row < rows_; ++row) {
      for (std::size_t column = 0; column < columns_; ++column) {
        if (&kind_of(matrix_.rows[row].cells[column]) != &kind) continue;
        fmt::format_to(std::back_inserter(squares), "M{} {}h{side}v{side}h-{side}z", x_of(column),
                       y_of(row), fmt::arg("side", cell_side));
        // A mark begins with an absolute step; moved, it is the same figure elsewhere.
        marks += moved(kind.mark, x_of(column), y_of(row));
      }
    }
    if (squares.empty()) return "";
    std::string svg = fmt::format("<path class=\"cell {}\" d=\"{}\"/>", kind.css, squares);
    if (!marks.empty()) svg += fmt::format("<path class=\"glyph {}\" d=\"{}\"/>", kind.css, marks);
    return svg;
  }

  /// The path with each of its absolute steps (`M6 6`) moved.
  static std::string moved(std::string_view path, int x, int y) {
    std::string text;
    while (!path.empty()) {
      const std::size_t gap = path.find(' ');
      std::size_t end = path.find_first_not_of("0123456789.", gap + 1);
      if (end == path.npos) end = path.size();
      const std::size_t next = std::min(path.find('M', end), path.size());
      fmt::format_to(std::back_inserter(text), "M{:g} {:g}{}",
                     x + std::stod(std::string(path.substr(1, gap - 1))),
                     y + std::stod(std::string(path.substr(gap + 1, end - gap - 1))),
                     path.substr(end, next - end));
      path.remove_prefix(next);
    }
    return text;
  }

  const page_matrix& matrix_;
  std::size_t rows_;
  std::size_t columns_;
  int left_ = 0;
};

std::string legend() {
  std::string html = "<ul class=\"legend\">";
  for (const cell_kind& kind : cell_kinds) {
    fmt::format_to(std::back_inserter(html),
                   "<li><svg class=\"key\" viewBox=\"0 0 20 20\" aria-hidden=\"true\"><rect "
                   "class=\"cell {0}\" width=\"20\" height=\"20\"/><path class=\"glyph {0}\" "
                   "d=\"{1}\"/></svg>{2}</li>",
                   kind.css, kind.mark, kind.words);
  }
  return html + "</ul>\n";
}

bool is_anything_reached(const page_matrix& matrix) {
  return std::any_of(matrix.rows.begin(), matrix.rows.end(), [](const page_matrix_row& row) {
    return std::find(row.cells.begin(), row.cells.end(), page_reach::reached) != row.cells.end();
  });
}

std::string cuts_table(const page_matrix& matrix) {
  const std::vector<page_cut>& cuts = matrix.cuts;
  if (cuts.empty()) {
    // Where nothing is known, nobody is known to reach anything either.
    return is_anything_reached(matrix) ? "<p>Nobody is cut off from anything.</p>\n" : "";
  }
  std::string html =
      "<div class=\"wide\"><table class=\"stacked\" id=\"cut-table\"><caption>What explains it, "
      "smallest first; the numbers are pairs of a vantage and an endpoint</caption><thead><tr>"
      "<th scope=\"col\">Endpoints</th><th scope=\"col\">Explanation</th></tr></thead><tbody>\n";
  for (std::size_t i = 0; i < std::min(cuts.size(), most_told_cuts); ++i) {
    fmt::format_to(std::back_inserter(html),
                   "<tr><td data-label=\"Endpoints\">{}</td>"
                   "<td data-label=\"Explanation\">{}</td></tr>\n",
                   html_text(cuts[i].endpoints), html_text(cuts[i].sentence));
  }
  html += "</tbody></table></div>\n";
  if (cuts.size() > most_told_cuts) {
    html += fmt::format("<p>{} more are not shown.</p>\n", cuts.size() - most_told_cuts);
  }
  return html;
}

}  // namespace

std::string matrix_section(const page_matrix& matrix) {
  if (matrix.rows.empty() || matrix.groups.empty()) return "";
  const heat_map map(matrix);
  // What explains it comes first: the picture of many vantages is long.
  return fmt::format(
             "<section aria-labelledby=\"matrix\"><h2 id=\"matrix\">Who reaches what</h2>\n"
             "<p>{}.</p>\n",
             html_text(matrix.summary)) +
         cuts_table(matrix) +
         "<p>A column is endpoints that are reached from the same vantages; a cell shows what was "
         "met there most often.</p>\n" +
         legend() + "<div class=\"wide\">" + map.svg() + "</div>\n" + map.rest() + map.groups() +
         map.table() + "</section>\n";
}

}  // namespace netscan::detail
