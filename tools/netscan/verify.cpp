// netscan verify: whether the remedy holds, seen from here.
#include "netscan/remedy/verify.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stop_token>
#include <thread>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "duration.hpp"
#include "messages.hpp"
#include "netscan/remedy/remedy_plan.hpp"
#include "netscan/target/status.hpp"
#include "output_file.hpp"
#include "signals.hpp"

namespace netscan::cli {
namespace {

struct verify_arguments {
  std::string plan;
  std::string timeout = "10s";
  std::string format = "text";
  std::string vantage;
  std::string ca_file;
  bool insecure = false;
  std::string output = "-";
};

std::string plan_path(const std::string& given) {
  struct stat info {};
  const bool is_folder = ::stat(given.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
  return is_folder ? given + "/plan.json" : given;
}

/// Runs the checks in a thread of their own, while this one waits for signals.
verification verify_until_interrupted(const remedy_plan& plan, const verify_options& options,
                                      interruption& signals) {
  verification found;
  std::stop_source stop;
  std::atomic<bool> done = false;
  std::jthread worker([&] {
    found = verify(plan, options, stop.get_token());
    done = true;
  });
  while (!done) {
    if (signals.came_within(std::chrono::milliseconds(50))) stop.request_stop();
  }
  worker.join();
  return found;
}

int exit_code_of(const verification& found) {
  if (found.count(verify_outcome::fails) > 0) return no;
  return found.holds() ? yes : host_failed;
}

int run_verify(const verify_arguments& arguments) {
  interruption signals;
  verify_options options{.any_certificate = arguments.insecure,
                         .ca_file = arguments.ca_file,
                         .vantage = arguments.vantage};
  const auto timeout = parse_duration(arguments.timeout);
  if (!timeout.ok()) return refuse(timeout.status());
  options.timeout = *timeout;
  if (options.timeout < std::chrono::milliseconds(1) ||
      options.timeout > std::chrono::minutes(10)) {
    return refuse(invalid_argument("bad --timeout '{}': expected 1ms to 10m", arguments.timeout));
  }
  const absl::StatusOr<remedy_plan> plan = read_remedy_plan(plan_path(arguments.plan));
  if (!plan.ok()) return refuse(plan.status());

  const verification found = verify_until_interrupted(*plan, options, signals);
  const std::string text =
      arguments.format == "json" ? verification_json(found) : verification_text(found);
  if (const absl::Status written = write_file(arguments.output, text); !written.ok()) {
    complain(message_of(written));
    return host_failed;
  }
  return signals.came() ? interrupted : exit_code_of(found);
}

}  // namespace

void add_verify(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<verify_arguments>();
  CLI::App* const command = app.add_subcommand(
      "verify", "Make every check of a remedy from this host, and say what holds");
  command
      ->add_option("DIR", arguments->plan,
                   "The folder that `remedy` wrote, its plan.json, or - for that on standard input")
      ->type_name("PATH")
      ->required();
  command->add_option("--timeout", arguments->timeout, "The longest that one check may take")
      ->capture_default_str();
  command->add_flag("-k,--insecure", arguments->insecure,
                    "Accept certificates that are not trusted here, if names and dates are right");
  command
      ->add_option("--ca-file", arguments->ca_file,
                   "Certificates (PEM) to trust instead of this system's")
      ->type_name("FILE");
  command->add_option("--vantage", arguments->vantage, "A name for this place, for the result")
      ->type_name("NAME");
  command->add_option("--format", arguments->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_option("-o,--output", arguments->output, "File to write, as a whole or not")
      ->type_name("FILE")
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  netscan verify fix\n"
      "  netscan verify fix -k --vantage pc --format json\n"
      "  ssh pc netscan verify - < fix/plan.json\n"
      "\n"
      "Exit codes: 0 all of it holds; 1 some does not; 2 wrong usage or bad input; 3 this host\n"
      "could not ask all of it; 130 interrupted.");
  command->callback([arguments, &exit] { exit = run_verify(*arguments); });
}

}  // namespace netscan::cli
