// netscan compare: what two or more vantages see, what differs, and what that means.
#include "netscan/diagnose/compare.hpp"

#include <unistd.h>

#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "messages.hpp"
#include "named_file.hpp"
#include "netscan/diagnose/comparison_json.hpp"
#include "netscan/diagnose/comparison_text.hpp"
#include "netscan/diagnose/reachability_output.hpp"
#include "netscan/report/page.hpp"
#include "netscan/target/status.hpp"
#include "netscan/target/target_list.hpp"
#include "output_file.hpp"
#include "page_parts.hpp"
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

/// Takes the files in, one after the other. Builders are of one kind or the other.
template <typename Builder>
absl::Status add_all(Builder& builder, const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    const named_file named = read_file_argument(argument);
    const auto notices = builder.add_file(named.path, named.vantage);
    if (!notices.ok()) return notices.status();
    for (const std::string& notice : *notices) note(notice);
  }
  return absl::OkStatus();
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

void write(const comparison& comparison, const compare_arguments& arguments,
           const text_sink& sink) {
  if (arguments.format == "json") return comparison_json(comparison, sink);
  if (arguments.format == "ndjson") return comparison_ndjson(comparison, sink);
  if (arguments.format == "text") return sink(comparison_text(comparison, text_options(arguments)));
  page_options page;
  add_to_page(page, comparison);
  sink(results_page({}, page));
}

void write(const reachability& matrix, const compare_arguments& arguments, const text_sink& sink) {
  if (arguments.format == "text") return sink(reachability_text(matrix, text_options(arguments)));
  if (arguments.format != "html") return sink(reachability_json(matrix) + '\n');
  page_options page;
  page.matrix = page_matrix_of(matrix);
  sink(results_page({}, page));
}

/// Where there is no room for the records of a comparison, this host has failed, not the user.
int refuse_to_compare(const absl::Status& status) {
  const int code = refuse(status);
  return absl::IsResourceExhausted(status) ? host_failed : code;
}

template <typename Result>
int put(const Result& result, const compare_arguments& arguments) {
  for (const std::string& notice : result.notices) note(notice);
  absl::StatusOr<replacing_file> file = replacing_file::open(arguments.output);
  absl::Status written = file.status();
  if (file.ok()) {
    write(result, arguments, [&](std::string_view piece) { file->write(piece); });
    written = std::move(*file).commit();
  }
  if (!written.ok()) {
    complain(message_of(written));
    return host_failed;
  }
  if (result.differ()) return no;
  return result.is_known() ? yes : host_failed;
}

template <typename Builder>
int run_with(Builder builder, const compare_arguments& arguments) {
  if (const absl::Status added = add_all(builder, arguments.results); !added.ok()) {
    return refuse_to_compare(added);
  }
  const auto result = std::move(builder).finish();
  return result.ok() ? put(*result, arguments) : refuse_to_compare(result.status());
}

int run_compare(const compare_arguments& arguments) {
  absl::StatusOr<compare_options> options = read_options(arguments);
  if (!options.ok()) return refuse(options.status());
  if (!arguments.matrix) return run_with(comparison_builder(*std::move(options)), arguments);
  if (!options->only_hosts.empty()) {
    return refuse(invalid_argument(
        "--only {}: --matrix is of addresses, and no scan has a name: expected an address",
        options->only_hosts.front()));
  }
  return run_with(reachability_builder(*std::move(options)), arguments);
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
                    "endpoints, and what explains it; of sweeps, with traces. Without this it is a "
                    "further section when there are three vantages or more");
  command
      ->add_option(
          "--format", a.format,
          "text; json, one document; ndjson, a line for each diagnosis; html, a page, with a heat "
          "map of three vantages or more. json and ndjson always have all endpoints")
      ->check(CLI::IsMember({"text", "json", "ndjson", "html"}))
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
      "Files are read one after the other, and their records are not kept in memory: what does "
      "not\n"
      "fit goes to a temporary file in $TMPDIR.\n"
      "\n"
      "Examples:\n"
      "  netscan compare node.ndjson pc.ndjson\n"
      "  netscan compare node.ndjson pc.ndjson pc-trace.ndjson --only 10.0.0.216\n"
      "  netscan compare before=monday.ndjson after=tuesday.ndjson --all\n"
      "  netscan compare --matrix nodes/*.ndjson\n"
      "  netscan compare nodes/*.ndjson --format html -o nodes.html\n"
      "  netscan compare *.ndjson --format ndjson | jq -r 'select(.differ) | .sentence'\n"
      "\n"
      "Exit codes: 0 the vantages agree; 1 they differ; 2 wrong usage or bad input;\n"
      "3 nothing is known of any endpoint, or the output or the temporary file could not be\n"
      "written.");
  command->callback([arguments, &exit] { exit = run_compare(*arguments); });
}

}  // namespace netscan::cli
