#include "config_source.hpp"

#include <algorithm>

#include "netscan/target/status.hpp"
#include "report/yaml_parse.hpp"
#include "report/yaml_span.hpp"

namespace netscan::detail {
namespace {

/// How far the file's lines are indented beyond the text's: by the first one that is not blank.
std::size_t indentation(std::string_view file, std::size_t lines, std::string_view text) {
  std::size_t in_file = lines;
  for (std::size_t line = 0; line < text.size(); line = next_line(text, line)) {
    const std::size_t length = line_end(text, line) - line;
    if (length > 0) return line_end(file, in_file) - in_file - length;
    in_file = next_line(file, in_file);
  }
  return 0;
}

/// Where the text's byte is in the file. The beginning of a line is that of the file's line, before
/// the indentation.
std::size_t file_offset(const config_source& source, std::size_t offset) {
  if (!source.embedded) return offset;
  const config_source::embedding& embedded = *source.embedded;
  if (!embedded.literal) return embedded.offset;
  std::size_t in_file = embedded.lines;
  for (std::size_t line = line_number(source.text, offset); line > 1; --line) {
    in_file = next_line(embedded.file, in_file);
  }
  const std::size_t in_line = offset - line_begin(source.text, offset);
  if (in_line == 0) return in_file;
  return std::min(in_file + embedded.indent + in_line, line_end(embedded.file, in_file));
}

/// An edit's text as lines of the block: those that begin in it get the indentation.
std::string block_text(const config_source& source, const text_edit& edit) {
  const config_source::embedding& embedded = *source.embedded;
  std::string text;
  bool begins = line_begin(source.text, edit.offset) == edit.offset;
  for (const char c : edit.text) {
    if (begins && c != '\n') text += std::string(embedded.indent, ' ');
    begins = c == '\n';
    text += c;
  }
  return with_line_break(text, line_break(embedded.file));
}

}  // namespace

absl::StatusOr<config_source> embedded_source(std::string_view file, const yaml_node& scalar) {
  config_source source;
  source.text = scalar.value;
  auto documents = parse_yaml(source.text);
  if (!documents.ok()) {
    return invalid_argument("{}: in the text there, {}", place(file, scalar.offset),
                            message_of(documents.status()));
  }
  source.documents = *std::move(documents);
  config_source::embedding embedded;
  embedded.file = file;
  embedded.offset = content_begin(file, scalar);
  embedded.literal = file[embedded.offset] == '|';
  embedded.lines = next_line(file, embedded.offset);
  if (embedded.literal) embedded.indent = indentation(file, embedded.lines, source.text);
  source.embedded = std::move(embedded);
  return source;
}

std::string place_in_file(const config_source& source, std::size_t offset) {
  if (!source.embedded) return place(source.text, offset);
  std::size_t in_file = file_offset(source, offset);
  const bool begins_line = line_begin(source.text, offset) == offset;
  if (source.embedded->literal && begins_line) in_file += source.embedded->indent;
  return place(source.embedded->file, in_file);
}

std::size_t line_in_file(const config_source& source, std::size_t offset) {
  return line_number(source.embedded ? source.embedded->file : source.text,
                     file_offset(source, offset));
}

std::optional<std::string> apply_to_file(const config_source& source,
                                         const std::vector<text_edit>& edits) {
  if (!source.embedded) return apply_edits(source.text, edits);
  if (!source.embedded->literal) return std::nullopt;
  std::vector<text_edit> in_file;
  for (const text_edit& edit : edits) {
    const std::size_t begin = file_offset(source, edit.offset);
    const std::size_t end = file_offset(source, edit.offset + edit.length);
    in_file.push_back({begin, end - begin, block_text(source, edit)});
  }
  return apply_edits(source.embedded->file, in_file);
}

}  // namespace netscan::detail
