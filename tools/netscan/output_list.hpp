#pragma once

#include <absl/status/statusor.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/system/error_code.hpp>

#include "netscan/target/status.hpp"
#include "output_file.hpp"

namespace netscan::cli {

/// The files that the same results go to, each written in its format by a writer of its own.
template <typename Format, typename Writer>
class output_list {
 public:
  struct output {
    output_file file;
    Format format;
    std::unique_ptr<Writer> writer;  // none once it has failed
  };

  /// How a format is told, and written.
  struct kinds {
    std::optional<Format> (*format_of)(std::string_view file_name) noexcept;
    /// For the message about a file whose name does not tell it.
    std::string_view endings;
    std::function<std::unique_ptr<Writer>(Format format, int fd)> make_writer;
  };

  /// Opens all of them, or none is touched when the format of one is not known. Without `format`
  /// each file's ending tells it, and standard output is text; no paths mean standard output.
  /// Errors: InvalidArgument for a format that cannot be told; those of open(2).
  static absl::StatusOr<output_list> open(std::vector<std::string> paths,
                                          std::optional<Format> format, const kinds& kinds) {
    if (paths.empty()) paths.emplace_back("-");
    std::vector<Format> formats;
    for (const std::string& path : paths) {
      std::optional<Format> known = format;
      if (!known) known = path == "-" ? Format::text : kinds.format_of(path);
      if (!known) {
        return invalid_argument(
            "cannot tell the format of '{}' from its ending ({}): give --format", path,
            kinds.endings);
      }
      formats.push_back(*known);
    }
    output_list list;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      absl::StatusOr<output_file> file = output_file::open(paths[i]);
      if (!file.ok()) return file.status();
      const int fd = file->fd();
      list.outputs_.push_back({*std::move(file), formats[i], kinds.make_writer(formats[i], fd)});
    }
    return list;
  }

  /// Calls `write` with each output that has not failed, which returns its error. Returns the
  /// first.
  template <typename Write>
  boost::system::error_code each(Write write) {
    boost::system::error_code first;
    for (output& output : outputs_) {
      if (!output.writer) continue;
      const boost::system::error_code error = write(output);
      if (!error) continue;
      output.writer.reset();
      if (!first) first = error;
      if (failed_name_.empty()) failed_name_ = output.file.name();
    }
    return first;
  }

  template <typename Predicate>
  bool any_of(Predicate predicate) const {
    return std::any_of(outputs_.begin(), outputs_.end(), predicate);
  }

  /// The output that failed first; empty when none did.
  const std::string& failed_name() const noexcept { return failed_name_; }

 private:
  std::vector<output> outputs_;
  std::string failed_name_;
};

}  // namespace netscan::cli
