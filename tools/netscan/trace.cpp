// netscan trace: where on the way to an endpoint the answer comes from, or stops.
#include "netscan/check/trace.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <memory>
#include <optional>
#include <thread>

#include <CLI/CLI.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "command.hpp"
#include "duration.hpp"
#include "messages.hpp"
#include "netscan/check/check_request.hpp"
#include "netscan/report/trace_json.hpp"
#include "netscan/report/trace_text.hpp"
#include "netscan/scan/host.hpp"
#include "netscan/scan/resolve.hpp"
#include "netscan/target/status.hpp"
#include "output_file.hpp"
#include "signals.hpp"
#include "terminal.hpp"
#include "vantage.hpp"

namespace netscan::cli {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct trace_arguments {
  std::vector<std::string> targets;
  std::vector<std::string> resolve;
  bool only_v4 = false;
  bool only_v6 = false;
  unsigned first_hop = trace_options{}.first_hop;
  unsigned max_hops = trace_options{}.max_hops;
  unsigned queries = trace_options{}.queries;
  unsigned gaps = trace_options{}.gaps;
  std::string timeout = "4s";
  std::string vantage;
  std::string format;
  std::vector<std::string> outputs;
};

enum class trace_format : std::uint8_t { text, json, ndjson };

struct trace_output {
  std::string path;
  trace_format format = trace_format::text;
};

/// One trace to be made, and once it has ended, its result.
struct trace_job {
  std::string target;
  endpoint to;
  std::optional<trace_result> result = {};
};

absl::StatusOr<trace_options> read_options(const trace_arguments& arguments) {
  trace_options options;
  options.first_hop = arguments.first_hop;
  options.max_hops = arguments.max_hops;
  options.queries = arguments.queries;
  options.gaps = arguments.gaps;
  absl::StatusOr<std::chrono::milliseconds> timeout = parse_duration(arguments.timeout);
  if (!timeout.ok()) return timeout.status();
  options.timeout = *timeout;
  if (absl::Status status = validate(options); !status.ok()) return status;
  return options;
}

absl::StatusOr<trace_format> format_of(const std::string& path, const std::string& given) {
  const auto is = [&](std::string_view word) {
    return given.empty() ? path.ends_with("." + std::string(word)) : given == word;
  };
  if (is("json")) return trace_format::json;
  if (is("ndjson")) return trace_format::ndjson;
  if (is("text") || path == "-" || path.ends_with(".txt")) return trace_format::text;
  return invalid_argument(
      "cannot tell the format of '{}' from its ending (.ndjson, .json, .txt): give --format", path);
}

absl::StatusOr<std::vector<trace_output>> read_outputs(const trace_arguments& arguments) {
  std::vector<trace_output> outputs;
  for (const std::string& path : arguments.outputs) {
    absl::StatusOr<trace_format> format = format_of(path, arguments.format);
    if (!format.ok()) return format.status();
    outputs.push_back({path, *format});
  }
  if (outputs.empty()) outputs.push_back({"-", *format_of("-", arguments.format)});
  return outputs;
}

absl::StatusOr<std::vector<resolve_override>> read_overrides(
    const std::vector<std::string>& texts) {
  std::vector<resolve_override> overrides;
  for (const std::string& text : texts) {
    absl::StatusOr<resolve_override> override = parse_resolve_override(text);
    if (!override.ok()) return override.status();
    overrides.push_back(*std::move(override));
  }
  return overrides;
}

/// The addresses of the target's host: its own, given ones, or the resolver's.
absl::StatusOr<std::vector<ip_address>> addresses_of(
    const check_request& target, const std::vector<resolve_override>& overrides) {
  if (const auto literal = parse_ip_address(target.host); literal.ok()) {
    return std::vector{*literal};
  }
  for (const resolve_override& given : overrides) {
    const bool is_it =
        given.port == target.port && (given.host == target.host || given.host == "*");
    if (is_it) return given.addresses;
  }
  absl::StatusOr<std::vector<ip_address>> addresses = resolve(target.host);
  if (addresses.ok()) note(fmt::format("{} is {}", target.host, fmt::join(*addresses, ", ")));
  return addresses;
}

absl::StatusOr<trace_job> read_target(const std::string& text, const trace_arguments& arguments,
                                      const std::vector<resolve_override>& overrides) {
  absl::StatusOr<check_request> target = parse_check_target(text);
  if (!target.ok()) return target.status();
  absl::StatusOr<std::vector<ip_address>> addresses = addresses_of(*target, overrides);
  if (!addresses.ok()) return addresses.status();
  std::erase_if(*addresses, [&](const ip_address& address) {
    return (arguments.only_v4 && !address.is_v4()) || (arguments.only_v6 && !address.is_v6());
  });
  if (addresses->empty()) {
    return invalid_argument("'{}' has no IPv{} address", text, arguments.only_v4 ? 4 : 6);
  }
  const ip_address& address = addresses->front();
  if (const auto why = why_not_probeable(address)) {
    return invalid_argument("bad target '{}': it is {}, and {}", text, address, *why);
  }
  const bool in_brackets = target->host.find(':') != std::string::npos;
  const std::string host = in_brackets ? '[' + target->host + ']' : target->host;
  return trace_job{fmt::format("{}:{}", host, target->port), {address, target->port}};
}

absl::StatusOr<std::vector<trace_job>> read_targets(const trace_arguments& arguments) {
  absl::StatusOr<std::vector<resolve_override>> overrides = read_overrides(arguments.resolve);
  if (!overrides.ok()) return overrides.status();
  std::vector<trace_job> jobs;
  for (const std::string& text : arguments.targets) {
    absl::StatusOr<trace_job> job = read_target(text, arguments, *overrides);
    if (!job.ok()) return job.status();
    jobs.push_back(*std::move(job));
  }
  return jobs;
}

/// Makes all traces side by side in a thread, while this one watches the signals.
void trace_and_watch(std::vector<trace_job>& jobs, const trace_options& options,
                     const std::string& vantage, interruption& interruption) {
  asio::io_context context{1};
  std::vector<asio::cancellation_signal> stops(jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    trace_job& job = jobs[i];
    async_trace(context.get_executor(), job.to, options,
                asio::bind_cancellation_slot(
                    stops[i].slot(), [&](boost::system::error_code error, trace_record record) {
                      record.vantage = vantage;
                      record.target = job.target;
                      job.result = {error, std::move(record)};
                    }));
  }
  std::future<void> done = std::async(std::launch::async, [&] { context.run(); });
  bool stopping = false;
  while (done.wait_for(0s) != std::future_status::ready) {
    if (!interruption.came_within(20ms) || std::exchange(stopping, true)) continue;
    asio::post(context, [&] {
      for (asio::cancellation_signal& stop : stops) stop.emit(asio::cancellation_type::total);
    });
  }
  done.get();
}

std::string text_of(const std::vector<trace_job>& jobs, const trace_text_options& options) {
  std::string text;
  for (const trace_job& job : jobs) {
    if (!text.empty()) text += '\n';
    text += trace_text(job.result->record, options);
  }
  return text;
}

/// One document: a list.
std::string json_of(const std::vector<trace_job>& jobs) {
  std::string text;
  for (const trace_job& job : jobs) {
    text += text.empty() ? "[\n" : ",\n";
    text += trace_json(job.result->record);
  }
  return text + "\n]\n";
}

std::string ndjson_of(const std::vector<trace_job>& jobs) {
  std::string text;
  for (const trace_job& job : jobs) text += trace_json(job.result->record) + '\n';
  return text;
}

absl::Status write(const std::vector<trace_job>& jobs, const trace_output& output) {
  switch (output.format) {
    case trace_format::json:
      return write_file(output.path, json_of(jobs));
    case trace_format::ndjson:
      return write_file(output.path, ndjson_of(jobs));
    case trace_format::text:
      break;
  }
  trace_text_options options;
  if (output.path == "-") options = {wants_colour(STDOUT_FILENO), width(STDOUT_FILENO)};
  return write_file(output.path, text_of(jobs, options));
}

int conclude(const std::vector<trace_job>& jobs, const interruption& interruption) {
  if (interruption.came()) {
    complain("interrupted");
    return interrupted;
  }
  int exit = yes;
  for (const trace_job& job : jobs) {
    const trace_result& result = *job.result;
    if (result.error) {
      complain(fmt::format("cannot trace {}: {}", job.target, result.error.message()));
    }
    const bool failed =
        result.error || !result.record.end || result.record.end->state() == probe_state::error;
    if (failed) return host_failed;
    if (result.record.end->state() != probe_state::open) exit = no;
  }
  return exit;
}

int run_trace(const trace_arguments& arguments) {
  absl::StatusOr<trace_options> options = read_options(arguments);
  if (!options.ok()) return refuse(options.status());
  absl::StatusOr<std::vector<trace_output>> outputs = read_outputs(arguments);
  if (!outputs.ok()) return refuse(outputs.status());
  absl::StatusOr<std::vector<trace_job>> jobs = read_targets(arguments);
  if (!jobs.ok()) return refuse(jobs.status());
  raise_descriptor_limit();
  interruption interruption;
  trace_and_watch(*jobs, *options, vantage_or_host_name(arguments.vantage), interruption);
  for (const trace_output& output : *outputs) {
    const absl::Status written = write(*jobs, output);
    if (!written.ok()) {
      complain(message_of(written));
      return host_failed;
    }
  }
  return conclude(*jobs, interruption);
}

}  // namespace

void add_trace(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<trace_arguments>();
  CLI::App* const command = app.add_subcommand(
      "trace", "Ask hop by hop how far a connection gets, and who ends it; needs no root");
  trace_arguments& a = *arguments;
  command
      ->add_option("TARGET", a.targets,
                   "HOST:PORT or a URL; of a name's addresses the first one is traced. Several are "
                   "traced side by side")
      ->required();
  command->add_option("-m,--max-hops", a.max_hops, "Go no further")->capture_default_str();
  command->add_option("-f,--first-hop", a.first_hop, "Begin with this hop")->capture_default_str();
  command->add_option("-q,--queries", a.queries, "SYNs to each hop, each from another port")
      ->capture_default_str();
  command
      ->add_option("--gaps", a.gaps,
                   "Give up after so many silent hops in a row; so many are asked ahead at once")
      ->capture_default_str();
  command
      ->add_option("--timeout", a.timeout,
                   "Longest wait for one answer: 4s has room for the router that finds nobody at "
                   "an address. When the end has answered, silent hops are waited for no longer "
                   "than two SYNs take, or four times the slowest answer")
      ->capture_default_str();
  CLI::Option* const only_v4 = command->add_flag("-4", a.only_v4, "Only IPv4 addresses of a name");
  command->add_flag("-6", a.only_v6, "Only IPv6 addresses of a name")->excludes(only_v4);
  command
      ->add_option("--resolve", a.resolve,
                   "HOST:PORT:ADDRESS: take this address for the name, as with curl")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--vantage", a.vantage,
                      "Name of the place this trace runs from (default: this host's name)");
  command
      ->add_option("-o,--output", a.outputs,
                   "Where results go; the ending (.ndjson .json .txt) tells the format; - is "
                   "standard output; may be given several times")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      ->add_option("--format", a.format,
                   "Format of all outputs: text; json, a list of traces; ndjson, a trace a line, "
                   "which `compare` reads")
      ->check(CLI::IsMember({"text", "json", "ndjson"}));
  command->footer(
      "Examples:\n"
      "  netscan trace 10.0.0.216:443\n"
      "  netscan trace https://gitlab.ailab.com --resolve gitlab.ailab.com:443:10.0.0.232\n"
      "  netscan trace gitlab.ailab.com:443 -6 -q 5 --max-hops 12\n"
      "  netscan trace 10.0.0.216:443 --vantage pc -o - -o pc-trace.ndjson\n"
      "\n"
      "Exit codes: 0 every end was reached, and is open; 1 one is closed, rejected or silent;\n"
      "2 wrong usage or bad input; 3 this host could not ask; 130 interrupted.");
  command->callback([arguments, &exit] { exit = run_trace(*arguments); });
}

}  // namespace netscan::cli
