#include "netscan/report/writer.hpp"

#include "writers.hpp"

namespace netscan {

std::string_view to_string(report_format format) noexcept {
  switch (format) {
    case report_format::text:
      return "text";
    case report_format::ndjson:
      return "ndjson";
    case report_format::csv:
      return "csv";
    case report_format::json:
      return "json";
    case report_format::xml:
      return "xml";
  }
  return "";
}

std::optional<report_format> parse_report_format(std::string_view text) noexcept {
  for (const report_format format : {report_format::text, report_format::ndjson, report_format::csv,
                                     report_format::json, report_format::xml}) {
    if (to_string(format) == text) return format;
  }
  return std::nullopt;
}

std::optional<report_format> report_format_of(std::string_view file_name) noexcept {
  if (file_name.ends_with(".ndjson")) return report_format::ndjson;
  if (file_name.ends_with(".csv")) return report_format::csv;
  if (file_name.ends_with(".json")) return report_format::json;
  if (file_name.ends_with(".xml")) return report_format::xml;
  if (file_name.ends_with(".txt")) return report_format::text;
  return std::nullopt;
}

std::optional<show> parse_show(std::string_view text) noexcept {
  if (text == "open") return show::open;
  if (text == "responded") return show::responded;
  if (text == "all") return show::all;
  return std::nullopt;
}

std::unique_ptr<result_writer> make_writer(report_format format, int fd,
                                           const writer_options& options) {
  switch (format) {
    case report_format::ndjson:
      return detail::make_ndjson_writer(fd);
    case report_format::csv:
      return detail::make_csv_writer(fd);
    case report_format::json:
      return detail::make_json_writer(fd);
    case report_format::xml:
      return detail::make_xml_writer(fd);
    case report_format::text:
      break;
  }
  return detail::make_text_writer(fd, options);
}

}  // namespace netscan
