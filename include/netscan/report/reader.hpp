/// Reading results back: netscan's own, and those of nmap and masscan.
///
/// The first character of a file tells its format:
///
///  - `{`: lines of JSON, the format `ndjson`; or one document, the format `json`.
///  - `<`: nmap's XML (`nmap -oX`), masscan's (`-oX`) and netscan's own (the format `xml`).
///  - `[`: masscan's JSON (`-oJ`), or a list of netscan's own records.
///
/// Of other scanners' files (scan_header::is_foreign) little is known beyond the verdicts. The
/// vantage is called as the file, without folder and ending. Each probe has one attempt, which is
/// the least there can have been, and the time of its host's end; there is no RTT, and no summary.
/// Of an ICMP error, type and code are those that the reason's name stands for. What nmap only
/// counts is read when it names the ports, as 7.9x does. masscan writes down only what answered:
/// there are no records of the rest.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/check/check_record.hpp"
#include "netscan/check/trace_record.hpp"
#include "netscan/report/results.hpp"

namespace netscan {

/// What a file holds, and what the user should know about it.
struct results_file {
  std::vector<scan_results> scans;
  /// Endpoint checks, wherever they stand in the file.
  std::vector<check_record> checks;
  /// Traces, likewise.
  std::vector<trace_record> traces;
  /// One sentence each, naming file and line: a last line that is cut off (its writer was killed in
  /// the middle of it) is left out and said here.
  std::vector<std::string> notices;
  /// The file ends before its end: its writer was stopped.
  bool is_cut_off = false;
};

/// Reads NDJSON from text. `name` is for messages.
///
/// Members and record types that are not known are ignored, so that newer versions' files stay
/// readable; members that are missing or of a wrong type or range are errors. So are a record
/// before the first `scan` record, and a text without one. Blank lines are skipped.
///
/// The text may be hostile: a line nests at most 8 deep and is at most 1 MiB long (64 MiB for a
/// `scan` record), and taking it apart uses at most 256 MiB. Messages are one line without control
/// characters. The zone of an address (`fe80::1%eth0`) that this host does not have is left out.
///
/// Errors: InvalidArgument, `NAME:LINE: what is wrong`.
absl::StatusOr<results_file> parse_ndjson(std::string_view text, std::string_view name);

/// Reads results in any format that is known. `name` is for messages, and names the vantage of
/// other scanners' results.
///
/// The text may be hostile here too. XML: no declarations of its own (so no entities that grow),
/// elements nest at most 64 deep, a tag is at most 16 MiB long; netscan's records in it, and those
/// in a JSON document, are read as lines are. A file that is cut off is read up to there, which is
/// said in a notice.
///
/// Errors: as parse_ndjson().
absl::StatusOr<results_file> parse_results(std::string_view text, std::string_view name);

/// Reads a file of results, piece by piece: it is never in memory as a whole. `-` is standard
/// input. Errors: as parse_results(), and those of opening and reading.
absl::StatusOr<results_file> read_results(const std::string& path);

/// Takes the probes of a file one by one: the number of the scan in the file, from 0, its header,
/// and the record. Returns what is wrong with the record, which ends the reading; or nothing.
using probe_visitor = std::function<std::string(std::size_t scan, const scan_header& header,
                                                const probe_record& record)>;

/// The same, with the probes handed out as they are read instead of kept, so that memory does not
/// grow with the file. Errors: also what `visit` returns, with the place.
absl::StatusOr<results_file> read_results(const std::string& path, const probe_visitor& visit);

}  // namespace netscan
