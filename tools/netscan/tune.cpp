// netscan tune: how many probes to have in flight on this network.
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <future>
#include <memory>
#include <sstream>
#include <thread>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "duration.hpp"
#include "messages.hpp"
#include "netscan/scan/host.hpp"
#include "netscan/scan/tuner.hpp"
#include "netscan/target/status.hpp"
#include "output_file.hpp"
#include "scan_arguments.hpp"
#include "signals.hpp"

namespace netscan::cli {
namespace {

using namespace std::chrono_literals;

struct tune_arguments {
  scan_arguments scan;
  std::uint32_t min = 64;
  std::uint32_t max = 4096;
  std::uint64_t probes = 16384;
  std::string step_time = "5s";
  std::string output;
  bool dry_run = false;
};

struct prepared_tuning {
  selection selected;
  plan whole;
  plan sample;
  tuner_options options;
  tuning_range range;
  netscan::tuner tuner;
};

/// An equal part of the plan with at most so many probes: every step asks the same ones.
absl::StatusOr<plan> sample_of(const plan& whole, std::uint64_t probes) {
  plan_options options = whole.options();
  options.shard.count = (whole.size() + probes - 1) / probes;
  return plan::make(whole.targets(), whole.ports(), options);
}

absl::StatusOr<tuner_options> read_options(const tune_arguments& arguments) {
  absl::StatusOr<scan_options> scan = read_timing(arguments.scan);
  if (!scan.ok()) return scan.status();
  if (absl::Status status = validate(*scan); !status.ok()) return status;
  absl::StatusOr<std::chrono::milliseconds> step_time = parse_duration(arguments.step_time);
  if (!step_time.ok()) return step_time.status();
  if (*step_time < 100ms || *step_time > 10min) {
    return invalid_argument("step time {} is out of range: 100 ms to 10 minutes",
                            arguments.step_time);
  }
  return tuner_options{*scan, *step_time};
}

absl::StatusOr<prepared_tuning> prepare(const tune_arguments& arguments) {
  absl::StatusOr<tuner_options> options = read_options(arguments);
  if (!options.ok()) return options.status();
  if (arguments.min > arguments.max) {
    return invalid_argument("--min {} is more than --max {}", arguments.min, arguments.max);
  }
  absl::StatusOr<selection> selected = read_selection(arguments.scan);
  if (!selected.ok()) return selected.status();
  absl::StatusOr<plan> whole = plan::make(selected->addresses, selected->ports, {.seed = 1});
  if (!whole.ok()) return whole.status();
  absl::StatusOr<plan> sample = sample_of(*whole, arguments.probes);
  if (!sample.ok()) return sample.status();

  raise_descriptor_limit();
  netscan::tuner tuner(*sample, *options);
  const tuning_range range = {std::min(arguments.min, tuner.most()),
                              std::min(arguments.max, tuner.most())};
  return prepared_tuning{
      *std::move(selected), *std::move(whole), *std::move(sample), *options, range,
      std::move(tuner)};
}

/// All that would be tried if nothing spoke against it.
std::vector<std::uint32_t> all_steps(const tuning_range& range) {
  std::vector<std::uint32_t> steps;
  for (std::uint64_t next = range.first; next < range.last; next *= 2) {
    steps.push_back(static_cast<std::uint32_t>(next));
  }
  steps.push_back(range.last);
  return steps;
}

void print_plan(const prepared_tuning& tuning) {
  std::uint64_t probes = 0;
  const std::vector<std::uint32_t> steps = all_steps(tuning.range);
  for (const std::uint32_t step : steps) probes += tuning.tuner.probes_at(step);
  const std::uint64_t attempts = probes * (1 + tuning.options.scan.effective_retries());
  fmt::print("targets      {}\n", fmt::join(tuning.selected.targets, " "));
  if (!tuning.selected.exclude.empty()) {
    fmt::print("exclude      {}\n", fmt::join(tuning.selected.exclude, " "));
  }
  fmt::print("ports        {}\n", to_string(tuning.selected.ports));
  fmt::print("probes       {} different ones of {}\n", tuning.sample.size(), tuning.whole.size());
  fmt::print("in flight    {}, as long as nothing speaks against it\n", fmt::join(steps, ", "));
  fmt::print("asks         {} attempts at most, in {:.0f} s at most\n", attempts,
             std::chrono::duration<double>(steps.size() * tuning.options.step_time).count());
}

void print_table_head(const prepared_tuning& tuning, std::FILE* out) {
  fmt::print(out, "{}: {} different probes on {} of {}\n\n",
             fmt::join(tuning.selected.targets, " "), tuning.sample.size(),
             "ports " + to_string(tuning.selected.ports), tuning.whole.size());
  fmt::print(out, "{:>9} {:>10} {:>9} {:>8} {:>8} {:>7} {:>8}\n", "IN FLIGHT", "PROBES/S", "PROBES",
             "ANSWERS", "MISSED", "LOSS", "PUT OFF");
}

void print_step(const tuning_step& step, std::FILE* out) {
  fmt::print(out, "{:>9} {:>10.0f} {:>9} {:>8} {:>8} {:>6.1f}% {:>8}{}\n", step.concurrency,
             step.speed(), step.probes, step.answers, step.missed, 100 * step.late_share(),
             step.back_pressure + step.errors, step.complete ? "" : "  cut short");
  std::fflush(out);
}

/// Why the steps end where they do, when that is not --max.
void explain_range(const prepared_tuning& tuning, const tune_arguments& arguments) {
  if (tuning.range.last == arguments.max) return;
  const bool by_plan =
      std::uint64_t{tuning.range.last} == tuner::most_copies * tuning.sample.size();
  note(fmt::format("at most {} in flight: {}", tuning.range.last,
                   by_plan ? "one probe 16 times at once; more targets or ports allow more"
                           : "the limit of open files (ulimit -n)"));
}

/// Steps in a thread, while this one watches the signals.
std::vector<tuning_step> step_and_watch(prepared_tuning& tuning, interruption& interruption,
                                        std::FILE* out) {
  std::promise<std::vector<tuning_step>> promise;
  std::future<std::vector<tuning_step>> result = promise.get_future();
  std::jthread stepper([&](const std::stop_token& stop) {
    try {
      std::vector<tuning_step> steps;
      while (const auto concurrency = next_concurrency(steps, tuning.range)) {
        const tuning_step step = tuning.tuner.measure(*concurrency, stop);
        if (stop.stop_requested()) break;
        steps.push_back(step);
        print_step(step, out);
      }
      promise.set_value(std::move(steps));
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
  });
  while (result.wait_for(0s) != std::future_status::ready) {
    if (interruption.came_within(20ms)) stepper.request_stop();
  }
  return result.get();
}

/// The words in lines of at most 78 columns, each after a mark.
std::string marked(std::string_view mark, const std::string& text) {
  std::istringstream words(text);
  std::string lines;
  std::size_t column = 0;
  for (std::string word; words >> word;) {
    if (column + 1 + word.size() > 78) column = 0;
    if (column == 0 && !lines.empty()) lines += '\n';
    const std::string_view before = column == 0 ? mark : " ";
    lines += before;
    lines += word;
    column += before.size() + word.size();
  }
  return lines + '\n';
}

std::string config_text(const tune_arguments& arguments, const prepared_tuning& tuning,
                        const tuning_advice& advice) {
  const scan_arguments& scan = arguments.scan;
  const scan_arguments defaults;
  const auto now =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  std::string text =
      fmt::format("# netscan tune {} -p {}, {:%FT%TZ}\n", fmt::join(tuning.selected.targets, " "),
                  to_string(tuning.selected.ports), fmt::gmtime(now));
  text += marked("# ", fmt::format("{}: {}.", advice.concurrency, advice.reason));
  text += fmt::format("concurrency = {}\n", advice.concurrency);
  if (advice.rate != 0) text += fmt::format("rate = {}\n", advice.rate);
  // What it was measured with, where that is not what a sweep does anyway.
  if (scan.timing != defaults.timing) text += fmt::format("timing = {}\n", scan.timing);
  if (scan.timeout != defaults.timeout) text += fmt::format("timeout = {}\n", scan.timeout);
  if (scan.retries) text += fmt::format("retries = {}\n", *scan.retries);
  return text;
}

int conclude(const tune_arguments& arguments, const prepared_tuning& tuning,
             const tuning_advice& advice, std::FILE* out) {
  switch (advice.what) {
    case tuning_advice::nothing_answered:
      complain("nothing to recommend: " + advice.reason);
      return no;
    case tuning_advice::host_failed:
      complain("nothing to recommend: " + advice.reason);
      return host_failed;
    case tuning_advice::recommended:
      break;
  }
  fmt::print(out, "\n--concurrency {}{}\n", advice.concurrency,
             advice.rate == 0 ? "" : fmt::format(" --rate {}", advice.rate));
  fmt::print(out, "{}", marked("  ", advice.reason + "."));
  std::fflush(out);
  if (arguments.output.empty()) return yes;
  const absl::Status written = write_file(arguments.output, config_text(arguments, tuning, advice));
  if (!written.ok()) {
    complain(message_of(written));
    return host_failed;
  }
  if (arguments.output != "-") {
    note(fmt::format("written to {0}; netscan sweep --config {0} reads it", arguments.output));
  }
  return yes;
}

int run_tune(const tune_arguments& arguments) {
  absl::StatusOr<prepared_tuning> tuning = prepare(arguments);
  if (!tuning.ok()) return refuse(tuning.status());
  if (arguments.dry_run) {
    print_plan(*tuning);
    return yes;
  }
  std::FILE* const out = arguments.output == "-" ? stderr : stdout;
  explain_range(*tuning, arguments);
  print_table_head(*tuning, out);
  interruption interruption;
  const std::vector<tuning_step> steps = step_and_watch(*tuning, interruption, out);
  if (interruption.came()) {
    complain(fmt::format("interrupted after {} steps; nothing is recommended", steps.size()));
    return interrupted;
  }
  return conclude(arguments, *tuning, advise(steps), out);
}

}  // namespace

void add_tune(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<tune_arguments>();
  CLI::App* const command = app.add_subcommand(
      "tune", "Measure how many probes at once this network takes, and recommend a setting");
  tune_arguments& a = *arguments;
  add_target_options(*command, a.scan)->required();
  command
      ->add_option("-o,--output", a.output,
                   "File for the recommendation, for sweep --config; - is standard output")
      ->type_name("FILE");
  command->add_option("--min", a.min, "Attempts in flight at the first step")
      ->check(CLI::Range(1u, max_concurrency))
      ->capture_default_str();
  command
      ->add_option("--max", a.max,
                   "The last step at most; each has twice the attempts in flight of the one before")
      ->check(CLI::Range(1u, max_concurrency))
      ->capture_default_str();
  command->add_option("--probes", a.probes, "Different probes to ask, of all targets x ports")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 20))
      ->capture_default_str();
  command->add_option("--step-time", a.step_time, "A step is cut short after so long")
      ->capture_default_str();
  add_timing_options(*command, a.scan);
  command->add_flag("--dry-run", a.dry_run, "Print what would be done; send nothing");
  command->footer(
      "Asks the same probes at every step, with ever more of them in flight, and ends at the "
      "first\n"
      "step that loses answers, meets more loss, or is too much for this host; or when two steps\n"
      "were hardly faster. Needs targets some of which answer (open or closed).\n"
      "\n"
      "  PROBES/S  verdicts a second; of a step that was cut short, attempts\n"
      "  ANSWERS   by the targets themselves: open or closed\n"
      "  MISSED    silent, though the same probe was answered at an earlier step\n"
      "  LOSS      of the answers, those that took a repeated SYN\n"
      "  PUT OFF   attempts for which this host was short of ports, memory or descriptors\n"
      "\n"
      "Examples:\n"
      "  netscan tune 10.0.0.0/24 -p 80,443 -o netscan.conf\n"
      "  netscan sweep 10.0.0.0/24 -p 80,443 --config netscan.conf\n"
      "  netscan tune 10.0.0.0/16 -p top:20 --timing fast --max 16384 --probes 100000\n"
      "\n"
      "Exit codes: 0 there is a recommendation; 1 nothing answered; 2 wrong usage or bad input;\n"
      "3 this host could not do it; 130 interrupted.");
  command->callback([arguments, &exit] { exit = run_tune(*arguments); });
}

}  // namespace netscan::cli
