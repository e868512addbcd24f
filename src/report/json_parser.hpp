#pragma once

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <new>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>

#include "limited_resource.hpp"

namespace netscan::detail {

// A record is a few hundred bytes; the header of a scan names its targets, and may be long.
inline constexpr std::size_t longest_scan_record = 64U << 20;
inline constexpr std::size_t longest_record = 1U << 20;

/// Takes JSON apart, a record at a time, in memory that is used again for the next one.
class json_parser {
 public:
  /// `what` it takes, for messages.
  explicit json_parser(std::string_view what) : what_(what) {}

  /// The text's value, which lives until the next call. Errors: what is wrong with the text.
  const boost::json::value* parse(std::string_view text, std::string& problem) {
    value_.reset();
    records_.release();
    parser_.reset(&records_);
    is_json_ = true;
    boost::system::error_code error;
    std::size_t end = 0;
    try {
      end = parser_.write(text.data(), text.size(), error);
      if (!error) return &value_.emplace(parser_.release());
    } catch (const std::bad_alloc&) {
      problem = "takes too much memory";
      return nullptr;
    }
    is_json_ = false;
    problem = fmt::format("not {}: {} at character {}", what_, error.message(), end + 1);
    return nullptr;
  }

  /// The same for an object.
  const boost::json::object* parse_object(std::string_view text, std::string& problem) {
    const boost::json::value* const value = parse(text, problem);
    if (value != nullptr && !value->is_object()) problem = "not a JSON object";
    return value == nullptr ? nullptr : value->if_object();
  }

  /// False when the last text was not JSON, which is what a line becomes when it is cut off.
  bool is_json() const noexcept { return is_json_; }

 private:
  // For what one record is parsed into: some million targets written one by one.
  static constexpr std::size_t most_memory = 256U << 20;
  static constexpr std::size_t deepest_nesting = 8;

  static boost::json::parse_options options() {
    boost::json::parse_options options;
    options.max_depth = deepest_nesting;
    return options;
  }

  std::string_view what_;
  limited_resource heap_{most_memory};
  std::array<unsigned char, 4096> buffer_{};  // enough for a record, so that none allocates
  boost::json::monotonic_resource records_{buffer_.data(), buffer_.size(), &heap_};
  boost::json::parser parser_{&heap_, options()};
  std::optional<boost::json::value> value_;
  bool is_json_ = true;
};

}  // namespace netscan::detail
