#pragma once

#include <string>
#include <string_view>

#include "report/wrapped_text.hpp"

namespace netscan::detail {

/// Pieces or words in lines of at most 100 columns, each of which begins with `indent`.
class indented_text {
 public:
  /// Between two pieces stands `mark` and a space; at the end of a line only the mark.
  explicit indented_text(std::string_view indent, std::string_view mark = "")
      : indent_(indent), lines_(100, mark, " ", indent) {}

  void add(std::string_view piece) {
    if (is_empty_) {
      lines_.add(std::string(indent_).append(piece));
    } else {
      lines_.add(piece);
    }
    is_empty_ = false;
  }

  void add_words(std::string_view words) {
    for (std::size_t end = 0; end != words.npos; words.remove_prefix(end + 1)) {
      end = words.find(' ');
      add(words.substr(0, end));
      if (end == words.npos) return;
    }
  }

  /// All lines, the last one ended too.
  std::string text() const { return lines_.text(); }

 private:
  std::string_view indent_;
  wrapped_text lines_;
  bool is_empty_ = true;
};

inline std::string indented_words(std::string_view words, std::string_view indent) {
  indented_text lines(indent);
  lines.add_words(words);
  return lines.text();
}

}  // namespace netscan::detail
