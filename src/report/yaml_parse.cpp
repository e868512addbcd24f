#include "yaml_parse.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "netscan/target/printable.hpp"
#include "netscan/target/status.hpp"
#include "text_edit.hpp"
#include "yaml_span.hpp"

namespace netscan::detail {
namespace {

/// A values file has a few kilobytes; yaml-cpp counts in int.
constexpr std::size_t max_size = std::size_t{64} << 20;

/// What is wrong with the character at the start of `text`, which has `length` bytes.
std::optional<std::string_view> bad_character(std::string_view text, std::size_t length) {
  if (length == 0) return "a byte that is no UTF-8";
  const std::string_view character = text.substr(0, length);
  // YAML 1.1 breaks lines at these, YAML 1.2 does not.
  if (character == "\xC2\x85" || character == "\xE2\x80\xA8" || character == "\xE2\x80\xA9") {
    return "a Unicode line break, which not every reader takes for one";
  }
  if (character == "\r" && !text.starts_with("\r\n")) {
    return "a carriage return alone, which not every reader takes for a line break";
  }
  const auto first = static_cast<unsigned char>(text.front());
  const bool is_space = first == '\t' || first == '\n' || first == '\r';
  const bool is_c1 = length == 2 && first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
  if ((first < 0x20 && !is_space) || first == 0x7F || is_c1) return "a control character";
  return std::nullopt;
}

absl::Status check_characters(std::string_view text) {
  if (text.size() > max_size) return invalid_argument("the text is longer than 64 MiB");
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_sequence_length(text.substr(i));
    if (const auto wrong = bad_character(text.substr(i), length)) {
      return invalid_argument("{}: {}", place(text, i), *wrong);
    }
    i += length;
  }
  return absl::OkStatus();
}

/// What yaml-cpp says, without the piece of the file that it adds to some messages: it may be of a
/// password.
std::string_view reason(const YAML::Exception& error) {
  const std::string_view text = error.msg;
  if (text.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR)) return YAML::ErrorMsg::UNKNOWN_ANCHOR;
  return text.substr(0, text.find(':'));
}

class tree_builder final : public YAML::EventHandler {
 public:
  /// `first` is the offset of yaml-cpp's position 0.
  explicit tree_builder(std::size_t first) : first_(first) {}

  std::vector<yaml_document> documents;

  void OnDocumentStart(const YAML::Mark& mark) override {
    documents.push_back({.offset = offset(mark), .root = {}});
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(make(yaml_kind::null, mark, "", anchor));
  }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    // YAML 1.2 takes more, and so does yaml-cpp. To go-yaml `&a: b` is something else.
    const bool simple = std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '-' || c == '_';
    });
    if (simple) return;
    throw YAML::ParserException(mark, "an anchor of other than letters, digits, '-' and '_'");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(make(yaml_kind::alias, mark, "", anchor));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    yaml_node node = make(yaml_kind::scalar, mark, tag, anchor);
    node.value = value;
    node.plain = tag == "?";
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(yaml_kind::sequence, mark, tag, anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(yaml_kind::mapping, mark, tag, anchor, style);
  }
  void OnMapEnd() override { close(); }

 private:
  std::size_t offset(const YAML::Mark& mark) const {
    return first_ + static_cast<std::size_t>(mark.pos);
  }

  yaml_node make(yaml_kind kind, const YAML::Mark& mark, const std::string& tag,
                 YAML::anchor_t anchor) const {
    yaml_node node;
    node.kind = kind;
    node.offset = offset(mark);
    // What yaml-cpp says of a node without a tag: plain, and not plain.
    if (tag != "?" && tag != "!") node.tag = tag;
    node.anchor = anchor;
    return node;
  }

  void open(yaml_kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style) {
    yaml_node node = make(kind, mark, tag, anchor);
    node.flow = style != YAML::EmitterStyle::Block;
    open_.push_back(std::move(node));
  }

  void close() {
    yaml_node node = std::move(open_.back());
    open_.pop_back();
    add(std::move(node));
  }

  void add(yaml_node node) {
    if (open_.empty()) {
      documents.back().root = std::move(node);
    } else {
      open_.back().children.push_back(std::move(node));
    }
  }

  std::size_t first_;
  std::vector<yaml_node> open_;
};

/// The first scalar whose closing quote is missing: yaml-cpp lets the end of the text close it.
const yaml_node* find_open_quote(std::string_view text, const yaml_node& node) {
  if (node.kind == yaml_kind::scalar && !node.plain) {
    const std::size_t begin = content_begin(text, node);
    const bool quoted = begin < text.size() && (text[begin] == '"' || text[begin] == '\'');
    if (quoted && !quoted_end(text, begin)) return &node;
  }
  for (const yaml_node& child : node.children) {
    if (const yaml_node* found = find_open_quote(text, child)) return found;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<std::vector<yaml_document>> parse_yaml(std::string_view text) {
  if (absl::Status status = check_characters(text); !status.ok()) return status;
  // yaml-cpp counts from behind a byte order mark.
  const std::size_t first = content_offset(text);
  tree_builder builder(first);
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
      // What it cannot read on in, yaml-cpp takes for another document, for ever if need be.
      const std::size_t begin = builder.documents.back().offset;
      if (builder.documents.size() > 1 && !text.substr(begin).starts_with("---")) {
        return invalid_argument("{}: no valid YAML: it does not go on like this",
                                place(text, begin));
      }
    }
  } catch (const YAML::Exception& error) {
    if (error.mark.is_null()) return invalid_argument("no valid YAML: {}", reason(error));
    return invalid_argument("{}: no valid YAML: {}",
                            place(text, first + static_cast<std::size_t>(error.mark.pos)),
                            reason(error));
  }
  for (const yaml_document& document : builder.documents) {
    if (const yaml_node* node = find_open_quote(text, document.root)) {
      return invalid_argument("{}: no valid YAML: the closing quote is missing",
                              place(text, content_begin(text, *node)));
    }
  }
  return std::move(builder.documents);
}

}  // namespace netscan::detail
