#include <fmt/format.h>

#include <algorithm>

#include "json_parser.hpp"
#include "json_records.hpp"
#include "masscan_json.hpp"
#include "readers.hpp"

namespace netscan::detail {
namespace {

/// Takes the records out of a document, one by one, so that it is never in memory as a whole: the
/// objects in a list `[{...}, {...}]`, or in an object `{"scan": {...}, "probes": [{...}], ...}`.
///
/// Of what is around the records only the brackets count. So a comma after the last one, as older
/// versions of masscan write it, does no harm.
class json_reader final : public format_reader {
 public:
  explicit json_reader(results_builder& results) : results_(results) {}

  absl::Status take(std::string_view& text) override {
    while (looked_at_ < text.size()) {
      // Most of a text tells nothing.
      if (in_text_ && !escaped_) {
        looked_at_ = std::min(text.find_first_of("\"\\", looked_at_), text.size());
        if (looked_at_ == text.size()) break;
      }
      const char c = text[looked_at_++];
      if (c == '\n') ++line_;
      std::string problem;
      if (in_text_) {
        go_on_in_text(c);
      } else if (depth_ == 0) {
        problem = take_outside(c);
      } else if (take_inside(c)) {
        problem = take_record(text.substr(begin_, looked_at_ - begin_));
      }
      if (!problem.empty()) return error(record_line_, problem);
    }
    const std::size_t done = depth_ == 0 ? looked_at_ : begin_;
    text.remove_prefix(done);
    looked_at_ -= done;
    begin_ = 0;
    if (text.size() <= longest_scan_record) return absl::OkStatus();
    return error(record_line_, "longer than any record");
  }

  absl::Status take_last(std::string_view) override {
    if (!ended_) results_.note_cut_off(line_);
    return absl::OkStatus();
  }

 private:
  absl::Status error(std::size_t line, std::string_view problem) const {
    return invalid_argument("{}:{}: {}", results_.name(), line, problem);
  }

  void go_on_in_text(char c) {
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_text_ = false;
    }
  }

  /// What is wrong with a character around the records.
  std::string take_outside(char c) {
    constexpr std::size_t deepest = 2;  // the document, and its list of probes
    record_line_ = line_;
    const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (is_blank || (c == ',' && !around_.empty())) return {};
    if (ended_) return "expected nothing behind the end of the document";
    if (c == '{' && !around_.empty()) {
      begin_ = looked_at_ - 1;
      depth_ = 1;
    } else if ((c == '{' || c == '[') && around_.size() < deepest) {
      around_.push_back(c);
    } else if (!around_.empty() && c == (around_.back() == '{' ? '}' : ']')) {
      around_.pop_back();
      ended_ = around_.empty();
    } else if (c == '"' && around_ == "{") {
      in_text_ = true;
    } else if (c != ':' || around_ != "{") {
      return fmt::format("expected a record, which begins with '{{', and found '{}'", c);
    }
    return {};
  }

  /// Whether the record ends with this character.
  bool take_inside(char c) {
    if (c == '"') in_text_ = true;
    if (c == '{' || c == '[') ++depth_;
    if (c == '}' || c == ']') --depth_;
    return depth_ == 0;
  }

  std::string take_record(std::string_view text) {
    if (is_masscan_end(text)) return {};
    std::string problem;
    const boost::json::object* const record = parser_.parse_object(text, problem);
    if (record == nullptr) return problem;
    if (record->contains("type")) return take_json_record(*record, text.size(), results_);
    return take_masscan_record(*record, results_);
  }

  results_builder& results_;
  json_parser parser_{"JSON"};
  std::string around_;  // the open brackets around the records
  bool ended_ = false;
  bool in_text_ = false;
  bool escaped_ = false;
  std::size_t depth_ = 0;  // of brackets within a record; 0 outside of one
  std::size_t begin_ = 0;  // of the record
  std::size_t looked_at_ = 0;
  std::size_t line_ = 1;
  std::size_t record_line_ = 1;
};

}  // namespace

std::unique_ptr<format_reader> make_json_reader(results_builder& results) {
  return std::make_unique<json_reader>(results);
}

}  // namespace netscan::detail
