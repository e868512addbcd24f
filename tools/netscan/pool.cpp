// netscan pool: from scan results to a MetalLB address pool.
#include <fmt/format.h>

#include <memory>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "netscan/remedy/candidates.hpp"
#include "netscan/remedy/metallb.hpp"
#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"
#include "netscan/target/target_list.hpp"
#include "output_file.hpp"

namespace netscan::cli {
namespace {

struct pool_arguments {
  std::vector<std::string> results;
  std::vector<std::string> owners;
  std::string select = "open";
  std::string ports = "80,443";
  std::vector<std::string> exclude;
  std::vector<std::string> ours;
  std::vector<std::string> prefer;
  std::optional<std::size_t> max;
  std::string format = "crd";
  std::string name = "default";
  std::string name_space = "metallb-system";
  std::string protocol = "layer2";
  bool auto_assign = true;
  bool avoid_buggy_ips = false;
  std::string aggregate = "none";
  std::string output = "-";
};

absl::StatusOr<std::vector<scan_results>> read_all(const std::vector<std::string>& paths) {
  std::vector<scan_results> scans;
  for (const std::string& path : paths) {
    absl::StatusOr<results_file> file = read_results(path);
    if (!file.ok()) return file.status();
    for (const std::string& notice : file->notices) complain(notice);
    std::move(file->scans.begin(), file->scans.end(), std::back_inserter(scans));
  }
  return scans;
}

absl::StatusOr<address_set> read_addresses(const std::vector<std::string>& texts) {
  if (texts.empty()) return address_set();
  absl::StatusOr<target_list> list = parse_targets(texts);
  if (!list.ok()) return list.status();
  if (!list->names.empty()) {
    return invalid_argument("'{}' is a name; expected addresses", list->names.front());
  }
  return list->addresses;
}

absl::StatusOr<candidate_options> read_candidate_options(const pool_arguments& arguments) {
  candidate_options options;
  absl::StatusOr<port_set> ports = parse_ports(arguments.ports);
  if (!ports.ok()) return ports.status();
  options.ports = *std::move(ports);
  options.selection = *parse_candidate_selection(arguments.select);
  absl::StatusOr<address_set> exclude = read_addresses(arguments.exclude);
  if (!exclude.ok()) return exclude.status();
  options.exclude = *std::move(exclude);
  absl::StatusOr<address_set> ours = read_addresses(arguments.ours);
  if (!ours.ok()) return ours.status();
  options.ours = *std::move(ours);
  for (const std::string& text : arguments.prefer) {
    absl::StatusOr<ip_address> address = parse_ip_address(text);
    if (!address.ok()) return address.status();
    options.prefer.push_back(*address);
  }
  options.max = arguments.max;
  return options;
}

pool_options read_pool_options(const pool_arguments& arguments) {
  pool_options options;
  options.format = *parse_pool_format(arguments.format);
  options.name = arguments.name;
  options.name_space = arguments.name_space;
  options.protocol = *parse_pool_protocol(arguments.protocol);
  options.auto_assign = arguments.auto_assign;
  options.avoid_buggy_ips = arguments.avoid_buggy_ips;
  options.aggregate = *parse_pool_aggregate(arguments.aggregate);
  return options;
}

int run_pool(const pool_arguments& arguments) {
  absl::StatusOr<candidate_options> options = read_candidate_options(arguments);
  if (!options.ok()) return refuse(options.status());
  absl::StatusOr<std::vector<scan_results>> clients = read_all(arguments.results);
  if (!clients.ok()) return refuse(clients.status());
  absl::StatusOr<std::vector<scan_results>> owners = read_all(arguments.owners);
  if (!owners.ok()) return refuse(owners.status());

  absl::StatusOr<candidate_list> list = find_candidates(*clients, *owners, *options);
  if (!list.ok()) return refuse(list.status());
  for (const std::string& notice : list->notices) complain(notice);
  absl::StatusOr<std::string> pool = metallb_pool(*list, read_pool_options(arguments));
  if (!pool.ok()) {
    complain(message_of(pool.status()));
    return absl::IsFailedPrecondition(pool.status()) ? no : wrong_usage;
  }
  if (const absl::Status written = write_file(arguments.output, *pool); !written.ok()) {
    complain(message_of(written));
    return host_failed;
  }
  return yes;
}

void add_selection_options(CLI::App& command, pool_arguments& a) {
  command
      .add_option("RESULTS", a.results,
                  "Results of `sweep` from where the service is used; - is standard input. With "
                  "several vantages an address must be good from all")
      ->required();
  command
      .add_option("--owners", a.owners,
                  "Results of a sweep from a node on the addresses' own link (--timeout 4s): "
                  "they tell who owns an address")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      .add_option("--select", a.select,
                  "open: somebody answers there; free: let through, and nobody there; passable: "
                  "both, and what is closed")
      ->check(CLI::IsMember({"open", "free", "passable"}))
      ->capture_default_str();
  command.add_option("-p,--ports", a.ports, "Ports that the service needs, all of them")
      ->capture_default_str();
  command.add_option("--exclude", a.exclude, "Addresses never to take, as `sweep` reads targets")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--ours", a.ours, "Addresses that are your own, such as the old VIP")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--prefer", a.prefer, "Addresses to take first, in this order")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--max", a.max, "Take at most so many");
}

void add_format_options(CLI::App& command, pool_arguments& a) {
  command
      .add_option("--format", a.format,
                  "crd for MetalLB 0.13 and later; configmap and helm-values (configInline) up to "
                  "0.12")
      ->check(CLI::IsMember({"crd", "configmap", "helm-values"}))
      ->capture_default_str();
  command.add_option("--name", a.name, "Name of the pool")->capture_default_str();
  command.add_option("--namespace", a.name_space, "The namespace MetalLB runs in")
      ->capture_default_str();
  command.add_option("--protocol", a.protocol, "How MetalLB announces the addresses")
      ->check(CLI::IsMember({"layer2", "bgp"}))
      ->capture_default_str();
  command.add_flag("--auto-assign,!--no-auto-assign", a.auto_assign,
                   "Whether Services that ask for no pool may get an address of this one "
                   "(default: yes)");
  command.add_flag("--avoid-buggy-ips", a.avoid_buggy_ips, "Never hand out .0 and .255");
  command
      .add_option("--aggregate", a.aggregate,
                  "none: an entry for each address; cidr, range: as few entries as hold them")
      ->check(CLI::IsMember({"none", "cidr", "range"}))
      ->capture_default_str();
  command.add_option("-o,--output", a.output, "File to write; it is replaced as a whole, or not")
      ->capture_default_str();
}

}  // namespace

void add_pool(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<pool_arguments>();
  CLI::App* const command = app.add_subcommand(
      "pool", "Select addresses from scan results and print MetalLB's address pool");
  add_selection_options(*command, *arguments);
  add_format_options(*command, *arguments);
  command->footer(
      "Examples:\n"
      "  netscan pool pc.ndjson\n"
      "  netscan pool pc.ndjson --format helm-values -o metallb-values.yaml\n"
      "  netscan pool pc.ndjson --owners node.ndjson --select free --max 2\n"
      "\n"
      "Exit codes: 0 a pool was written; 1 no address can be taken; 2 wrong usage or bad input.");
  command->callback([arguments, &exit] { exit = run_pool(*arguments); });
}

}  // namespace netscan::cli
