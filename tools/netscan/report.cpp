// netscan report: results as one HTML page.

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "messages.hpp"
#include "netscan/diagnose/compare.hpp"
#include "netscan/report/page.hpp"
#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"
#include "output_file.hpp"
#include "page_parts.hpp"
#include "pool_arguments.hpp"

namespace netscan::cli {
namespace {

struct report_arguments {
  pool_arguments selection;
  bool has_ports = false;
  std::string title;
  std::string output = "-";
};

absl::StatusOr<std::vector<results_file>> read_files(const std::vector<std::string>& paths) {
  std::vector<results_file> files;
  for (const std::string& path : paths) {
    absl::StatusOr<results_file> file = read_results(path);
    if (!file.ok()) return file.status();
    for (const std::string& notice : file->notices) note(notice);
    files.push_back(*std::move(file));
  }
  return files;
}

std::vector<scan_results> scans_of(const std::vector<results_file>& files) {
  std::vector<scan_results> scans;
  for (const results_file& file : files) {
    scans.insert(scans.end(), file.scans.begin(), file.scans.end());
  }
  return scans;
}

bool asks_each(const std::vector<scan_results>& scans, const port_set& ports) {
  std::set<std::uint16_t> asked;
  for (const scan_results& scan : scans) {
    for (const probe_record& probe : scan.probes) {
      if (ports.contains(probe.port)) asked.insert(probe.port);
    }
  }
  return asked.size() == ports.size();
}

/// Where not even the default ports were asked there are no candidates to show.
absl::Status add_candidates(page_options& page, const std::vector<scan_results>& clients,
                            const std::vector<scan_results>& owners,
                            const report_arguments& arguments) {
  absl::StatusOr<candidate_options> options = read_candidate_options(arguments.selection);
  if (!options.ok()) return options.status();
  if (!arguments.has_ports && !asks_each(clients, options->ports)) return absl::OkStatus();
  absl::StatusOr<candidate_list> list = find_candidates(clients, owners, *options);
  if (!list.ok()) return list.status();
  for (const std::string& notice : list->notices) note(notice);
  page.candidates = page_candidates_of(*list);
  return absl::OkStatus();
}

void add_differences(page_options& page, const std::vector<results_file>& files) {
  std::set<std::string> vantages;
  for (const results_file& file : files) {
    for (const scan_results& scan : file.scans) vantages.insert(scan.header.vantage);
  }
  if (vantages.size() < 2) return;
  // The one thing that may be wrong then is that they were asked about nothing in common.
  absl::StatusOr<comparison> compared = compare(files);
  if (!compared.ok()) return complain(message_of(compared.status()));
  add_to_page(page, *compared);
}

int run_report(const report_arguments& arguments) {
  absl::StatusOr<std::vector<results_file>> clients = read_files(arguments.selection.results);
  if (!clients.ok()) return refuse(clients.status());
  absl::StatusOr<std::vector<results_file>> owners = read_files(arguments.selection.owners);
  if (!owners.ok()) return refuse(owners.status());

  std::vector<scan_results> scans = scans_of(*clients);
  if (scans.empty()) return refuse(invalid_argument("RESULTS hold no scan: a report is of sweeps"));
  const std::vector<scan_results> owner_scans = scans_of(*owners);
  page_options page;
  page.title = arguments.title;
  if (const absl::Status status = add_candidates(page, scans, owner_scans, arguments);
      !status.ok()) {
    return refuse(status);
  }
  std::vector<results_file> files = *std::move(clients);
  std::move(owners->begin(), owners->end(), std::back_inserter(files));
  add_differences(page, files);

  scans.insert(scans.end(), owner_scans.begin(), owner_scans.end());
  if (const absl::Status written = write_file(arguments.output, results_page(scans, page));
      !written.ok()) {
    complain(message_of(written));
    return host_failed;
  }
  return yes;
}

}  // namespace

void add_report(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<report_arguments>();
  CLI::App* const command =
      app.add_subcommand("report", "Show results as one HTML page: maps, tables, evidence");
  add_selection_options(*command, arguments->selection);
  command->add_option("--title", arguments->title, "Of the page [the targets and the vantages]");
  command
      ->add_option("-o,--output", arguments->output,
                   "File to write; it is replaced as a whole, or not")
      ->type_name("FILE")
      ->capture_default_str();
  command->footer(
      "The page needs no network and no other file. Results of several vantages stand side by\n"
      "side, with what differs, and from three on with a heat map of who reaches what. The "
      "options\n"
      "that choose addresses are those of `pool`, for the candidates on the page; without --ports\n"
      "these are left out when a port they need was not asked.\n"
      "\n"
      "Examples:\n"
      "  netscan report pc.ndjson -o pc.html\n"
      "  netscan report pc.ndjson --owners node.ndjson --select free -o lab.html\n"
      "  netscan report pc.ndjson node.ndjson --title 'Before the change' -o before.html\n"
      "  netscan sweep 10.0.0.0/24 -p 80,443 --format ndjson | netscan report - -o now.html\n"
      "\n"
      "Exit codes: 0 the page is written; 2 wrong usage or bad input; 3 it could not be written.");
  command->callback([arguments, command, &exit] {
    arguments->has_ports = command->count("--ports") != 0;
    exit = run_report(*arguments);
  });
}

}  // namespace netscan::cli
