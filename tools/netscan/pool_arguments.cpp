#include "pool_arguments.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "messages.hpp"
#include "netscan/remedy/metallb_version.hpp"
#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"
#include "netscan/target/target_list.hpp"

namespace netscan::cli {
namespace {

void add_bgp_options(CLI::App& command, pool_arguments& a) {
  command
      .add_option("--aggregation-length", a.aggregation_length,
                  "BGP: advertise addresses rolled up into prefixes of this length, 1 to 32")
      ->type_name("N");
  command
      .add_option("--aggregation-length-v6", a.aggregation_length_v6, "The same for IPv6, 1 to 128")
      ->type_name("N");
  command.add_option("--local-pref", a.local_pref, "BGP: LOCAL_PREF, for IBGP peers")
      ->type_name("N");
  command
      .add_option("--community", a.communities,
                  "BGP: communities, 65535:65282, large:1:2:3 or the name of one")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--peer", a.peers, "BGP: advertise to these BGPPeers only (crd)")
      ->delimiter(',')
      ->allow_extra_args(false);
}

}  // namespace

void add_selection_options(CLI::App& command, pool_arguments& a) {
  command
      .add_option(
          "RESULTS", a.results,
          "Results of `sweep` from where the service is used (ndjson, json, xml), or nmap's "
          "or masscan's; - is standard input. With several vantages an address must be "
          "good from all")
      ->type_name("FILE")
      ->required();
  command
      .add_option("--owners", a.owners,
                  "Results of a sweep from a node on the addresses' own link (--timeout 4s): "
                  "they tell who owns an address")
      ->type_name("FILE")
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
  command
      .add_option("--nodes", a.nodes,
                  "Addresses of the cluster's nodes, never to take either (those of the scanning "
                  "hosts are known)")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--ours", a.ours, "Addresses that are your own, such as the old VIP")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_flag("--allow-tarpit", a.allow_tarpit,
                   "Take open addresses also where nearly everything that was asked is open, which "
                   "looks like a tarpit or a SYN proxy (those of --ours are taken anyway)");
  command.add_option("--prefer", a.prefer, "Addresses to take first, in this order")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--max", a.max, "Take at most so many");
}

void add_pool_options(CLI::App& command, pool_arguments& a) {
  command
      .add_option("--metallb-version", a.metallb_version,
                  "The MetalLB in use, such as 0.13.7: chooses the format, and refuses what it "
                  "does not read")
      ->type_name("V");
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
  add_bgp_options(command, a);
  command
      .add_option("--allocation-namespace", a.allocation_namespaces,
                  "Only Services in these namespaces get an address (crd, MetalLB 0.13.8)")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("--allocation-priority", a.allocation_priority,
                  "Among pools the lowest number is used first (crd, MetalLB 0.13.8)")
      ->type_name("N");
}

absl::StatusOr<std::vector<scan_results>> read_all_results(const std::vector<std::string>& paths) {
  std::vector<scan_results> scans;
  for (const std::string& path : paths) {
    absl::StatusOr<results_file> file = read_results(path);
    if (!file.ok()) return file.status();
    for (const std::string& notice : file->notices) note(notice);
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
  struct {
    const std::vector<std::string>& texts;
    address_set& set;
  } const sets[] = {{arguments.exclude, options.exclude},
                    {arguments.nodes, options.nodes},
                    {arguments.ours, options.ours}};
  for (const auto& [texts, set] : sets) {
    absl::StatusOr<address_set> addresses = read_addresses(texts);
    if (!addresses.ok()) return addresses.status();
    set = *std::move(addresses);
  }
  for (const std::string& text : arguments.prefer) {
    absl::StatusOr<ip_address> address = parse_ip_address(text);
    if (!address.ok()) return address.status();
    options.prefer.push_back(*address);
  }
  options.allow_tarpit = arguments.allow_tarpit;
  options.max = arguments.max;
  return options;
}

absl::StatusOr<pool_options> read_pool_options(const pool_arguments& arguments) {
  pool_options options;
  if (!arguments.metallb_version.empty()) {
    absl::StatusOr<metallb_version> version = parse_metallb_version(arguments.metallb_version);
    if (!version.ok()) return version.status();
    options.version = *version;
    options.format = default_pool_format(*version);
  }
  if (!arguments.format.empty()) options.format = *parse_pool_format(arguments.format);
  options.name = arguments.name;
  options.name_space = arguments.name_space;
  options.protocol = *parse_pool_protocol(arguments.protocol);
  options.auto_assign = arguments.auto_assign;
  options.avoid_buggy_ips = arguments.avoid_buggy_ips;
  options.aggregate = *parse_pool_aggregate(arguments.aggregate);
  options.bgp = {arguments.aggregation_length, arguments.aggregation_length_v6,
                 arguments.local_pref, arguments.communities, arguments.peers};
  options.allocation = {arguments.allocation_namespaces, arguments.allocation_priority};
  if (absl::Status status = validate(options); !status.ok()) return status;
  return options;
}

absl::StatusOr<candidate_list> choose_candidates(const pool_arguments& arguments) {
  absl::StatusOr<candidate_options> options = read_candidate_options(arguments);
  if (!options.ok()) return options.status();
  absl::StatusOr<std::vector<scan_results>> clients = read_all_results(arguments.results);
  if (!clients.ok()) return clients.status();
  absl::StatusOr<std::vector<scan_results>> owners = read_all_results(arguments.owners);
  if (!owners.ok()) return owners.status();
  absl::StatusOr<candidate_list> list = find_candidates(*clients, *owners, *options);
  if (!list.ok()) return list.status();
  for (const std::string& notice : list->notices) note(notice);
  return list;
}

}  // namespace netscan::cli
