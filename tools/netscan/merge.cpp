// netscan merge: the results of a scan's shards, or of several runs of it, as one.
#include "netscan/report/merge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "messages.hpp"
#include "netscan/target/status.hpp"
#include "output_options.hpp"
#include "result_outputs.hpp"

namespace netscan::cli {
namespace {

struct merge_arguments {
  std::vector<std::string> results;
  std::vector<std::string> outputs;
  std::string format;
  std::string show = "open";
  std::string vantage;
};

/// Writes everything; the summary of it. Errors: what is to be said.
absl::StatusOr<scan_summary> write_merged(result_merger& merger, const scan_header& header,
                                          result_outputs& outputs) {
  boost::system::error_code error = outputs.begin(header);
  if (!error) {
    error = merger.hand_out(
        [&](std::span<const probe_record> records) { return outputs.add(records); });
  }
  // Without all records there is no summary that would be true.
  if (!error) error = outputs.end(merger.summary());
  if (!error) return merger.summary();
  const std::string& failed = outputs.failed_name();
  return absl::UnknownError(fmt::format(
      "writing to {} failed: {}", failed.empty() ? "the temporary file" : failed, error.message()));
}

int run_merge(const merge_arguments& arguments) {
  merge_options options;
  if (!arguments.vantage.empty()) options.vantage = arguments.vantage;
  result_merger merger(options);
  for (const std::string& path : arguments.results) {
    if (const absl::Status status = merger.add(path); !status.ok()) {
      const int code = refuse(status);
      return absl::IsResourceExhausted(status) ? host_failed : code;
    }
  }
  absl::StatusOr<scan_header> header = merger.header();
  if (!header.ok()) return refuse(header.status());
  // Only now: an output may be one of the files that were read.
  absl::StatusOr<result_outputs> outputs = result_outputs::open(
      arguments.outputs, parse_report_format(arguments.format), *parse_show(arguments.show));
  if (!outputs.ok()) return refuse(outputs.status());
  absl::StatusOr<scan_summary> merged = write_merged(merger, *header, *outputs);
  if (!merged.ok()) {
    complain(message_of(merged.status()));
    return host_failed;
  }
  for (const std::string& notice : merger.notices()) note(notice);
  const bool is_whole = merger.has_all();
  if (!is_whole) {
    complain(header->is_foreign() ? std::string("not complete: a file is cut off")
                                  : fmt::format("not complete: {} of {} probes have no result",
                                                merged->not_started, merged->planned));
  }
  if (merged->error != 0) {
    complain(fmt::format("{} of {} probes could not be asked", merged->error, merged->planned));
  }
  return is_whole && merged->error == 0 ? yes : host_failed;
}

}  // namespace

void add_merge(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<merge_arguments>();
  CLI::App* const command =
      app.add_subcommand("merge", "Put the results of shards, or of runs of one scan, together");
  merge_arguments& a = *arguments;
  command
      ->add_option("RESULTS", a.results,
                   "Results of `sweep` (ndjson, json, xml), all of one plan: the same targets, "
                   "ports, seed and options; or files of nmap (-oX) or of masscan (-oX, -oJ), "
                   "which need --vantage; - is standard input")
      ->type_name("FILE")
      ->required();
  add_output_options(*command, a.outputs, a.format, a.show);
  command->add_option("--vantage", a.vantage,
                      "What to call the place the scans were made from, when they name several");
  command->footer(
      "Of two records of a probe an answer is kept before silence, silence before an error of the\n"
      "scanning host, and of two of a kind the later. Records come by address, then port.\n"
      "\n"
      "Examples:\n"
      "  netscan merge shard-*.ndjson -o all.ndjson\n"
      "  netscan merge monday.ndjson tuesday.ndjson --show responded\n"
      "  netscan merge pod-*.ndjson --vantage cluster -o cluster.ndjson\n"
      "  netscan merge monday.xml tuesday.xml --vantage office -o nmap.ndjson   # nmap's\n"
      "\n"
      "Exit codes: 0 every probe of the plan has a result (of other tools' files, which do not "
      "say\n"
      "their plan: all in them is merged); 2 wrong usage or bad input, results of different "
      "scans;\n"
      "3 probes are missing, or could not be asked, or an output or the temporary file could not\n"
      "be written.");
  command->callback([arguments, &exit] { exit = run_merge(*arguments); });
}

}  // namespace netscan::cli
