// netscan pool: from scan results to a MetalLB address pool.
#include <fmt/format.h>

#include <memory>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "netscan/remedy/candidate_report.hpp"
#include "netscan/remedy/candidates.hpp"
#include "netscan/remedy/metallb.hpp"
#include "netscan/target/status.hpp"
#include "output_file.hpp"
#include "pool_arguments.hpp"

namespace netscan::cli {
namespace {

struct pool_command {
  pool_arguments pool;
  std::string format;
  bool explain = false;
  std::string output = "-";
};

int write(const std::string& path, std::string_view text, int answer) {
  if (const absl::Status written = write_file(path, text); !written.ok()) {
    complain(message_of(written));
    return host_failed;
  }
  return answer;
}

int run_pool(pool_command command) {
  const bool json = command.format == "json";
  if (!json) command.pool.format = command.format;
  absl::StatusOr<pool_options> options = read_pool_options(command.pool);
  if (!options.ok()) return refuse(options.status());
  absl::StatusOr<candidate_list> list = choose_candidates(command.pool);
  if (!list.ok()) return refuse(list.status());
  if (json || command.explain) {
    return write(command.output, json ? candidates_json(*list) : candidates_text(*list),
                 list->chosen.empty() ? no : yes);
  }
  absl::StatusOr<std::string> pool = metallb_pool(*list, *options);
  if (!pool.ok()) {
    complain(message_of(pool.status()));
    return absl::IsFailedPrecondition(pool.status()) ? no : wrong_usage;
  }
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
  command->add_flag("--explain", arguments->explain,
                    "Instead of the pool, say of every address why it is taken or refused");
  add_pool_options(*command, arguments->pool);
  command
      ->add_option("-o,--output", arguments->output,
                   "File to write; it is replaced as a whole, or not")
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  netscan pool pc.ndjson\n"
      "  netscan pool pc.ndjson --explain\n"
      "  netscan pool pc.ndjson --metallb-version 0.10.2 --format helm-values -o values.yaml\n"
      "  netscan pool pc.ndjson --owners node.ndjson --select free --max 2\n"
      "  netscan pool pc.ndjson --protocol bgp --aggregate cidr --community 65535:65282\n"
      "\n"
      "Exit codes: 0 a pool was written; 1 no address can be taken; 2 wrong usage or bad input.");
  command->callback([arguments, &exit] { exit = run_pool(*arguments); });
}

}  // namespace netscan::cli
