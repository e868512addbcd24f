#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace netscan::detail {

/// Watches a body go by: counts it, keeps its beginning, and looks for a text. Memory is bounded
/// whatever comes.
class body_watch {
 public:
  /// `text` to look for; an empty one is always found.
  explicit body_watch(std::string_view text) : text_(text), has_text_(text.empty()) {}

  void add(std::string_view piece) {
    size_ += piece.size();
    if (head_.size() < most_kept) head_ += piece.substr(0, most_kept - head_.size());
    if (has_text_) return;
    window_ += piece;
    has_text_ = window_.find(text_) != window_.npos;
    // Of what is behind, a beginning of the text may be the end.
    if (window_.size() >= text_.size()) window_.erase(0, window_.size() - text_.size() + 1);
  }

  std::uint64_t size() const noexcept { return size_; }
  std::string_view head() const noexcept { return head_; }
  bool has_text() const noexcept { return has_text_; }

 private:
  static constexpr std::size_t most_kept = 128U << 10;

  std::string text_;
  std::uint64_t size_ = 0;
  std::string head_;
  std::string window_;
  bool has_text_;
};

}  // namespace netscan::detail
