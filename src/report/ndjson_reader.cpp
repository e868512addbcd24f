#include <fmt/format.h>

#include "json_parser.hpp"
#include "json_records.hpp"
#include "readers.hpp"

namespace netscan {
namespace detail {
namespace {

class ndjson_reader final : public format_reader {
 public:
  explicit ndjson_reader(results_builder& results) : results_(results) {}

  /// Takes all lines that have an end.
  absl::Status take(std::string_view& text) override {
    for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n')) {
      const std::string problem = take_line(text.substr(0, end));
      if (!problem.empty()) return error(problem);
      text.remove_prefix(end + 1);
    }
    if (text.size() <= longest_scan_record) return absl::OkStatus();
    ++number_;
    return error(too_long);
  }

  /// Takes the last line, which has no end: its writer may have been killed in the middle of it.
  /// The beginning of a JSON object is never JSON itself, so nothing wrong is read from it.
  absl::Status take_last(std::string_view line) override {
    const std::string problem = take_line(line);
    if (problem.empty()) return absl::OkStatus();
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (parser_.is_json() || line[begin] != '{') return error(problem);
    results_.note_last_line_cut_off(number_);
    return absl::OkStatus();
  }

 private:
  static constexpr std::string_view too_long = "longer than any record";

  absl::Status error(std::string_view problem) const {
    return invalid_argument("{}:{}: {}", results_.name(), number_, problem);
  }

  /// Takes one line, without its end. Errors: what is wrong with it, without the place.
  std::string take_line(std::string_view line) {
    ++number_;
    if (line.find_first_not_of(" \t\r") == line.npos) return {};
    if (line.size() > longest_scan_record) return std::string(too_long);
    std::string problem;
    const boost::json::object* const record = parser_.parse_object(line, problem);
    return record == nullptr ? problem : take_json_record(*record, line.size(), results_);
  }

  results_builder& results_;
  std::size_t number_ = 0;
  json_parser parser_{"a line of JSON"};
};

}  // namespace

std::unique_ptr<format_reader> make_ndjson_reader(results_builder& results) {
  return std::make_unique<ndjson_reader>(results);
}

}  // namespace detail

absl::StatusOr<results_file> parse_ndjson(std::string_view text, std::string_view name) {
  detail::results_builder results{std::string(name)};
  detail::ndjson_reader reader(results);
  absl::Status status = reader.take(text);
  if (status.ok()) status = reader.take_last(text);
  if (!status.ok()) return status;
  return std::move(results).finish();
}

}  // namespace netscan
