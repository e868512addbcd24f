#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "utf8.hpp"

namespace netscan::detail {

/// Pieces of text one after the other, in lines of at most `width` columns. No piece is broken: one
/// that is longer has a line of its own.
class wrapped_text {
 public:
  /// Between two pieces stand `mark` and `gap`; at the end of a line only the mark.
  wrapped_text(std::size_t width, std::string_view mark, std::string_view gap,
               std::string_view indent = "")
      : width_(width), mark_(mark), gap_(gap), indent_(indent) {}

  /// What stands before the first piece, on its line whatever that piece is.
  void begin_with(std::string_view prefix) {
    text_ += prefix;
    column_ += columns_of(prefix);
    is_first_ = true;
  }

  /// `columns` tells what the piece takes when that is not its length, as with colours.
  void add(std::string_view piece, std::size_t columns) {
    if (!text_.empty() && !std::exchange(is_first_, false)) {
      text_ += mark_;
      const bool fits = column_ + mark_.size() + gap_.size() + columns + mark_.size() <= width_;
      if (!fits) text_ += '\n';
      text_ += fits ? gap_ : indent_;
      column_ = fits ? column_ + mark_.size() + gap_.size() : indent_.size();
    }
    text_ += piece;
    column_ += columns;
  }
  void add(std::string_view piece) { add(piece, columns_of(piece)); }

  /// Each word is a piece.
  void add_words(std::string_view words) {
    for (std::size_t end = 0; end != words.npos; words.remove_prefix(end + 1)) {
      end = words.find(' ');
      add(words.substr(0, end));
      if (end == words.npos) return;
    }
  }

  /// All lines, the last one ended too.
  std::string text() const { return text_ + '\n'; }

 private:
  std::size_t width_;
  std::string mark_;
  std::string gap_;
  std::string indent_;
  std::string text_;
  std::size_t column_ = 0;
  bool is_first_ = false;
};

/// The words, in lines of at most `width` columns.
inline std::string wrap_words(std::string_view words, std::size_t width) {
  wrapped_text lines(width, "", " ", "  ");
  lines.add_words(words);
  return lines.text();
}

}  // namespace netscan::detail
