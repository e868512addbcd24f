#include "check_outputs.hpp"

#include "terminal.hpp"

namespace netscan::cli {

using boost::system::error_code;

absl::StatusOr<check_outputs> check_outputs::open(std::vector<std::string> paths,
                                                  std::optional<check_format> format, bool layers) {
  const list::kinds kinds = {
      &check_format_of, ".txt, .json, .ndjson", [layers](check_format format_of_file, int fd) {
        return make_check_writer(format_of_file, fd, {layers, wants_colour(fd), width(fd)});
      }};
  absl::StatusOr<list> outputs = list::open(std::move(paths), format, kinds);
  if (!outputs.ok()) return outputs.status();
  return check_outputs(*std::move(outputs));
}

error_code check_outputs::add(const check_record& record) {
  return outputs_.each([&](list::output& output) { return output.writer->add(record); });
}

error_code check_outputs::add(const check_record& record, std::string_view news) {
  return outputs_.each([&](list::output& output) {
    return output.format == check_format::text ? output.file.write(news)
                                               : output.writer->add(record);
  });
}

error_code check_outputs::add_text(std::string_view text) {
  return outputs_.each([&](list::output& output) {
    return output.format == check_format::text ? output.file.write(text) : error_code();
  });
}

error_code check_outputs::end() {
  return outputs_.each([](list::output& output) { return output.writer->end(); });
}

bool check_outputs::has_json() const noexcept {
  return outputs_.any_of(
      [](const list::output& output) { return output.format == check_format::json; });
}

}  // namespace netscan::cli
