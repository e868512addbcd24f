#include "netscan/report/reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>

#include "chunk_buffer.hpp"
#include "netscan/target/status.hpp"
#include "readers.hpp"

namespace netscan {
namespace {

using detail::format_reader;
using detail::results_builder;

constexpr std::string_view blank = " \t\r\n";
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
// Blank bytes before the first that tells the format.
constexpr std::size_t most_blank = 64U << 10;

std::string_view without_blank(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blank), text.size()));
  return text;
}

/// Whether an object is a document as the json format has it, and not the first of many records:
/// its first member tells. Nothing while that is not there yet.
std::optional<bool> is_document(std::string_view text) {
  const std::string_view first = without_blank(text.substr(1));
  bool may_be = first.empty();
  for (const std::string_view member : {R"("scan")", R"("probes")", R"("summary")"}) {
    if (first.starts_with(member)) return true;
    may_be = may_be || member.starts_with(first);
  }
  return may_be ? std::nullopt : std::optional(false);
}

/// The reader for a file that begins so; null while more of it is needed.
std::unique_ptr<format_reader> reader_for(std::string_view text, bool is_whole,
                                          results_builder& results) {
  const std::string_view first = without_blank(text);
  if (first.starts_with('<')) return detail::make_xml_reader(results);
  if (first.starts_with('[')) return detail::make_json_reader(results);
  std::optional<bool> document = false;
  if (first.starts_with('{')) document = is_document(first);
  if (first.empty()) document = std::nullopt;
  if (document == true) return detail::make_json_reader(results);
  const bool wait = !document && !is_whole && text.size() < most_blank;
  return wait ? nullptr : detail::make_ndjson_reader(results);
}

/// Takes pieces of a file whose format is not known before the first of them.
class file_reader {
 public:
  explicit file_reader(results_builder& results) : results_(results) {}

  absl::Status take(std::string_view& text) {
    if (!reader_ && text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    if (!reader_) reader_ = reader_for(text, false, results_);
    return reader_ ? reader_->take(text) : absl::OkStatus();
  }

  absl::Status take_last(std::string_view text) {
    if (reader_) return reader_->take_last(text);
    if (without_blank(text).empty()) {
      return invalid_argument(
          "{}: holds no results: it is empty, as a scanner leaves it that found nothing or was "
          "killed",
          results_.name());
    }
    reader_ = reader_for(text, true, results_);
    const absl::Status status = reader_->take(text);
    return status.ok() ? reader_->take_last(text) : status;
  }

 private:
  results_builder& results_;
  std::unique_ptr<format_reader> reader_;
};

/// Reads all of a descriptor. `name` is for messages.
absl::StatusOr<results_file> read_descriptor(int fd, const std::string& name,
                                             const probe_visitor* visit) {
  results_builder results(name, visit);
  file_reader reader(results);
  detail::chunk_buffer chunks;
  for (;;) {
    const ssize_t count = chunks.read_from(fd);
    if (count < 0) return absl::ErrnoToStatus(errno, fmt::format("cannot read '{}'", name));
    std::string_view text = chunks.view();
    absl::Status status = count > 0 ? reader.take(text) : reader.take_last(text);
    if (!status.ok()) return status;
    if (count == 0) return std::move(results).finish();
    chunks.keep(text.size());
  }
}

absl::StatusOr<results_file> read_file(const std::string& path, const probe_visitor* visit) {
  if (path == "-") return read_descriptor(STDIN_FILENO, "standard input", visit);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, fmt::format("cannot read '{}'", path));
  absl::StatusOr<results_file> file = read_descriptor(fd, path, visit);
  ::close(fd);
  return file;
}

}  // namespace

absl::StatusOr<results_file> parse_results(std::string_view text, std::string_view name) {
  results_builder results{std::string(name)};
  file_reader reader(results);
  absl::Status status = reader.take(text);
  if (status.ok()) status = reader.take_last(text);
  if (!status.ok()) return status;
  return std::move(results).finish();
}

absl::StatusOr<results_file> read_results(const std::string& path) {
  return read_file(path, nullptr);
}

absl::StatusOr<results_file> read_results(const std::string& path, const probe_visitor& visit) {
  return read_file(path, &visit);
}

}  // namespace netscan
