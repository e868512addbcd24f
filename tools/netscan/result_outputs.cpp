#include "result_outputs.hpp"

#include <unistd.h>

#include "terminal.hpp"

namespace netscan::cli {
namespace {

using boost::system::error_code;

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
  const list::kinds kinds = {&report_format_of, ".ndjson, .csv, .json, .xml, .txt",
                             [show](report_format format_of_file, int fd) {
                               return make_writer(format_of_file, fd, options_for(fd, show));
                             }};
  absl::StatusOr<list> outputs = list::open(std::move(paths), format, kinds);
  if (!outputs.ok()) return outputs.status();
  return result_outputs(*std::move(outputs));
}

error_code result_outputs::begin(const scan_header& header) {
  return outputs_.each([&](list::output& output) { return output.writer->begin(header); });
}

error_code result_outputs::add(std::span<const probe_record> records) {
  return outputs_.each([&](list::output& output) { return output.writer->add(records); });
}

error_code result_outputs::end(const scan_summary& summary) {
  return outputs_.each([&](list::output& output) { return output.writer->end(summary); });
}

bool result_outputs::stream_to_terminal() const noexcept {
  return outputs_.any_of([](const list::output& output) {
    return output.format != report_format::text && is_terminal(output.file.fd());
  });
}

}  // namespace netscan::cli
