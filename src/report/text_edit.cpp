#include "text_edit.hpp"

#include <algorithm>

namespace netscan::detail {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

std::string apply_edits(std::string_view text, const std::vector<text_edit>& edits) {
  std::string result;
  std::size_t done = 0;
  for (const text_edit& edit : edits) {
    result += text.substr(done, edit.offset - done);
    result += edit.text;
    done = edit.offset + edit.length;
  }
  return result += text.substr(done);
}

std::size_t line_begin(std::string_view text, std::size_t offset) {
  return text.substr(0, offset).rfind('\n') + 1;
}

std::size_t line_end(std::string_view text, std::size_t offset) {
  const std::size_t end = std::min(text.find('\n', offset), text.size());
  return end > offset && end < text.size() && text[end - 1] == '\r' ? end - 1 : end;
}

std::size_t next_line(std::string_view text, std::size_t offset) {
  const std::size_t end = text.find('\n', offset);
  return end == text.npos ? text.size() : end + 1;
}

std::size_t column(std::string_view text, std::size_t offset) {
  const std::size_t begin = std::max(line_begin(text, offset), content_offset(text));
  return offset - std::min(offset, begin);
}

bool is_blank_or_comment(std::string_view text, std::size_t offset) {
  const std::string_view rest = text.substr(offset, line_end(text, offset) - offset);
  const std::size_t content = rest.find_first_not_of(" \t");
  if (content == rest.npos) return true;
  // A '#' that follows something else directly is no comment.
  const bool separated = content > 0 || offset == line_begin(text, offset);
  return rest[content] == '#' && separated;
}

std::string_view line_break(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end != text.npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

std::size_t content_offset(std::string_view text) {
  return text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
}

std::string indented(std::string_view lines, std::size_t column) {
  std::string text;
  while (!lines.empty()) {
    const std::size_t next = next_line(lines, 0);
    text += std::string(column, ' ');
    text += lines.substr(0, next);
    lines.remove_prefix(next);
  }
  return text;
}

std::string with_line_break(std::string_view lines, std::string_view line_break) {
  std::string text;
  for (const char c : lines) {
    if (c == '\n') {
      text += line_break;
    } else {
      text += c;
    }
  }
  return text;
}

text_edit add_lines_behind(std::string_view text, std::size_t offset, std::string_view lines) {
  const std::string_view end = line_break(text);
  const std::size_t place = next_line(text, offset);
  const bool open_line = place > 0 && text[place - 1] != '\n';
  std::string added = with_line_break(lines, end);
  if (open_line) added = std::string(end) + added.substr(0, added.size() - end.size());
  return {.offset = place, .length = 0, .text = std::move(added)};
}

}  // namespace netscan::detail
