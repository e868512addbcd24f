#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/system/error_code.hpp>

#include "spill_file.hpp"

namespace netscan::detail {

/// Sorts items in bounded memory: what does not fit goes to a temporary file, in sorted pieces that
/// are merged at the end.
///
/// `Traits` says what is sorted, all of it static:
///
///     using item = ...;
///     bool goes_before(const item& a, const item& b);  // a strict weak order
///     bool is_same(const item& a, const item& b);      // of such in a row the first is enough
///     void append(std::string& bytes, const item& one);
///     std::optional<item> take(std::string_view& bytes);  // nothing, and no change, when cut off
///
/// Of items that are the same, some are dropped on the way, not all.
template <typename Traits>
class spilling_sorter {
 public:
  using item = typename Traits::item;
  using error_code = boost::system::error_code;

  /// Holds at most so many items at a time, at least 1.
  explicit spilling_sorter(std::size_t most_items)
      : most_items_(std::max<std::size_t>(1, most_items)) {}

  /// Errors: those of making and writing the temporary file.
  error_code add(const item& one) {
    items_.push_back(one);
    return items_.size() < most_items_ ? error_code() : spill();
  }

  /// Hands all items out, one after the other. Once. Errors: those of `sink`, which takes an item
  /// and returns an error_code, and of the temporary file.
  template <typename Sink>
  error_code hand_out(Sink&& sink) {
    if (pieces_.empty()) {
      sort_items();
      for (const item& one : items_) {
        if (const error_code error = sink(one)) return error;
      }
      return {};
    }
    if (!items_.empty()) {
      if (const error_code error = spill()) return error;
    }
    items_ = {};
    return merge(sink);
  }

 private:
  static constexpr std::size_t bytes_a_write = 256U << 10;
  // Of all pieces together while they are merged, and the least that is worth a system call.
  static constexpr std::size_t bytes_read_ahead = 16U << 20;
  static constexpr std::size_t least_bytes_a_read = 4U << 10;

  /// Where a sorted piece lies in the file.
  struct piece {
    std::uint64_t begin;
    std::uint64_t end;
  };

  /// Takes the items of one piece, one after the other.
  class piece_reader {
   public:
    piece_reader(const spill_file& file, piece where, std::size_t read_ahead)
        : file_(file), where_(where), read_ahead_(read_ahead) {}

    const item& front() const noexcept { return item_; }
    error_code error() const noexcept { return error_; }

    /// False at the end, and after an error.
    bool next() {
      for (;;) {
        std::string_view rest = std::string_view(bytes_).substr(taken_);
        const std::size_t before = rest.size();
        if (std::optional<item> one = Traits::take(rest)) {
          taken_ += before - rest.size();
          item_ = *std::move(one);
          return true;
        }
        if (where_.begin == where_.end) {
          // What was written as items ends with one.
          if (before != 0 && !error_) error_ = {EIO, boost::system::system_category()};
          return false;
        }
        if (!read_more()) return false;
      }
    }

   private:
    bool read_more() {
      bytes_.erase(0, taken_);
      taken_ = 0;
      const std::size_t have = bytes_.size();
      const auto size =
          static_cast<std::size_t>(std::min<std::uint64_t>(read_ahead_, where_.end - where_.begin));
      bytes_.resize(have + size);
      std::size_t count = 0;
      error_ = file_.read(where_.begin, bytes_.data() + have, size, count);
      bytes_.resize(have + count);
      where_.begin += count;
      return !error_;
    }

    const spill_file& file_;
    piece where_;
    std::size_t read_ahead_;
    std::string bytes_;
    std::size_t taken_ = 0;
    item item_{};
    error_code error_;
  };

  void sort_items() {
    std::sort(items_.begin(), items_.end(), Traits::goes_before);
    items_.erase(std::unique(items_.begin(), items_.end(), Traits::is_same), items_.end());
  }

  error_code spill() {
    sort_items();
    const std::uint64_t begin = file_.size();
    std::string bytes;
    for (const item& one : items_) {
      Traits::append(bytes, one);
      if (bytes.size() < bytes_a_write) continue;
      if (const error_code error = file_.append(bytes)) return error;
      bytes.clear();
    }
    if (const error_code error = file_.append(bytes)) return error;
    pieces_.push_back({begin, file_.size()});
    items_.clear();
    return {};
  }

  template <typename Sink>
  error_code merge(Sink& sink) {
    std::vector<std::unique_ptr<piece_reader>> readers;
    const auto comes_later = [](const piece_reader* a, const piece_reader* b) {
      return Traits::goes_before(b->front(), a->front());
    };
    std::priority_queue<piece_reader*, std::vector<piece_reader*>, decltype(comes_later)> queue(
        comes_later);
    const std::size_t read_ahead = std::max(least_bytes_a_read, bytes_read_ahead / pieces_.size());
    for (const piece& piece : pieces_) {
      readers.push_back(std::make_unique<piece_reader>(file_, piece, read_ahead));
      if (readers.back()->next()) queue.push(readers.back().get());
      if (readers.back()->error()) return readers.back()->error();
    }
    while (!queue.empty()) {
      piece_reader* const first = queue.top();
      queue.pop();
      if (const error_code error = sink(first->front())) return error;
      if (first->next()) queue.push(first);
      if (first->error()) return first->error();
    }
    return {};
  }

  std::size_t most_items_;
  std::vector<item> items_;
  std::vector<piece> pieces_;
  spill_file file_;
};

}  // namespace netscan::detail
