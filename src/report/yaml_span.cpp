#include "yaml_span.hpp"

#include <algorithm>
#include <array>

#include "text_edit.hpp"

namespace netscan::detail {
namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view flow_indicators = ",[]{}";

bool is_blank(char c) {
  return blanks.find(c) != blanks.npos;
}

/// Behind blanks, line breaks and comments, and behind one ',' when `comma` allows it.
std::size_t skip_gap(std::string_view text, std::size_t offset, bool comma = false) {
  while (offset < text.size()) {
    if (is_blank(text[offset])) {
      ++offset;
    } else if (text[offset] == '#' && (offset == 0 || is_blank(text[offset - 1]) ||
                                       flow_indicators.find(text[offset - 1]) != text.npos)) {
      offset = line_end(text, offset);
    } else if (text[offset] == ',' && comma) {
      comma = false;
      ++offset;
    } else {
      break;
    }
  }
  return offset;
}

/// Behind a tag, anchor or alias: they end at a blank, anchors and aliases in brackets also at one
/// of the brackets' indicators.
std::size_t word_end(std::string_view text, std::size_t offset) {
  const bool tag = offset < text.size() && text[offset] == '!';
  while (offset < text.size() && !is_blank(text[offset]) &&
         (tag || flow_indicators.find(text[offset]) == flow_indicators.npos)) {
    ++offset;
  }
  return offset;
}

std::optional<std::size_t> double_quoted_end(std::string_view text, std::size_t offset) {
  for (std::size_t i = offset + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> single_quoted_end(std::string_view text, std::size_t offset) {
  for (std::size_t i = offset + 1; i < text.size(); ++i) {
    if (text[i] != '\'') continue;
    if (i + 1 == text.size() || text[i + 1] != '\'') return i + 1;
    ++i;
  }
  return std::nullopt;
}

/// A plain scalar is its value but for the blanks: at line breaks they are folded.
std::optional<std::size_t> plain_end(std::string_view text, std::size_t offset,
                                     std::string_view value) {
  for (const char c : value) {
    if (is_blank(c)) continue;
    while (offset < text.size() && is_blank(text[offset])) ++offset;
    if (offset == text.size() || text[offset] != c) return std::nullopt;
    ++offset;
  }
  return offset;
}

/// The lines of a block scalar are those that are indented more than `parent`, the column of what
/// it stands in, and blank ones between them. Blank ones behind count when they are kept (`|+`).
std::size_t block_scalar_end(std::string_view text, std::size_t offset, std::size_t parent,
                             bool in_collection) {
  const std::string_view header = text.substr(offset, line_end(text, offset) - offset);
  const bool keep = header.substr(0, header.find_first_of(" \t#")).find('+') != header.npos;
  std::size_t end = next_line(text, offset);
  for (std::size_t line = end; line < text.size(); line = next_line(text, line)) {
    const std::size_t stop = line_end(text, line);
    const std::size_t content = std::min(text.find_first_not_of(' ', line), stop);
    if (content == stop) {
      if (keep) end = next_line(text, line);
      continue;
    }
    if (in_collection && content - line <= parent) break;
    if (text.substr(line).starts_with("---") || text.substr(line).starts_with("...")) break;
    end = next_line(text, line);
  }
  return end;
}

std::size_t null_end(std::string_view text, std::size_t behind) {
  constexpr std::array<std::string_view, 4> words = {"null", "Null", "NULL", "~"};
  const std::size_t begin = skip_gap(text, behind);
  for (const std::string_view word : words) {
    if (!text.substr(begin).starts_with(word)) continue;
    const std::size_t end = begin + word.size();
    const bool ends = end == text.size() || is_blank(text[end]) ||
                      flow_indicators.find(text[end]) != flow_indicators.npos;
    // The key of the next pair may be called null.
    const std::size_t next = skip_gap(text, end);
    const bool is_key = next < text.size() && text[next] == ':' && next < line_end(text, end);
    if (ends && !is_key) return end;
  }
  return behind;
}

std::optional<std::size_t> scalar_end(std::string_view text, const yaml_node& node,
                                      const yaml_node* parent) {
  const std::size_t begin = content_begin(text, node);
  if (begin >= text.size()) return node.value.empty() ? std::optional(begin) : std::nullopt;
  if (node.plain || node.value.empty()) {
    if (text[begin] != '"' && text[begin] != '\'' && text[begin] != '|' && text[begin] != '>') {
      return plain_end(text, begin, node.value);
    }
  }
  switch (text[begin]) {
    case '"':
    case '\'':
      return quoted_end(text, begin);
    case '|':
    case '>':
      return block_scalar_end(text, begin, parent ? block_column(text, *parent) : 0,
                              parent != nullptr);
    default:
      return plain_end(text, begin, node.value);
  }
}

std::optional<std::size_t> end_of(std::string_view text, const yaml_node& node,
                                  const yaml_node* parent, std::size_t behind);

/// Items that are not written have no place of their own: each has a dash or comma behind the one
/// before.
std::optional<std::size_t> last_item_end(std::string_view text, const yaml_node& sequence) {
  std::size_t written = sequence.children.size();
  while (written > 0 && sequence.children[written - 1].kind == yaml_kind::null) --written;
  std::optional<std::size_t> end = content_begin(text, sequence) + (sequence.flow ? 1 : 0);
  if (written > 0) end = end_of(text, sequence.children[written - 1], &sequence, 0);
  for (std::size_t i = written; i < sequence.children.size() && end; ++i) {
    std::size_t behind = skip_gap(text, *end, sequence.flow);
    if (!sequence.flow) {
      if (behind == text.size() || text[behind] != '-') return std::nullopt;
      ++behind;
    }
    end = end_of(text, sequence.children[i], &sequence, behind);
  }
  return end;
}

std::optional<std::size_t> last_child_end(std::string_view text, const yaml_node& collection) {
  if (collection.kind == yaml_kind::sequence) return last_item_end(text, collection);
  return value_end(text, collection, collection.children.size() - 1);
}

std::optional<std::size_t> collection_end(std::string_view text, const yaml_node& node) {
  const std::size_t begin = content_begin(text, node);
  if (begin >= text.size()) return std::nullopt;
  const bool brackets = node.flow && (text[begin] == '{' || text[begin] == '[');
  if (node.children.empty() && !brackets) return std::nullopt;
  const auto last = node.children.empty() ? begin + 1 : last_child_end(text, node);
  if (!last || !brackets) return last;
  const std::size_t end = skip_gap(text, *last, true);
  const char closing = text[begin] == '{' ? '}' : ']';
  if (end >= text.size() || text[end] != closing) return std::nullopt;
  return end + 1;
}

std::optional<std::size_t> end_of(std::string_view text, const yaml_node& node,
                                  const yaml_node* parent, std::size_t behind) {
  switch (node.kind) {
    case yaml_kind::null:
      if (node.anchor != 0 || !node.tag.empty()) behind = content_begin(text, node);
      return null_end(text, behind);
    case yaml_kind::alias:
      return word_end(text, node.offset);
    case yaml_kind::scalar:
      return scalar_end(text, node, parent);
    case yaml_kind::sequence:
    case yaml_kind::mapping:
      return collection_end(text, node);
  }
  return std::nullopt;
}

}  // namespace

std::size_t content_begin(std::string_view text, const yaml_node& node) {
  std::size_t offset = node.offset;
  if (node.anchor == 0 && node.tag.empty() && node.plain) return offset;
  while (offset < text.size() && (text[offset] == '!' || text[offset] == '&')) {
    // A mapping without properties may begin with a key that has some.
    if (node.kind == yaml_kind::mapping && node.anchor == 0 && node.tag.empty()) break;
    offset = skip_gap(text, word_end(text, offset));
  }
  return offset;
}

std::optional<std::size_t> quoted_end(std::string_view text, std::size_t begin) {
  return text[begin] == '"' ? double_quoted_end(text, begin) : single_quoted_end(text, begin);
}

std::size_t block_column(std::string_view text, const yaml_node& collection) {
  return column(text, content_begin(text, collection));
}

std::optional<std::size_t> node_end(std::string_view text, const yaml_node& node,
                                    std::size_t behind) {
  return end_of(text, node, nullptr, behind);
}

std::optional<std::size_t> behind_colon(std::string_view text, const yaml_node& mapping,
                                        std::size_t key) {
  const yaml_node& node = mapping.children[key];
  const auto end = end_of(text, node, &mapping, node.offset);
  if (!end) return std::nullopt;
  const std::size_t colon = skip_gap(text, *end);
  if (colon == text.size() || text[colon] != ':') return std::nullopt;
  return colon + 1;
}

std::optional<std::size_t> value_end(std::string_view text, const yaml_node& mapping,
                                     std::size_t value) {
  const yaml_node& key = mapping.children[value - 1];
  const yaml_node& node = mapping.children[value];
  if (const auto behind = behind_colon(text, mapping, value - 1)) {
    return end_of(text, node, &mapping, *behind);
  }
  if (node.kind != yaml_kind::null) return std::nullopt;
  return end_of(text, key, &mapping, key.offset);
}

}  // namespace netscan::detail
