/// Writing endpoint checks while they are made, and for Prometheus.
///
///     auto writer = netscan::make_check_writer(netscan::check_format::text, STDOUT_FILENO, {});
///     writer->add(record);  // any number of times
///     writer->end();
///
/// ndjson and text write each record with one write(2) as it comes; json writes an array, whose
/// records come one by one too. A writer is used by one thread at a time. Who writes to a pipe or
/// socket ignores SIGPIPE.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/system/error_code.hpp>

#include "netscan/check/check_record.hpp"

namespace netscan {

enum class check_format : std::uint8_t { text, json, ndjson };

/// `text`, `json`, `ndjson`; nothing for any other word.
std::optional<check_format> parse_check_format(std::string_view text) noexcept;
/// By a file name's ending (.txt, .json, .ndjson); nothing when it tells none.
std::optional<check_format> check_format_of(std::string_view file_name) noexcept;

struct check_text_options {
  bool layers = false;  ///< what each layer said, below the line that says all
  bool colour = false;  ///< ANSI colours, for a terminal
  unsigned width = 80;  ///< of the terminal, in columns
};

/// For people, printable whatever the server sent: a line with outcome, target and summary,
///
///     failed  10.0.0.60:443: 10.0.0.60 port 443 is filtered: admin-prohibited from 192.168.77.1
///
/// and, when wanted, a few for each layer.
std::string check_text(const check_record& record, const check_text_options& options);

class check_writer {
 public:
  virtual ~check_writer() = default;

  /// Each returns the first error of write(2), after which nothing more is written: EPIPE, ENOSPC.
  virtual boost::system::error_code add(const check_record& record) = 0;
  virtual boost::system::error_code end() = 0;
};

std::unique_ptr<check_writer> make_check_writer(check_format format, int fd,
                                                const check_text_options& options);

/// The records as a file for the textfile collector of Prometheus' node_exporter, in the text
/// exposition format 0.0.4: gauges, each with the labels `vantage` and `target`.
///
/// The label `reason` is check_record::reason(), one of about fifty words, so that the number of
/// time series stays bounded. Targets must differ, or series would occur twice. Of a record with
/// the outcome `stopped` there is nothing.
std::string prometheus_text(std::span<const check_record> records);

}  // namespace netscan
