// netscan compare: what two or more vantages see, what differs, and what that means.
#include "netscan/diagnose/compare.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <optional>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "messages.hpp"
#include "named_file.hpp"
#include "netscan/diagnose/comparison_json.hpp"
#include "netscan/diagnose/comparison_text.hpp"
#include "netscan/diagnose/reachability_output.hpp"
#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"
#include "netscan/target/target_list.hpp"
#include "output_file.hpp"
#include "terminal.hpp"

namespace netscan::cli {
namespace {

struct compare_arguments {
  std::vector<std::string> results;
  std::vector<std::string> only;
  bool all = false;
  bool matrix = false;
  std::string format = "text";
  std::string output = "-";
};

void rename_vantage(results_file& file, const std::string& vantage) {
  for (scan_results& scan : file.scans) scan.header.vantage = vantage;
  for (check_record& check : file.checks) check.vantage = vantage;
  for (trace_record& trace : file.traces) trace.vantage = vantage;
}

absl::StatusOr<std::vector<results_file>> read_all(const std::vector<std::string>& arguments) {
  std::vector<results_file> files;
  for (const std::string& argument : arguments) {
    const named_file named = read_file_argument(argument);
    absl::StatusOr<results_file> file = read_results(named.path);
    if (!file.ok()) return file.status();
    for (const std::string& notice : file->notices) note(notice);
    if (!named.vantage.empty()) rename_vantage(*file, named.vantage);
    files.push_back(*std::move(file));
  }
  return files;
}

absl::StatusOr<compare_options> read_options(const compare_arguments& arguments) {
  compare_options options;
  if (arguments.only.empty()) return options;
  absl::StatusOr<target_list> only = parse_targets(arguments.only);
  if (!only.ok()) return only.status();
  for (const std::string& notice : only->notices) note(notice);
  options.only_addresses = std::move(only->addresses);
  options.only_hosts = std::move(only->names);
  return options;
}

comparison_text_options text_options(const compare_arguments& arguments) {
  comparison_text_options options;
  options.all = arguments.all;
  if (arguments.output == "-") {
    options.colour = wants_colour(STDOUT_FILENO);
    options.width = width(STDOUT_FILENO);
  }
  return options;
}

std::string text_of(const comparison& comparison, const reachability* matrix,
                    const compare_arguments& arguments) {
  if (arguments.format == "json") return comparison_json(comparison, matrix);
  if (arguments.format == "ndjson") return comparison_ndjson(comparison, matrix);
  const comparison_text_options options = text_options(arguments);
  std::string text = comparison_text(comparison, options);
  if (matrix != nullptr) text += '\n' + reachability_text(*matrix, options);
  return text;
}

int put(const std::string& text, bool differ, const compare_arguments& arguments) {
  const absl::Status written = write_file(arguments.output, text);
  if (!written.ok()) {
    complain(message_of(written));
    return host_failed;
  }
  return differ ? no : yes;
}

/// Only who reaches what. Files are read one after the other, and none is kept.
int run_matrix(const compare_arguments& arguments, compare_options options) {
  reachability_builder builder(std::move(options));
  for (const std::string& argument : arguments.results) {
    const named_file named = read_file_argument(argument);
    const auto notices = builder.add_file(named.path, named.vantage);
    if (!notices.ok()) return refuse(notices.status());
    for (const std::string& notice : *notices) note(notice);
  }
  const absl::StatusOr<reachability> matrix = std::move(builder).finish();
  if (!matrix.ok()) return refuse(matrix.status());
  for (const std::string& notice : matrix->notices) note(notice);
  const std::string text = arguments.format == "text"
                               ? reachability_text(*matrix, text_options(arguments))
                               : reachability_json(*matrix) + '\n';
  return put(text, matrix->differ(), arguments);
}

int run_compare(const compare_arguments& arguments) {
  absl::StatusOr<compare_options> options = read_options(arguments);
  if (!options.ok()) return refuse(options.status());
  if (arguments.matrix) return run_matrix(arguments, *std::move(options));
  absl::StatusOr<std::vector<results_file>> files = read_all(arguments.results);
  if (!files.ok()) return refuse(files.status());
  absl::StatusOr<comparison> comparison = compare(*files, *options);
  if (!comparison.ok()) return refuse(comparison.status());
  for (const std::string& notice : comparison->notices) note(notice);
  const std::optional<reachability> matrix = reachability_of_many(*files, *options);
  for (const std::string& notice : matrix ? matrix->notices : std::vector<std::string>()) {
    note(notice);
  }
  return put(text_of(*comparison, matrix ? &*matrix : nullptr, arguments), comparison->differ(),
             arguments);
}

}  // namespace

void add_compare(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<compare_arguments>();
  CLI::App* const command = app.add_subcommand(
      "compare", "Say what differs between the results of several vantages, and what that means");
  compare_arguments& a = *arguments;
  command
      ->add_option("RESULTS", a.results,
                   "Results of `sweep` (ndjson, json, xml), `check` and `trace` (json, ndjson), "
                   "nmap's XML and "
                   "masscan's XML and JSON, of two vantages or more; - is standard input. "
                   "NAME=FILE calls the vantage of a file's results NAME, as for "
                   "before=old.ndjson after=new.ndjson")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--only", a.only,
                   "Compare only these addresses and names, written as `sweep` reads targets")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_flag("--all", a.all,
                    "Show also the endpoints that the vantages agree on; without this they are "
                    "shown when nothing differs");
  command->add_flag("--matrix", a.matrix,
                    "Only who reaches what, of any number of vantages: groups of vantages and of "
                    "endpoints, and what explains it; of sweeps, with traces. Files are read one "
                    "after the other and not kept. Without this it is a further section when there "
                    "are three vantages or more");
  command
      ->add_option(
          "--format", a.format,
          "text; json, one document; ndjson, a line for each diagnosis. The last two always "
          "have all endpoints")
      ->check(CLI::IsMember({"text", "json", "ndjson"}))
      ->capture_default_str();
  command->add_option("-o,--output", a.output, "File to write; it is replaced as a whole, or not")
      ->type_name("FILE")
      ->capture_default_str();
  command->footer(
      "Each diagnosis is one sentence: what was seen from where, who said so, and what traces "
      "from\n"
      "there add; then after a colon what follows, or after `inferred:` what is likely.\n"
      "\n"
      "Who reaches what puts vantages together that reach the same, and endpoints that are "
      "reached\n"
      "from the same: + reached (open or closed), - cut, ? unknown (not asked, or not clear), "
      "which\n"
      "never decides. Below are the cuts, smallest first: vantages that reach nothing, endpoints\n"
      "that nobody reaches, groups that are cut off from groups, with the firewall's address "
      "where\n"
      "it rejects. Each pair that is cut is told once.\n"
      "\n"
      "Examples:\n"
      "  netscan compare node.ndjson pc.ndjson\n"
      "  netscan compare node.ndjson pc.ndjson pc-trace.ndjson --only 10.0.0.216\n"
      "  netscan compare before=monday.ndjson after=tuesday.ndjson --all\n"
      "  netscan compare --matrix nodes/*.ndjson\n"
      "  netscan compare *.ndjson --format ndjson | jq -r 'select(.differ) | .sentence'\n"
      "\n"
      "Exit codes: 0 the vantages agree; 1 they differ; 2 wrong usage or bad input;\n"
      "3 the output could not be written.");
  command->callback([arguments, &exit] { exit = run_compare(*arguments); });
}

}  // namespace netscan::cli
