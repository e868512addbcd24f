#include "result_outputs.hpp"

#include <unistd.h>

#include <algorithm>

#include "netscan/target/status.hpp"
#include "terminal.hpp"

namespace netscan::cli {
namespace {

using boost::system::error_code;

absl::StatusOr<report_format> format_of(const std::string& path) {
  if (path == "-") return report_format::text;
  if (const std::optional<report_format> format = report_format_of(path)) return *format;
  return invalid_argument(
      "cannot tell the format of '{}' from its ending (.ndjson, .csv, .txt): give --format", path);
}

writer_options options_for(int fd, show show) {
  writer_options options;
  options.show = show;
  options.colour = wants_colour(fd);
  options.unicode = has_unicode();
  options.width = width(fd);
  return options;
}

}  // namespace

absl::StatusOr<result_outputs> result_outputs::open(std::vector<std::string> paths,
                                                    std::optional<report_format> format,
                                                    show show) {
  if (paths.empty()) paths.emplace_back("-");
  std::vector<report_format> formats;
  for (const std::string& path : paths) {
    absl::StatusOr<report_format> known = format ? *format : format_of(path);
    if (!known.ok()) return known.status();
    formats.push_back(*known);
  }
  result_outputs outputs;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    absl::StatusOr<output_file> file = output_file::open(paths[i]);
    if (!file.ok()) return file.status();
    const int fd = file->fd();
    outputs.outputs_.push_back(
        {*std::move(file), formats[i], make_writer(formats[i], fd, options_for(fd, show))});
  }
  return outputs;
}

template <typename Write>
error_code result_outputs::each(Write write) {
  error_code first;
  for (output& output : outputs_) {
    if (!output.writer) continue;
    const error_code error = write(*output.writer);
    if (!error) continue;
    output.writer.reset();
    if (!first) first = error;
    if (failed_name_.empty()) failed_name_ = output.file.name();
  }
  return first;
}

error_code result_outputs::begin(const scan_header& header) {
  return each([&](result_writer& writer) { return writer.begin(header); });
}

error_code result_outputs::add(std::span<const probe_record> records) {
  return each([&](result_writer& writer) { return writer.add(records); });
}

error_code result_outputs::end(const scan_summary& summary) {
  return each([&](result_writer& writer) { return writer.end(summary); });
}

bool result_outputs::stream_to_terminal() const noexcept {
  return std::any_of(outputs_.begin(), outputs_.end(), [](const output& output) {
    return output.format != report_format::text && is_terminal(output.file.fd());
  });
}

}  // namespace netscan::cli
