#include "help_footer.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string_view>
#include <utility>

namespace netscan::cli {
namespace {

constexpr std::string_view examples_title = "Examples:";
constexpr std::string_view exit_codes_title = "Exit codes:";

using paragraph_lines = std::vector<std::string>;

std::vector<paragraph_lines> paragraphs_of(const std::string& text) {
  std::vector<paragraph_lines> paragraphs(1);
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) {
      paragraphs.back().push_back(line);
    } else if (!paragraphs.back().empty()) {
      paragraphs.emplace_back();
    }
  }
  if (paragraphs.back().empty()) paragraphs.pop_back();
  return paragraphs;
}

std::string joined(const paragraph_lines& lines) {
  std::string text;
  for (const std::string& line : lines) {
    if (!text.empty()) text += ' ';
    text += line;
  }
  return text;
}

bool is_indented(const std::string& line) {
  return line.starts_with("  ");
}

paragraph_lines without_indent(paragraph_lines lines) {
  for (std::string& line : lines) {
    if (is_indented(line)) line.erase(0, 2);
  }
  return lines;
}

/// Where `; 1 they differ` begins, after `from`.
std::size_t next_code(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find("; ", from); at != text.npos; at = text.find("; ", at + 1)) {
    if (at + 2 < text.size() && std::isdigit(static_cast<unsigned char>(text[at + 2])) != 0) {
      return at;
    }
  }
  return text.npos;
}

/// `0 yes; 1 no; 130 interrupted. And a note.`
void read_exit_codes(std::string text, help_footer& result) {
  const std::size_t end = text.find(". ");
  if (end != text.npos) {
    result.exit_note = text.substr(end + 2);
    text.erase(end);
  } else if (text.ends_with('.')) {
    text.pop_back();
  }
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t next = std::min(next_code(text, begin), text.size());
    result.exit_codes.push_back(text.substr(begin, next - begin));
    begin = next + 2;
  }
}

}  // namespace

help_footer parse_footer(const std::string& footer) {
  help_footer result;
  for (paragraph_lines& lines : paragraphs_of(footer)) {
    if (lines.front() == examples_title) {
      lines.erase(lines.begin());
      result.examples = without_indent(std::move(lines));
    } else if (lines.front().starts_with(exit_codes_title)) {
      read_exit_codes(joined(lines).substr(exit_codes_title.size() + 1), result);
    } else if (std::all_of(lines.begin(), lines.end(), is_indented)) {
      result.notes.push_back({without_indent(std::move(lines)), true});
    } else {
      result.notes.push_back({{joined(lines)}, false});
    }
  }
  return result;
}

}  // namespace netscan::cli
