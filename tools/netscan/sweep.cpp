// netscan sweep: the scan.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <memory>
#include <random>
#include <system_error>
#include <thread>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "config_file.hpp"
#include "job_shard.hpp"
#include "journaled_outputs.hpp"
#include "messages.hpp"
#include "netscan/report/scan_statistics.hpp"
#include "netscan/scan/header.hpp"
#include "netscan/scan/host.hpp"
#include "netscan/scan/preflight.hpp"
#include "netscan/scan/scan.hpp"
#include "netscan/target/plan.hpp"
#include "netscan/target/status.hpp"
#include "output_options.hpp"
#include "progress_line.hpp"
#include "signals.hpp"
#include "sweep_arguments.hpp"
#include "sweep_journal.hpp"
#include "sweep_plan.hpp"
#include "terminal.hpp"
#include "vantage.hpp"

namespace netscan::cli {
namespace {

using boost::system::error_code;
using namespace std::chrono_literals;

/// The seed when none is given: any, but for a shard the same in all of them.
std::uint64_t default_seed(const address_set& targets, const port_set& ports, const shard& shard) {
  if (shard.count == 1) return std::random_device{}();
  const absl::StatusOr<plan> plan = plan::make(targets, ports);
  return plan.ok() ? plan->hash() : 0;
}

/// Takes the shard from the environment of a Job, unless one is given.
absl::Status take_shard_of_job(sweep_arguments& arguments, const CLI::App& command) {
  const bool is_given = arguments.has_shard = command.count("--shard") != 0;
  const absl::StatusOr<std::optional<shard>> shard = shard_of_job();
  if (!shard.ok()) return is_given ? absl::OkStatus() : shard.status();
  if (!*shard) return absl::OkStatus();
  const std::string text = fmt::format("{}/{}", (*shard)->index, (*shard)->count);
  if (is_given) {
    if (text != arguments.shard) {
      note(fmt::format("shard {} as given, not {} as JOB_COMPLETION_INDEX says", arguments.shard,
                       text));
    }
    return absl::OkStatus();
  }
  note(fmt::format("shard {}, as JOB_COMPLETION_INDEX and JOB_COMPLETIONS say", text));
  arguments.shard = text;
  arguments.has_shard = true;
  if (arguments.vantage.empty())
    arguments.vantage = without_job_index(vantage_or_host_name(""), **shard);
  return absl::OkStatus();
}

absl::StatusOr<scan_options> read_options(const sweep_arguments& arguments) {
  absl::StatusOr<scan_options> timing = read_timing(arguments);
  if (!timing.ok()) return timing.status();
  scan_options options = *timing;
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
  absl::StatusOr<shard> shard = parse_shard(arguments.shard);
  if (!shard.ok()) return shard.status();
  absl::StatusOr<selection> selected = read_selection(arguments);
  if (!selected.ok()) return selected.status();

  plan_options planning;
  planning.order =
      arguments.order == "sequential" ? probe_order::sequential : probe_order::permuted;
  planning.shard = *shard;
  planning.seed =
      arguments.seed ? *arguments.seed : default_seed(selected->addresses, selected->ports, *shard);
  absl::StatusOr<netscan::plan> plan = plan::make(selected->addresses, selected->ports, planning);
  if (!plan.ok()) return plan.status();

  raise_descriptor_limit();
  scan_header header = describe_scan(*plan, *options, vantage_or_host_name(arguments.vantage));
  header.targets = selected->targets;
  header.exclude = selected->exclude;
  return prepared_sweep{*std::move(plan), *options, std::move(header)};
}

/// Makes a sweep the rest of the one that the journal is of.
absl::Status resume(prepared_sweep& sweep, const journal& journal) {
  absl::Status status = check_same_scan(journal, sweep.plan, sweep.options, sweep.header.vantage);
  if (!status.ok()) return status;
  sweep.plan = journal.rest();
  sweep.header = journal.head().header;
  return absl::OkStatus();
}

/// Scans in a thread, while this one watches the signals and draws the progress.
scan_result scan_and_watch(const prepared_sweep& sweep, journaled_outputs& outputs,
                           interruption& interruption, progress_style style,
                           scan_statistics& statistics) {
  scan_progress progress;
  std::atomic<std::uint64_t> open{0};
  const auto is_open = [](const probe_record& r) { return r.reason == probe_reason::syn_ack; };
  const auto take = [&](std::span<const probe_record> records) {
    open += static_cast<std::uint64_t>(std::count_if(records.begin(), records.end(), is_open));
    statistics.add(records);
    return outputs.add(records);
  };
  std::promise<scan_result> promise;
  std::future<scan_result> result = promise.get_future();
  std::jthread scanner;
  try {
    scanner = std::jthread([&](const std::stop_token& stop) {
      promise.set_value(scan(sweep.plan, sweep.options, take, stop, &progress));
    });
  } catch (const std::system_error& failure) {  // no thread left for this user
    const std::uint64_t planned = sweep.plan.size();
    return {failure.code(), {.planned = planned, .not_started = planned}};
  }
  progress_line line(sweep.plan.size(), style);
  while (result.wait_for(0s) != std::future_status::ready) {
    // Short, for it is also what a scan that is done may have to wait for.
    if (interruption.came_within(2ms)) scanner.request_stop();
    outputs.sync_now_and_then();
    line.draw_now_and_then(progress, open);
  }
  line.wipe();
  return result.get();
}

void print_outcome(const scan_summary& s, const std::vector<std::string>& files) {
  note(fmt::format("{} open, {} closed, {} filtered, {} error of {} probes in {:.2f} s{}", s.open,
                   s.closed, s.filtered, s.error, s.planned,
                   static_cast<double>(s.duration_ms) / 1000,
                   files.empty() ? "" : fmt::format("; written to {}", fmt::join(files, ", "))));
}

int conclude(const scan_result& result, const journaled_outputs& outputs,
             const interruption& interruption, bool exit_zero) {
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
  return s.open != 0 || exit_zero ? yes : no;
}

/// Everything that may be refused, before anything is sent or written over.
absl::StatusOr<prepared_sweep> prepare(sweep_arguments& arguments, const CLI::App& command,
                                       std::optional<journal>& journal) {
  if (absl::Status status = take_shard_of_job(arguments, command); !status.ok()) return status;
  absl::StatusOr<std::optional<netscan::journal>> resumed = open_resumed(arguments);
  if (!resumed.ok()) return resumed.status();
  journal = *std::move(resumed);
  if (journal) {
    for (const std::string& notice : journal->notices()) note(notice);
    absl::Status status = fill_in(arguments, command, journal->head());
    if (!status.ok()) return status;
  } else if (arguments.targets.empty()) {
    return absl::InvalidArgumentError("TARGETS is required (see 'netscan sweep --help')");
  }
  absl::StatusOr<prepared_sweep> sweep = prepare(arguments);
  if (!sweep.ok()) return sweep;
  const std::string& path = journal ? arguments.resume : arguments.journal;
  absl::Status status = path.empty() ? absl::OkStatus() : check_outputs(arguments.outputs, path);
  if (status.ok() && journal) status = resume(*sweep, *journal);
  if (!status.ok()) return status;
  return sweep;
}

int run_sweep(sweep_arguments arguments, const CLI::App& command) {
  std::optional<journal> journal;
  absl::StatusOr<prepared_sweep> sweep = prepare(arguments, command, journal);
  if (!sweep.ok()) return refuse(sweep.status());
  const std::vector<std::string> warnings =
      preflight_warnings(sweep->plan, sweep->options, read_host_limits());
  for (const std::string& warning : warnings) note("warning: " + warning);
  if (arguments.dry_run) {
    fmt::print("{}", plan_text(*sweep));
    return yes;
  }
  if (is_verbose()) say(plan_text(*sweep));
  const bool is_new = !journal && !arguments.journal.empty();
  if (is_new) {
    absl::StatusOr<netscan::journal> created =
        create_journal(arguments, sweep->header, sweep->plan, sweep->options);
    if (!created.ok()) {
      const int code = refuse(created.status());
      return absl::IsResourceExhausted(created.status()) ? host_failed : code;
    }
    journal = *std::move(created);
  }
  absl::StatusOr<result_outputs> opened = result_outputs::open(
      arguments.outputs, parse_report_format(arguments.format), *parse_show(arguments.show));
  if (!opened.ok()) {
    if (is_new) journal->remove();
    return refuse(opened.status());
  }
  journaled_outputs outputs(*std::move(opened), std::move(journal));

  interruption interruption;
  scan_result result;
  result.summary.planned = result.summary.not_started = sweep->plan.size();
  result.error = outputs.begin(sweep->header);
  scan_statistics statistics;
  if (!result.error) {
    result = scan_and_watch(*sweep, outputs, interruption,
                            style_of_progress(outputs.stream_to_terminal()), statistics);
  }
  const error_code error = outputs.end(result.summary);
  if (!result.error) result.error = error;
  std::vector<std::string> files = arguments.outputs;
  std::erase(files, "-");
  if (!files.empty()) print_outcome(result.summary, files);
  if (arguments.statistics) {
    say(statistics_text(statistics, result.summary, usage_of_process()));
  }
  const int code = conclude(result, outputs, interruption, arguments.exit_zero);
  const scan_summary& s = result.summary;
  if (!outputs.journal_path().empty() && s.not_started + s.error != 0) {
    note(fmt::format("go on with: netscan sweep --resume {}", outputs.journal_path()));
  }
  return code;
}

}  // namespace

void add_sweep(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<sweep_arguments>();
  CLI::App* const command =
      app.add_subcommand("sweep", "Ask every port of every target, and say what each answered");
  sweep_arguments& a = *arguments;
  add_target_options(*command, a);
  add_output_options(*command, a.outputs, a.format, a.show);
  command->add_option("--vantage", a.vantage,
                      "Name of the place this scan runs from (default: "
                      "this host's name)");
  add_timing_options(*command, a);
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
  command->add_option("--seed", a.seed,
                      "Of the permuted order (default: random; for a shard, one that follows from "
                      "targets and ports, so that all shards have the same)");
  command
      ->add_option("--order", a.order,
                   "permuted spreads the load; sequential goes address by "
                   "address")
      ->check(CLI::IsMember({"permuted", "sequential"}))
      ->capture_default_str();
  command
      ->add_option("--shard", a.shard,
                   "Scan part I of N equal parts of the plan; `netscan merge` puts them together. "
                   "In a Kubernetes Job, JOB_COMPLETION_INDEX and JOB_COMPLETIONS say it")
      ->type_name("I/N")
      ->capture_default_str();
  command
      ->add_option("--journal", a.journal,
                   "Keep what has ended in this file, so that the scan can go on after a kill")
      ->type_name("FILE");
  command
      ->add_option("--resume", a.resume,
                   "Go on with the scan of this journal. It knows targets, options and outputs; "
                   "what is given besides must be the same, but for rate, concurrency, threads and "
                   "outputs. Outputs are written anew, with what was known before. With --journal "
                   "naming the same file, start the scan if it has not begun")
      ->type_name("FILE");
  command
      ->add_option("--config", a.config,
                   "File of OPTION = VALUE lines, as tune writes it; the command line wins")
      ->type_name("FILE");
  command->add_flag("--dry-run", a.dry_run, "Print what would be done; send nothing");
  command->add_flag("--exit-zero", a.exit_zero,
                    "Exit with 0, not 1, when all was asked and nothing is open: for a scheduler "
                    "that takes anything else for a failure");
  command->add_flag("--stats", a.statistics,
                    "At the end, say on standard error how it went: speed, SYNs, round trip times, "
                    "loss, CPU and memory");
  command->footer(
      "Examples:\n"
      "  netscan sweep 10.0.0.0/24 -p 80,443\n"
      "  netscan sweep 10.0.0.0/24 -p 80,443 --vantage pc -o pc.ndjson --timeout 4s\n"
      "  netscan sweep 10.0.0.5-20 fd00:10::/120 -p http,https,8000-8100 --show all\n"
      "  netscan sweep @hosts.txt --exclude 10.0.0.1 -p top:20 --rate 500 --format csv\n"
      "  netscan sweep 10.0.0.0/16 -p 80,443 -o pc.ndjson --journal pc.journal\n"
      "  netscan sweep --resume pc.journal\n"
      "\n"
      "Exit codes: 0 something is open; 1 nothing is; 2 wrong usage or bad input;\n"
      "3 this host could not do all of it; 130 interrupted.");
  command->callback([arguments, command, &exit] {
    absl::Status status;
    if (!arguments->config.empty()) status = apply_config_file(*command, arguments->config);
    exit = status.ok() ? run_sweep(*arguments, *command) : refuse(status);
  });
}

}  // namespace netscan::cli
