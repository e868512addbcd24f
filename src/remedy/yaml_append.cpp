#include "yaml_append.hpp"

#include "report/yaml_span.hpp"

namespace netscan::detail {
namespace {

/// Where the last child of a collection begins, and behind its end.
struct child_span {
  std::size_t begin;
  std::size_t end;
};

std::optional<child_span> last_child(std::string_view text, const yaml_node& collection) {
  const std::size_t last = collection.children.size() - 1;
  if (collection.kind == yaml_kind::mapping) {
    const auto end = value_end(text, collection, last);
    if (!end) return std::nullopt;
    return child_span{collection.children[last - 1].offset, *end};
  }
  const yaml_node& item = collection.children[last];
  const auto end = node_end(text, item, item.offset);
  if (item.kind == yaml_kind::null || !end) return std::nullopt;
  return child_span{item.offset, *end};
}

std::string joined(const std::vector<std::string>& entries, std::string_view separator) {
  std::string text;
  for (const std::string& entry : entries) {
    if (!text.empty()) text += separator;
    text += entry;
  }
  return text;
}

/// The comma behind a child. Behind a value that is not written a space stays before it: in `a:,`
/// go-yaml takes the colon for a part of the key, and in `a: ,` not.
std::string_view comma_behind(std::string_view text, std::size_t end) {
  const bool spaced = end < text.size() && (text[end] == ' ' || text[end] == '\n');
  return text[end - 1] == ':' && spaced ? " ," : ",";
}

bool begins_its_line(std::string_view text, std::size_t offset) {
  return text.find_first_not_of(" \t", line_begin(text, offset)) == offset;
}

/// Each entry on a line of its own, behind a last one that has its own too.
std::vector<text_edit> append_lines(std::string_view text, const child_span& last,
                                    const std::vector<std::string>& entries) {
  const std::size_t begin = line_begin(text, last.begin);
  const std::string separator =
      std::string(line_break(text)) + std::string(text.substr(begin, last.begin - begin));
  const std::size_t comma = text.find_first_not_of(" \t", last.end);
  const bool has_comma = comma < text.size() && text[comma] == ',';
  const std::size_t end = has_comma ? comma + 1 : last.end;
  const std::string added = separator + joined(entries, "," + separator) + (has_comma ? "," : "");
  // A comment stays on its line, and so the comma comes before it.
  const std::string separating(has_comma ? "" : comma_behind(text, end));
  if (!is_blank_or_comment(text, end)) return {{end, 0, separating + added}};
  std::vector<text_edit> edits;
  if (!has_comma) edits.push_back({end, 0, separating});
  edits.push_back({line_end(text, end), 0, added});
  return edits;
}

}  // namespace

append_result append_to_block(std::string_view text, const yaml_node& collection,
                              std::string_view lines) {
  const auto end = node_end(text, collection, collection.offset);
  if (!end || *end == 0) return std::nullopt;
  const std::string added = indented(lines, block_column(text, collection));
  // A block scalar ends behind its line break, anything else before one.
  const bool behind_break = text[*end - 1] == '\n';
  if (!behind_break && !is_blank_or_comment(text, *end)) return std::nullopt;
  return std::vector<text_edit>{add_lines_behind(text, behind_break ? *end - 1 : *end, added)};
}

append_result prepend_to_block(std::string_view text, const yaml_node& mapping,
                               std::string_view lines) {
  const std::size_t begin = content_begin(text, mapping);
  const std::size_t indent = block_column(text, mapping);
  // The first line stands where the first key did, which moves behind the last.
  const std::string added = indented(lines, indent).substr(indent) + std::string(indent, ' ');
  return std::vector<text_edit>{{begin, 0, with_line_break(added, line_break(text))}};
}

append_result append_to_flow(std::string_view text, const yaml_node& collection,
                             const std::vector<std::string>& entries) {
  const std::size_t begin = content_begin(text, collection);
  if (begin >= text.size() || (text[begin] != '[' && text[begin] != '{')) return std::nullopt;
  if (collection.children.empty()) {
    const bool comment = begin + 1 < text.size() && text[begin + 1] == '#';
    return std::vector<text_edit>{{begin + 1, 0, joined(entries, ", ") + (comment ? " " : "")}};
  }
  const auto last = last_child(text, collection);
  if (!last) return std::nullopt;
  if (begins_its_line(text, last->begin)) return append_lines(text, *last, entries);
  return std::vector<text_edit>{
      {last->end, 0, std::string(comma_behind(text, last->end)) + " " + joined(entries, ", ")}};
}

append_result fill_block(std::string_view text, const yaml_node& mapping, std::size_t key,
                         std::string_view lines, std::size_t indent) {
  const auto behind = behind_colon(text, mapping, key);
  const auto end = value_end(text, mapping, key + 1);
  // On another line a comment may be between.
  if (!behind || !end || *end > line_end(text, *behind)) return std::nullopt;
  if (!is_blank_or_comment(text, *end)) return std::nullopt;
  const std::size_t from = column(text, mapping.children[key].offset) + indent;
  return std::vector<text_edit>{{*behind, *end - *behind, ""},
                                add_lines_behind(text, *end, indented(lines, from))};
}

}  // namespace netscan::detail
