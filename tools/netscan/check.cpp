// netscan check: asks endpoints layer by layer, once or again and again.
#include "netscan/check/check.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <memory>
#include <thread>

#include <CLI/CLI.hpp>

#include "check_arguments.hpp"
#include "check_outputs.hpp"
#include "command.hpp"
#include "messages.hpp"
#include "netscan/check/check_history.hpp"
#include "netscan/target/status.hpp"
#include "output_file.hpp"
#include "signals.hpp"

namespace netscan::cli {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;

/// What all rounds share.
struct check_job {
  std::vector<check_request> requests;
  check_run_options options;
  std::optional<std::chrono::milliseconds> interval;  // of a watch
  std::optional<std::uint64_t> rounds;
  std::string prometheus;
};

/// What every target came to so far, a line each, as ping ends.
std::string totals_text(const check_job& job, const check_history& history) {
  std::string text;
  for (std::size_t i = 0; i < job.requests.size(); ++i) {
    const check_counts& c = history.counts(i);
    if (c.total() == 0) continue;
    text += fmt::format("{}: {} checks, {} ok", printable(target_text(job.requests[i])), c.total(),
                        c.ok);
    if (c.failed != 0) text += fmt::format(", {} failed", c.failed);
    if (c.error != 0) text += fmt::format(", {} error", c.error);
    text += fmt::format(", {} change{}; now {}\n", c.changes, c.changes == 1 ? "" : "s",
                        history.state(i));
  }
  return text;
}

/// A change as a watch shows it; empty when there is none.
std::string news_text(const check_history& history, std::size_t index, const check_record& record,
                      bool is_new, bool colour) {
  if (!is_new) return {};
  const check_counts& counts = history.counts(index);
  const auto second = std::chrono::floor<std::chrono::seconds>(record.time);
  std::string text =
      fmt::format("{:%FT%TZ}  #{}  ", fmt::gmtime(std::chrono::system_clock::to_time_t(second)),
                  counts.total());
  text += check_text(record, {false, colour, 80});
  if (counts.before == 0) return text;
  text.pop_back();
  return text + fmt::format(" (after {} the same)\n", counts.before);
}

/// One round after the other, and where their results go.
class check_rounds {
 public:
  check_rounds(const check_job& job, check_outputs& outputs)
      : job_(job), outputs_(outputs), history_(job.requests.size()) {}

  /// Checks all targets once. False when the user or a failing output has ended it.
  bool run(interruption& interruption) {
    std::promise<std::vector<check_record>> promise;
    std::future<std::vector<check_record>> result = promise.get_future();
    std::jthread checker([&](const std::stop_token& stop) {
      promise.set_value(check(
          job_.requests, job_.options,
          [&](std::size_t index, const check_record& record) { take(index, record); }, stop));
    });
    while (result.wait_for(0s) != std::future_status::ready) {
      if (interruption.came_within(20ms) || has_failed_) checker.request_stop();
    }
    records_ = result.get();
    return !interruption.came() && !has_failed_ && write_prometheus();
  }

  const check_history& history() const noexcept { return history_; }
  std::span<const check_record> records() const noexcept { return records_; }
  /// Why the last round could not write its results; empty when it could.
  const std::string& failure() const noexcept { return failure_; }

  bool write(error_code error) {
    if (!error) return true;
    if (!has_failed_.exchange(true)) {
      failure_ = fmt::format("writing to {} failed: {}", outputs_.failed_name(), error.message());
    }
    return false;
  }

 private:
  /// In the checking thread, while this one waits for it.
  void take(std::size_t index, const check_record& record) {
    const bool is_new = history_.add(index, record);
    write(job_.interval ? outputs_.add(record, news_text(history_, index, record, is_new, false))
                        : outputs_.add(record));
  }

  bool write_prometheus() {
    if (job_.prometheus.empty()) return true;
    const absl::Status written = write_file(job_.prometheus, prometheus_text(records_));
    if (written.ok()) return true;
    failure_ = message_of(written);
    return false;
  }

  const check_job& job_;
  check_outputs& outputs_;
  check_history history_;
  std::vector<check_record> records_;
  std::string failure_;
  std::atomic<bool> has_failed_{false};
};

int exit_code_of(std::span<const check_outcome> outcomes) {
  const auto has = [&](check_outcome outcome) {
    return std::find(outcomes.begin(), outcomes.end(), outcome) != outcomes.end();
  };
  if (has(check_outcome::error)) return host_failed;
  return has(check_outcome::failed) ? no : yes;
}

int conclude(const check_rounds& rounds, const interruption& interruption) {
  std::vector<check_outcome> outcomes;
  for (const check_record& record : rounds.records()) outcomes.push_back(record.outcome);
  if (!rounds.failure().empty()) {
    complain(rounds.failure());
    return host_failed;
  }
  if (interruption.came()) {
    const auto stopped = std::count(outcomes.begin(), outcomes.end(), check_outcome::stopped);
    complain(fmt::format("interrupted: {} of {} checks have a result",
                         outcomes.size() - static_cast<std::size_t>(stopped), outcomes.size()));
    return interrupted;
  }
  return exit_code_of(outcomes);
}

int run_once(check_rounds& rounds, check_outputs& outputs, interruption& interruption) {
  rounds.run(interruption);
  rounds.write(outputs.end());
  return conclude(rounds, interruption);
}

int run_watch(const check_job& job, check_rounds& rounds, check_outputs& outputs,
              interruption& interruption) {
  auto next = std::chrono::steady_clock::now();
  for (std::uint64_t round = 1; rounds.run(interruption); ++round) {
    if (job.rounds && round >= *job.rounds) break;
    next = std::max(next + *job.interval, std::chrono::steady_clock::now());
    while (std::chrono::steady_clock::now() < next && !interruption.came_within(20ms)) {
    }
    if (interruption.came()) break;
  }
  if (!rounds.failure().empty()) {
    complain(rounds.failure());
    return host_failed;
  }
  // Who watches ends it by Ctrl-C, as with ping: that is no failure.
  rounds.write(outputs.add_text(totals_text(job, rounds.history())));
  rounds.write(outputs.end());
  std::vector<check_outcome> last;
  for (std::size_t i = 0; i < job.requests.size(); ++i) last.push_back(rounds.history().outcome(i));
  return exit_code_of(last);
}

absl::StatusOr<check_job> prepare(const check_arguments& arguments) {
  absl::StatusOr<std::vector<check_request>> requests = read_check_requests(arguments);
  if (!requests.ok()) return requests.status();
  absl::StatusOr<std::optional<std::chrono::milliseconds>> interval =
      read_watch_interval(arguments);
  if (!interval.ok()) return interval.status();
  return check_job{*std::move(requests),
                   {arguments.concurrency},
                   *interval,
                   arguments.count,
                   arguments.prometheus};
}

int run_check(const check_arguments& arguments) {
  absl::StatusOr<check_job> job = prepare(arguments);
  if (!job.ok()) return refuse(job.status());
  const bool layers = arguments.show.empty() ? job->requests.size() == 1 && !job->interval
                                             : arguments.show == "layers";
  absl::StatusOr<check_outputs> opened =
      check_outputs::open(arguments.outputs, parse_check_format(arguments.format), layers);
  if (!opened.ok()) return refuse(opened.status());
  check_outputs outputs = *std::move(opened);
  if (job->interval && outputs.has_json()) {
    return refuse(absl::InvalidArgumentError(
        "--watch has no end, and a JSON document needs one: give --format ndjson"));
  }
  interruption interruption;
  check_rounds rounds(*job, outputs);
  return job->interval ? run_watch(*job, rounds, outputs, interruption)
                       : run_once(rounds, outputs, interruption);
}

}  // namespace

void add_check(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<check_arguments>();
  CLI::App* const command = app.add_subcommand(
      "check", "Ask an endpoint layer by layer: name, TCP, TLS, HTTP, and say which one fails");
  declare_check_options(*command, *arguments);
  command->footer(
      "Examples:\n"
      "  netscan check gitlab.ailab.com:443\n"
      "  netscan check -k https://gitlab.ailab.com\n"
      "  netscan check -k https://gitlab.ailab.com --resolve gitlab.ailab.com:443:10.0.0.232\n"
      "  netscan check https://gitlab.ailab.com/-/readiness --expect-status 200\n"
      "  netscan check @endpoints.txt --vantage pc -o - -o pc.ndjson\n"
      "  netscan check @endpoints.txt --watch 30s --prometheus /var/lib/node_exporter/check.prom\n"
      "\n"
      "Exit codes: 0 all are ok; 1 some are not; 2 wrong usage or bad input; 3 this host\n"
      "could not ask some; 130 interrupted. A watch ends with Ctrl-C or --count, and then\n"
      "has the code of its last round.");
  command->callback([arguments, &exit] { exit = run_check(*arguments); });
}

}  // namespace netscan::cli
