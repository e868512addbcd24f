// netscan sweep: the scan.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <memory>
#include <random>
#include <thread>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "duration.hpp"
#include "netscan/scan/header.hpp"
#include "netscan/scan/host.hpp"
#include "netscan/scan/preflight.hpp"
#include "netscan/scan/scan.hpp"
#include "netscan/target/plan.hpp"
#include "netscan/target/status.hpp"
#include "progress_line.hpp"
#include "result_outputs.hpp"
#include "signals.hpp"
#include "target_arguments.hpp"
#include "terminal.hpp"

namespace netscan::cli {
namespace {

using boost::system::error_code;
using namespace std::chrono_literals;

struct sweep_arguments {
  std::vector<std::string> targets;
  std::vector<std::string> exclude;
  std::string ports = "top:100";
  std::string timeout = "1100ms";
  std::string timing = "default";
  std::optional<unsigned> retries;
  std::uint64_t rate = 0;
  std::uint32_t concurrency = 0;
  unsigned threads = 0;
  std::uint32_t per_address = scan_options().per_address;
  std::uint32_t per_network = scan_options().per_network;
  std::optional<std::uint64_t> seed;
  std::string order = "permuted";
  std::string shard = "1/1";
  std::string vantage;
  std::string show = "open";
  std::string format;
  std::vector<std::string> outputs;
  bool dry_run = false;
};

std::string host_name() {
  char name[256] = "";
  ::gethostname(name, sizeof name - 1);
  return name[0] == '\0' ? "localhost" : name;
}

std::uint64_t random_seed() {
  return std::random_device{}();
}

/// Everything that is needed to start, made from the arguments. Nothing is written before it is.
struct prepared_sweep {
  netscan::plan plan;
  scan_options options;
  scan_header header;
};

absl::StatusOr<scan_options> read_options(const sweep_arguments& arguments) {
  scan_options options;
  absl::StatusOr<std::chrono::milliseconds> timeout = parse_duration(arguments.timeout);
  if (!timeout.ok()) return timeout.status();
  options.timeout = *timeout;
  options.timing = *parse_timing(arguments.timing);
  options.retries = arguments.retries;
  options.rate = arguments.rate;
  options.concurrency = arguments.concurrency;
  options.threads = arguments.threads;
  options.per_address = arguments.per_address;
  options.per_network = arguments.per_network;
  if (absl::Status status = validate(options); !status.ok()) return status;
  return options;
}

absl::StatusOr<prepared_sweep> prepare(const sweep_arguments& arguments) {
  absl::StatusOr<scan_options> options = read_options(arguments);
  if (!options.ok()) return options.status();
  absl::StatusOr<port_set> ports = parse_ports(arguments.ports);
  if (!ports.ok()) return ports.status();
  absl::StatusOr<shard> shard = parse_shard(arguments.shard);
  if (!shard.ok()) return shard.status();
  absl::StatusOr<target_list> targets = read_target_arguments(arguments.targets);
  if (!targets.ok()) return targets.status();
  target_list excluded;
  if (!arguments.exclude.empty()) {
    absl::StatusOr<target_list> list = read_target_arguments(arguments.exclude);
    if (!list.ok()) return list.status();
    excluded = *std::move(list);
  }

  plan_options planning;
  planning.seed = arguments.seed.value_or(random_seed());
  planning.order =
      arguments.order == "sequential" ? probe_order::sequential : probe_order::permuted;
  planning.shard = *shard;
  absl::StatusOr<netscan::plan> plan =
      plan::make(targets->addresses - excluded.addresses, *std::move(ports), planning);
  if (!plan.ok()) return plan.status();

  const std::string vantage = arguments.vantage.empty() ? host_name() : arguments.vantage;
  raise_descriptor_limit();
  scan_header header = describe_scan(*plan, *options, vantage);
  header.targets = targets->expressions;
  header.exclude = excluded.expressions;
  return prepared_sweep{*std::move(plan), *options, std::move(header)};
}

void print_limits(const host_limits& limits) {
  fmt::print("this host    {} more files", limits.descriptors);
  if (limits.local_ports) fmt::print(", {} local ports", *limits.local_ports);
  if (limits.neighbors) fmt::print(", {} neighbours", *limits.neighbors);
  if (limits.conntrack_max) {
    fmt::print(", {} of {} connections tracked", limits.conntrack_used.value_or(0),
               *limits.conntrack_max);
  }
  if (limits.memory_kib) fmt::print(", {} MiB of memory", *limits.memory_kib / 1024);
  fmt::print("\n");
}

void print_plan(const prepared_sweep& sweep) {
  const scan_header& h = sweep.header;
  fmt::print("targets      {}\n", fmt::join(h.targets, " "));
  if (!h.exclude.empty()) fmt::print("exclude      {}\n", fmt::join(h.exclude, " "));
  fmt::print("addresses    {}\n", h.addresses);
  fmt::print("ports        {}\n", h.ports);
  fmt::print("probes       {}{}\n", h.planned,
             h.shard_count > 1 ? fmt::format(" of {} (shard {}/{})", sweep.plan.total(),
                                             h.shard_index, h.shard_count)
                               : "");
  fmt::print("order        {}, seed {}\n", h.order, h.seed);
  fmt::print("plan hash    {}\n", h.plan_hash);
  fmt::print("timing       {}: timeout {} ms an attempt, {} retries\n", h.timing, h.timeout_ms,
             h.retries);
  fmt::print("rate         {}\n", h.rate == 0 ? "no limit" : fmt::format("{} probes/s", h.rate));
  fmt::print("in flight    {} at most, {} thread{}\n", h.concurrency, h.threads,
             h.threads == 1 ? "" : "s");
  const auto limit = [](std::uint32_t most) {
    return most == 0 ? std::string("no limit") : fmt::format("{} at most", most);
  };
  fmt::print("an address   {}\n", limit(h.per_address));
  fmt::print("a network    {}, /24 or /64\n", limit(h.per_network));
  print_limits(*h.limits);
  fmt::print("vantage      {}\n", h.vantage);
  for (const source_address& source : h.sources) {
    fmt::print("source       {}/{} on {}\n", source.address, source.prefix, source.interface);
  }
  if (h.sources.empty()) fmt::print("source       no route to the targets\n");
}

/// Scans in a thread, while this one watches the signals and draws the progress.
scan_result scan_and_watch(const prepared_sweep& sweep, result_outputs& outputs,
                           interruption& interruption, bool show_progress) {
  scan_progress progress;
  std::atomic<std::uint64_t> open{0};
  std::promise<scan_result> promise;
  std::future<scan_result> result = promise.get_future();
  std::jthread scanner([&](const std::stop_token& stop) {
    promise.set_value(scan(
        sweep.plan, sweep.options,
        [&](std::span<const probe_record> records) {
          const auto is_open = [](const probe_record& r) {
            return r.reason == probe_reason::syn_ack;
          };
          open +=
              static_cast<std::uint64_t>(std::count_if(records.begin(), records.end(), is_open));
          return outputs.add(records);
        },
        stop, &progress));
  });
  progress_line line(sweep.header.planned, show_progress);
  auto next_draw = std::chrono::steady_clock::now() + 500ms;
  while (result.wait_for(0s) != std::future_status::ready) {
    // Short, for it is also what a scan that is done may have to wait for.
    if (interruption.came_within(2ms)) scanner.request_stop();
    if (std::chrono::steady_clock::now() >= next_draw) {
      line.draw(progress, open);
      next_draw += 200ms;
    }
  }
  line.wipe();
  return result.get();
}

void print_outcome(const scan_summary& s, const std::vector<std::string>& files) {
  complain(fmt::format(
      "{} open, {} closed, {} filtered, {} error of {} probes in {:.2f} s{}", s.open, s.closed,
      s.filtered, s.error, s.planned, static_cast<double>(s.duration_ms) / 1000,
      files.empty() ? "" : fmt::format("; written to {}", fmt::join(files, ", "))));
}

int conclude(const scan_result& result, const result_outputs& outputs,
             const interruption& interruption) {
  const scan_summary& s = result.summary;
  const std::uint64_t settled = s.planned - s.not_started;
  if (interruption.came()) {
    complain(fmt::format("interrupted: {} of {} probes have a result", settled, s.planned));
    return interrupted;
  }
  if (!outputs.failed_name().empty()) {
    complain(fmt::format("writing to {} failed: {}; stopped with {} of {} probes",
                         outputs.failed_name(), result.error.message(), settled, s.planned));
    return host_failed;
  }
  if (result.error) {
    complain(fmt::format("cannot scan: {}", result.error.message()));
    return host_failed;
  }
  if (s.error != 0) {
    complain(fmt::format("this host could not ask {} of {} probes; --show all lists why", s.error,
                         s.planned));
    return host_failed;
  }
  return s.open != 0 ? yes : no;
}

int run_sweep(const sweep_arguments& arguments) {
  absl::StatusOr<prepared_sweep> sweep = prepare(arguments);
  if (!sweep.ok()) return refuse(sweep.status());
  const std::vector<std::string> warnings =
      preflight_warnings(sweep->plan, sweep->options, *sweep->header.limits);
  for (const std::string& warning : warnings) complain("warning: " + warning);
  if (arguments.dry_run) {
    print_plan(*sweep);
    return yes;
  }
  absl::StatusOr<result_outputs> opened = result_outputs::open(
      arguments.outputs, parse_report_format(arguments.format), *parse_show(arguments.show));
  if (!opened.ok()) return refuse(opened.status());
  result_outputs outputs = *std::move(opened);

  interruption interruption;
  scan_result result;
  result.summary.planned = result.summary.not_started = sweep->header.planned;
  result.error = outputs.begin(sweep->header);
  if (!result.error) {
    result = scan_and_watch(*sweep, outputs, interruption,
                            is_terminal(STDERR_FILENO) && !outputs.stream_to_terminal());
  }
  const error_code error = outputs.end(result.summary);
  if (!result.error) result.error = error;
  std::vector<std::string> files = arguments.outputs;
  std::erase(files, "-");
  if (!files.empty()) print_outcome(result.summary, files);
  return conclude(result, outputs, interruption);
}

}  // namespace

void add_sweep(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<sweep_arguments>();
  CLI::App* const command =
      app.add_subcommand("sweep", "Ask every port of every target, and say what each answered");
  sweep_arguments& a = *arguments;
  command
      ->add_option("TARGETS", a.targets,
                   "Addresses, 10.0.0.0/24, 10.0.0.5-10.0.0.20, 10.0.0.5-20, names, @FILE")
      ->required();
  command->add_option("-p,--ports", a.ports, "Ports: 80,443,8000-8100,http,top:100; - for all")
      ->capture_default_str();
  command->add_option("--exclude", a.exclude, "Targets to leave out, written as TARGETS are")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      ->add_option("-o,--output", a.outputs,
                   "Where results go; the ending (.ndjson .csv .txt) tells the format; - is "
                   "standard output; may be given several times")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--format", a.format, "Format of all outputs, whatever they are called")
      ->check(CLI::IsMember({"text", "ndjson", "csv"}));
  command->add_option("--show", a.show, "Which probes the table of the text format lists")
      ->check(CLI::IsMember({"open", "responded", "all"}))
      ->capture_default_str();
  command->add_option("--vantage", a.vantage,
                      "Name of the place this scan runs from (default: "
                      "this host's name)");
  command
      ->add_option("--timeout", a.timeout,
                   "Longest wait for one attempt: 1100ms has room for two SYNs; 4s also for the "
                   "router that finds nobody at an address")
      ->capture_default_str();
  command
      ->add_option("--timing", a.timing,
                   "fast gives up when other answers have long come; thorough always waits and "
                   "always makes all passes")
      ->check(CLI::IsMember({"fast", "default", "thorough"}))
      ->capture_default_str();
  command->add_option("--retries", a.retries,
                      "How often a silent probe may be asked again (default: 1; 2 for fast and "
                      "thorough)");
  command->add_option("--rate", a.rate, "Attempts a second at most; 0 is no limit")
      ->capture_default_str();
  command->add_option("--concurrency", a.concurrency,
                      "Attempts in flight at most (default: what the limit of open files allows, "
                      "up to 16384)");
  command
      ->add_option("--max-per-address", a.per_address,
                   "Attempts in flight at most to one address; 0 is no limit")
      ->capture_default_str();
  command
      ->add_option("--max-per-network", a.per_network,
                   "Attempts in flight at most to one /24 (IPv6: /64); 0 is no limit")
      ->capture_default_str();
  command->add_option("--threads", a.threads,
                      "Threads to scan with (default: as many as processors, at most 4, for some "
                      "thousand probes each)");
  command->add_option("--seed", a.seed, "Of the permuted order (default: random)");
  command
      ->add_option("--order", a.order,
                   "permuted spreads the load; sequential goes address by "
                   "address")
      ->check(CLI::IsMember({"permuted", "sequential"}))
      ->capture_default_str();
  command->add_option("--shard", a.shard, "Scan part I of N equal parts of the plan")
      ->type_name("I/N")
      ->capture_default_str();
  command->add_flag("--dry-run", a.dry_run, "Print what would be done; send nothing");
  command->footer(
      "Examples:\n"
      "  netscan sweep 10.0.0.0/24 -p 80,443\n"
      "  netscan sweep 10.0.0.0/24 -p 80,443 --vantage pc -o pc.ndjson --timeout 4s\n"
      "  netscan sweep 10.0.0.5-20 fd00:10::/120 -p http,https,8000-8100 --show all\n"
      "  netscan sweep @hosts.txt --exclude 10.0.0.1 -p top:20 --rate 500 --format csv\n"
      "\n"
      "Exit codes: 0 something is open; 1 nothing is; 2 wrong usage or bad input;\n"
      "3 this host could not do all of it; 130 interrupted.");
  command->callback([arguments, &exit] { exit = run_sweep(*arguments); });
}

}  // namespace netscan::cli
