#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace netscan::detail {

/// `length` bytes from `offset` on give way to `text`.
struct text_edit {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string text;
};

/// `edits` are of the same text, disjoint, and in its order.
std::string apply_edits(std::string_view text, const std::vector<text_edit>& edits);

/// Lines end with LF or CR LF. The beginning of the line that `offset` is in.
std::size_t line_begin(std::string_view text, std::size_t offset);
/// Its end, before the line break.
std::size_t line_end(std::string_view text, std::size_t offset);
/// The beginning of the next line, or the end of the text.
std::size_t next_line(std::string_view text, std::size_t offset);
/// The distance from the beginning of the line, in bytes; a byte order mark does not count.
std::size_t column(std::string_view text, std::size_t offset);
/// Whether there is nothing but spaces and tabs from `offset` to the end of the line, or a comment.
bool is_blank_or_comment(std::string_view text, std::size_t offset);
/// As the first line of the text ends: "\n" or "\r\n".
std::string_view line_break(std::string_view text);

/// Where a file's content begins: behind a byte order mark.
std::size_t content_offset(std::string_view text);
/// Each of `lines`, which end with "\n", behind so many spaces.
std::string indented(std::string_view lines, std::size_t column);
/// The same lines with another line break.
std::string with_line_break(std::string_view lines, std::string_view line_break);

/// An edit that adds lines behind the one that `offset` is in. `lines` end with "\n" each; they get
/// the file's line ends, and like the file none at the end when its last line has none.
text_edit add_lines_behind(std::string_view text, std::size_t offset, std::string_view lines);

}  // namespace netscan::detail
