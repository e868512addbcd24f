// netscan pool: from scan results to a MetalLB address pool.
#include <fmt/format.h>

#include <memory>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "input_file.hpp"
#include "messages.hpp"
#include "netscan/remedy/candidate_report.hpp"
#include "netscan/remedy/candidates.hpp"
#include "netscan/remedy/metallb.hpp"
#include "netscan/remedy/metallb_file.hpp"
#include "netscan/target/status.hpp"
#include "output_file.hpp"
#include "pool_arguments.hpp"

namespace netscan::cli {
namespace {

struct pool_command {
  pool_arguments pool;
  std::string format;
  bool explain = false;
  std::string check;
  std::string merge;
  std::string output = "-";
};

int write(const std::string& path, std::string_view text, int answer) {
  if (const absl::Status written = write_file(path, text); !written.ok()) {
    complain(message_of(written));
    return host_failed;
  }
  return answer;
}

/// What is wrong with the pool, or with the file that it is compared with.
int complain_of(const absl::Status& status, std::string_view file = "") {
  const bool none = absl::IsFailedPrecondition(status);
  complain(file.empty() || none ? std::string(message_of(status))
                                : fmt::format("{}: {}", file, message_of(status)));
  return none ? no : wrong_usage;
}

/// The name of a file in messages.
std::string name_of(const std::string& path) {
  return path == "-" ? "standard input" : printable(path);
}

int check_file(const pool_command& command, std::string_view text, const candidate_list& list,
               const pool_options& options) {
  const std::string file = name_of(command.check);
  const auto drift = pool_drift(text, list, options);
  if (!drift.ok()) return complain_of(drift.status(), file);
  std::string report = drift->empty()
                           ? fmt::format("{}: pool {} is as asked for\n", file, options.name)
                           : fmt::format("{}: pool {} is not as asked for:\n", file, options.name);
  for (const std::string& clause : *drift) report += fmt::format("  {}\n", clause);
  return write(command.output, report, drift->empty() ? yes : no);
}

int run_pool(pool_command command) {
  const bool json = command.format == "json";
  const std::string& existing = command.check.empty() ? command.merge : command.check;
  std::string text;
  if (!json) command.pool.format = command.format;
  if (!existing.empty()) {
    absl::StatusOr<std::string> read = read_file(existing);
    if (!read.ok()) return refuse(read.status());
    text = *std::move(read);
    const absl::StatusOr<existing_pools> pools = read_pools(text);
    if (!pools.ok()) return complain_of(pools.status(), name_of(existing));
    if (command.format.empty()) command.pool.format = to_string(pools->format);
  }
  absl::StatusOr<pool_options> options = read_pool_options(command.pool);
  if (!options.ok()) return refuse(options.status());
  absl::StatusOr<candidate_list> list = choose_candidates(command.pool);
  if (!list.ok()) return refuse(list.status());
  if (json || command.explain) {
    return write(command.output, json ? candidates_json(*list) : candidates_text(*list),
                 list->chosen.empty() ? no : yes);
  }
  if (!command.check.empty()) return check_file(command, text, *list, *options);
  absl::StatusOr<std::string> pool =
      command.merge.empty() ? metallb_pool(*list, *options) : merge_pool(text, *list, *options);
  if (!pool.ok()) return complain_of(pool.status(), existing.empty() ? "" : name_of(existing));
  return write(command.output, *pool, yes);
}

}  // namespace

void add_pool(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<pool_command>();
  CLI::App* const command = app.add_subcommand(
      "pool", "Select addresses from scan results and print MetalLB's address pool");
  add_selection_options(*command, arguments->pool);
  command
      ->add_option("--format", arguments->format,
                   "crd for MetalLB 0.13 and later; configmap and helm-values (configInline) up to "
                   "0.12; json: every address with its reason [crd, or as --metallb-version "
                   "reads]")
      ->check(CLI::IsMember({"crd", "configmap", "helm-values", "json"}));
  CLI::Option* const explain =
      command->add_flag("--explain", arguments->explain,
                        "Instead of the pool, say of every address why it is taken or refused");
  CLI::Option* const check =
      command
          ->add_option("--check", arguments->check,
                       "Instead of writing a pool, say what the one in this file has too few or "
                       "too many of; any format")
          ->type_name("FILE")
          ->excludes(explain);
  command
      ->add_option("--merge", arguments->merge,
                   "Write this file with the pool added to it, all else kept; its format is taken")
      ->type_name("FILE")
      ->excludes(explain)
      ->excludes(check);
  add_pool_options(*command, arguments->pool);
  command
      ->add_option("-o,--output", arguments->output,
                   "File to write; it is replaced as a whole, or not")
      ->type_name("FILE")
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  netscan pool pc.ndjson\n"
      "  netscan pool pc.ndjson --explain\n"
      "  netscan pool pc.ndjson --metallb-version 0.10.2 --format helm-values -o values.yaml\n"
      "  netscan pool pc.ndjson --owners node.ndjson --select free --max 2\n"
      "  netscan pool pc.ndjson --protocol bgp --aggregate cidr --community 65535:65282\n"
      "  netscan pool pc.ndjson --check metallb.yaml\n"
      "  netscan pool pc.ndjson --merge metallb.yaml -o metallb.yaml\n"
      "\n"
      "Exit codes: 0 a pool was written, or is as asked for; 1 no address can be taken, or "
      "--check\n"
      "found a difference; 2 wrong usage or bad input.");
  command->callback([arguments, &exit] { exit = run_pool(*arguments); });
}

}  // namespace netscan::cli
