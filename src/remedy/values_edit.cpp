#include "netscan/remedy/values_edit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netscan/target/printable.hpp"
#include "netscan/target/status.hpp"
#include "report/text_edit.hpp"
#include "report/yaml_parse.hpp"
#include "report/yaml_span.hpp"
#include "report/yaml_text.hpp"
#include "report/yaml_tree.hpp"
#include "yaml_append.hpp"
#include "yaml_path.hpp"

namespace netscan {
namespace {

using detail::append_result;
using detail::path_nodes;
using detail::text_edit;
using detail::yaml_kind;
using detail::yaml_node;

using edit_list = std::vector<text_edit>;

/// What is to be done, and all that is known of where.
struct value_job {
  std::string_view text;
  const yaml_node& root;
  const path_nodes& found;
  const yaml_path& path;
  std::string_view value;

  /// The last node of the path that is there, and the keys that are not.
  const yaml_node& last() const { return *found.nodes.back(); }
  std::size_t depth() const { return found.nodes.size() - 1; }
};

/// `key` and `value` as they come in brackets, where a ':' may end a plain scalar.
std::string flow_scalar(std::string_view text, bool quoted) {
  if (quoted || text.find(':') != text.npos) return detail::yaml_quoted(text, '"');
  return detail::yaml_scalar(text);
}

// --- a value that is there ---

std::string in_style_of(std::string_view text, std::size_t begin, bool flow,
                        std::string_view value) {
  const char quote = text[begin];
  if (quote == '"' || quote == '\'') return detail::yaml_quoted(value, quote);
  return flow ? flow_scalar(value, false) : detail::yaml_scalar(value);
}

append_result replace_scalar(const value_job& job) {
  const yaml_node& mapping = **(job.found.nodes.end() - 2);
  const auto end = detail::value_end(job.text, mapping, job.found.keys.back() + 1);
  const std::size_t begin = detail::content_begin(job.text, job.last());
  if (!end || begin >= job.text.size()) return std::nullopt;
  const std::string value = in_style_of(job.text, begin, mapping.flow, job.value);
  const char first = job.text[begin];
  if (first != '|' && first != '>') return edit_list{{begin, *end - begin, value}};
  // Of a block scalar's header the comment stays; its lines go.
  const std::size_t header = std::min(job.text.find_first_of(" \t\r\n", begin), job.text.size());
  const std::size_t lines = detail::next_line(job.text, begin);
  return edit_list{{begin, header - begin, value}, {lines, *end - lines, ""}};
}

// --- keys that are not there ---

/// How much deeper than its parent a mapping stands: nearby, or where the file first has one.
std::size_t indent_step(std::string_view text, const yaml_node& node) {
  if (node.kind != yaml_kind::mapping && node.kind != yaml_kind::sequence) return 0;
  if (node.flow) return 0;
  for (const yaml_node& child : node.children) {
    if (node.kind == yaml_kind::mapping && child.kind == yaml_kind::mapping && !child.flow) {
      const std::size_t outer = detail::block_column(text, node);
      const std::size_t inner = detail::block_column(text, child);
      if (inner > outer) return inner - outer;
    }
    if (const std::size_t step = indent_step(text, child); step != 0) return step;
  }
  return 0;
}

std::size_t indent_step(const value_job& job) {
  for (std::size_t i = job.found.nodes.size(); i-- > 0;) {
    const std::size_t step = indent_step(job.text, *job.found.nodes[i]);
    if (step != 0) return step;
  }
  return 2;
}

/// The keys from `depth` on with the value, as lines: `hosts:`, `  externalIP: 10.0.0.232`.
std::string block_lines(const value_job& job, std::size_t depth) {
  const std::size_t step = indent_step(job);
  std::string lines;
  for (std::size_t i = depth; i < job.path.size(); ++i) {
    lines += std::string((i - depth) * step, ' ') + detail::yaml_scalar(job.path[i]) + ":";
    lines += i + 1 < job.path.size() ? "\n" : " " + detail::yaml_scalar(job.value) + "\n";
  }
  return lines;
}

/// JSON is YAML, but its readers want every key and text in double quotes.
bool is_json_style(const value_job& job) {
  for (std::size_t i = job.found.nodes.size(); i-- > 0;) {
    const yaml_node& node = *job.found.nodes[i];
    if (node.kind != yaml_kind::mapping || node.children.empty()) continue;
    const std::size_t begin = detail::content_begin(job.text, node.children.front());
    return node.flow && job.text.substr(begin).starts_with('"');
  }
  return false;
}

/// The same in brackets: `hosts: {externalIP: 10.0.0.232}`.
std::string flow_pair(const value_job& job, std::size_t depth) {
  const bool json = is_json_style(job);
  std::string text = flow_scalar(job.value, json);
  for (std::size_t i = job.path.size(); i-- > depth;) {
    text.insert(0, flow_scalar(job.path[i], json) + ": ");
    if (i > depth) text.insert(0, "{").append("}");
  }
  return text;
}

append_result add_to_mapping(const value_job& job) {
  const yaml_node& mapping = job.last();
  const std::size_t depth = job.depth();
  if (mapping.flow) return append_to_flow(job.text, mapping, {flow_pair(job, depth)});
  return append_to_block(job.text, mapping, block_lines(job, depth));
}

/// A null, written or not, becomes the value, or a mapping with the keys that are missing.
append_result fill_null(const value_job& job) {
  const std::size_t depth = job.depth();
  const yaml_node& mapping = **(job.found.nodes.end() - 2);
  const std::size_t key = job.found.keys.back();
  // With an anchor the null may stand anywhere behind it.
  if (job.last().anchor != 0) return std::nullopt;
  if (!mapping.flow && depth < job.path.size()) {
    return fill_block(job.text, mapping, key, block_lines(job, depth), indent_step(job));
  }
  const auto behind = detail::behind_colon(job.text, mapping, key);
  const auto end = detail::value_end(job.text, mapping, key + 1);
  // On another line a comment may be between.
  if (!behind || !end || *end > detail::line_end(job.text, *behind)) return std::nullopt;
  std::string value = detail::yaml_scalar(job.value);
  if (mapping.flow) {
    value = depth < job.path.size() ? "{" + flow_pair(job, depth) + "}"
                                    : flow_scalar(job.value, is_json_style(job));
  }
  return edit_list{{*behind, *end - *behind, " " + value}};
}

/// A document without content gets the keys behind its leading comments.
append_result fill_document(std::string_view text, std::optional<std::size_t> document,
                            std::string_view lines) {
  std::optional<std::size_t> behind;
  std::size_t line = detail::content_offset(text);
  if (document) {
    // A null that is written would stay in front of the keys.
    const std::size_t content = *document + std::min<std::size_t>(3, text.size() - *document);
    if (!text.substr(*document).starts_with("---")) return std::nullopt;
    if (!detail::is_blank_or_comment(text, content)) return std::nullopt;
    behind = *document;
    line = detail::next_line(text, *document);
  }
  for (; line < text.size() && detail::is_blank_or_comment(text, line);
       line = detail::next_line(text, line)) {
    if (text.substr(line, detail::line_end(text, line) - line).find('#') != text.npos) {
      behind = line;
    }
  }
  if (behind) return edit_list{detail::add_lines_behind(text, *behind, lines)};
  return edit_list{{detail::content_offset(text), 0, std::string(lines)}};
}

// --- the edit as a whole ---

/// The ways to make the change, the best first.
std::vector<append_result> ways(const value_job& job,
                                const std::vector<detail::yaml_document>& documents) {
  const yaml_node& last = job.last();
  if (last.kind == yaml_kind::scalar) return {replace_scalar(job)};
  if (last.kind == yaml_kind::mapping) {
    std::vector<append_result> ways = {add_to_mapping(job)};
    if (!last.flow) {
      ways.push_back(prepend_to_block(job.text, last, block_lines(job, job.depth())));
    }
    return ways;
  }
  if (job.depth() > 0) return {fill_null(job)};
  const std::optional<std::size_t> document =
      documents.empty() ? std::nullopt : std::optional(documents.front().offset);
  return {fill_document(job.text, document, block_lines(job, 0))};
}

/// What the document is to be: the old one, with the value at the path.
void set_at(yaml_node& node, const yaml_path& path, std::size_t depth, std::string_view value,
            bool first) {
  if (depth == path.size()) {
    node.kind = yaml_kind::scalar;
    node.value = value;
    return;
  }
  node.kind = yaml_kind::mapping;
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    if (node.children[i].kind == yaml_kind::scalar && node.children[i].value == path[depth]) {
      return set_at(node.children[i + 1], path, depth + 1, value, first);
    }
  }
  yaml_node key;
  key.kind = yaml_kind::scalar;
  key.value = path[depth];
  yaml_node added;
  set_at(added, path, depth + 1, value, first);
  const auto where = first ? node.children.begin() : node.children.end();
  node.children.insert(node.children.insert(where, std::move(added)), std::move(key));
}

bool same_documents(const std::vector<detail::yaml_document>& a,
                    const std::vector<detail::yaml_document>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& two) {
    return detail::same_content(one.root, two.root);
  });
}

/// Whether `text` has what `expected` has.
absl::StatusOr<std::size_t> line_of_value(std::string_view text, const yaml_path& path,
                                          const std::vector<detail::yaml_document>& expected) {
  const auto documents = detail::parse_yaml(text);
  if (!documents.ok()) return documents.status();
  if (!same_documents(*documents, expected)) return absl::InternalError("another content");
  const yaml_node* node = &documents->front().root;
  for (const std::string& key : path) node = detail::find_value(*node, key);
  return detail::line_number(text, node->offset);
}

/// Whether Helm 4 takes what this document has at the path over what an earlier one has: the value,
/// or something in its way.
const yaml_node* find_override(const yaml_node& root, const yaml_path& path) {
  const yaml_node* node = &root;
  for (const std::string& key : path) {
    node = detail::find_value(*node, key);
    if (node != nullptr && node->kind == yaml_kind::alias) {
      node = detail::find_anchor(root, node->anchor);
    }
    if (node == nullptr || node->kind != yaml_kind::mapping) return node;
  }
  return node;
}

std::size_t overridden_line(std::string_view text, const yaml_path& path) {
  const auto documents = detail::parse_yaml(text);
  if (!documents.ok()) return 0;
  for (std::size_t i = 1; i < documents->size(); ++i) {
    const yaml_node* node = find_override(documents->at(i).root, path);
    if (node != nullptr) return detail::line_number(text, node->offset);
  }
  return 0;
}

absl::Status check_arguments(const yaml_path& path, std::string_view value) {
  if (path.empty()) return invalid_argument("no key to set");
  for (const std::string& key : path) {
    if (printable(key) != key) return invalid_argument("bad key '{}': not printable", key);
  }
  if (printable(value) != value) return invalid_argument("bad value '{}': not printable", value);
  return absl::OkStatus();
}

}  // namespace

std::string path_text(const yaml_path& path) {
  std::string text;
  for (const std::string& key : path) {
    if (&key != &path.front()) text += '.';
    for (const char c : key) {
      if (c == '.') text += '\\';
      text += c;
    }
  }
  return printable(text);
}

absl::StatusOr<edited_value> edit_value(std::string_view yaml, const yaml_path& path,
                                        std::string_view value) {
  if (absl::Status status = check_arguments(path, value); !status.ok()) return status;
  auto documents = detail::parse_yaml(yaml);
  if (!documents.ok()) return documents.status();
  const yaml_node nothing;
  const yaml_node& root = documents->empty() ? nothing : documents->front().root;
  const auto found = detail::follow_path(yaml, root, path);
  if (!found.ok()) return found.status();

  const value_job job{yaml, root, *found, path, value};
  const yaml_node& last = job.last();
  const bool whole = job.depth() == path.size();
  if (whole && (last.kind == yaml_kind::mapping || last.kind == yaml_kind::sequence)) {
    return invalid_argument("{}: {} is a {}, not a value", detail::place(yaml, last.offset),
                            path_text(path), last.kind == yaml_kind::mapping ? "mapping" : "list");
  }
  edited_value result;
  result.before = last.kind == yaml_kind::scalar ? last.value : "";
  result.change = last.kind == yaml_kind::scalar ? value_change::replaced : value_change::created;
  if (last.kind == yaml_kind::scalar && last.value == value) {
    result.change = value_change::none;
    result.text = yaml;
    result.line = detail::line_number(yaml, last.offset);
    result.overridden_line = overridden_line(result.text, path);
    return result;
  }

  const std::vector<append_result> all_ways = ways(job, *documents);
  for (std::size_t i = 0; i < all_ways.size(); ++i) {
    if (!all_ways[i]) continue;
    std::vector<detail::yaml_document> expected = *documents;
    if (expected.empty()) expected.emplace_back();
    set_at(expected.front().root, path, 0, value, i > 0);
    result.text = detail::apply_edits(yaml, *all_ways[i]);
    if (const auto line = line_of_value(result.text, path, expected); line.ok()) {
      result.line = *line;
      result.overridden_line = overridden_line(result.text, path);
      return result;
    }
  }
  return invalid_argument(
      "{}: {} cannot be set here without a change to something else: do it by hand",
      detail::place(yaml, last.offset), path_text(path));
}

}  // namespace netscan
