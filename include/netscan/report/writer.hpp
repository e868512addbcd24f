/// Writing results while a scan runs.
///
/// A writer gets the header, then records in whatever order probes end, then the summary; each
/// format is one writer. All write to a file descriptor that the caller owns.
///
///     auto writer = netscan::make_writer(netscan::report_format::ndjson, STDOUT_FILENO, {});
///     writer->begin(header);
///     writer->add(records);  // any number of times
///     writer->end(summary);
///
/// ndjson, csv and json write each record with one write(2) as it comes, and keep none; json is one
/// document with the records of ndjson, and whole only after the end. text writes at the end, and
/// keeps what it will show, one cell for each address of its maps, and a tarpit_watch. xml is
/// nmap's XML (nmap.dtd), for what reads that; it needs the records by address, so it writes them
/// at the end, and until then keeps them in bounded memory and a temporary file in $TMPDIR (its
/// errors are a writer's too). From ndjson, json and xml read_results() reads everything back.
///
/// A writer is used by one thread at a time. Who writes to a pipe or socket ignores SIGPIPE.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include <boost/system/error_code.hpp>

#include "netscan/probe/record.hpp"

namespace netscan {

enum class report_format : std::uint8_t { text, ndjson, csv, json, xml };

std::string_view to_string(report_format format) noexcept;
/// `text`, `ndjson`, `csv`, `json`, `xml`; nothing for any other word.
std::optional<report_format> parse_report_format(std::string_view text) noexcept;
/// By a file name's ending (.ndjson, .csv, .json, .xml, .txt); nothing when it tells none.
std::optional<report_format> report_format_of(std::string_view file_name) noexcept;

/// Which probes a table shows. The other formats always have all of them.
enum class show : std::uint8_t {
  open,       ///< those in state open
  responded,  ///< those with any answer: open, closed, or an ICMP error
  all,
};

std::optional<show> parse_show(std::string_view text) noexcept;

struct writer_options {
  netscan::show show = netscan::show::open;
  bool colour = false;   ///< ANSI colours, for a terminal
  bool unicode = false;  ///< the map in block characters instead of ASCII
  unsigned width = 80;   ///< of the terminal, in columns
};

class result_writer {
 public:
  virtual ~result_writer() = default;

  /// Each returns the first error of write(2), after which nothing more is written: EPIPE, ENOSPC.
  virtual boost::system::error_code begin(const scan_header& header) = 0;
  virtual boost::system::error_code add(std::span<const probe_record> records) = 0;
  virtual boost::system::error_code end(const scan_summary& summary) = 0;
};

std::unique_ptr<result_writer> make_writer(report_format format, int fd,
                                           const writer_options& options);

}  // namespace netscan
