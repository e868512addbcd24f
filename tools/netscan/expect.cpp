// netscan expect: whether results keep to a reachability policy.
#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <optional>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "input_file.hpp"
#include "messages.hpp"
#include "named_file.hpp"
#include "netscan/diagnose/policy.hpp"
#include "netscan/diagnose/policy_report.hpp"
#include "netscan/diagnose/policy_verdict.hpp"
#include "netscan/report/reader.hpp"
#include "netscan/target/status.hpp"
#include "output_file.hpp"
#include "terminal.hpp"

namespace netscan::cli {
namespace {

struct expect_arguments {
  std::string policy;
  std::vector<std::string> results;
  std::vector<std::string> outputs;
  std::string format;
};

absl::StatusOr<policy> read_policy(const std::string& path) {
  const absl::StatusOr<std::string> text = read_file(path);
  if (!text.ok()) return text.status();
  absl::StatusOr<policy> policy = parse_policy(*text);
  if (!policy.ok()) return invalid_argument("{}: {}", path, message_of(policy.status()));
  for (const std::string& notice : policy->notices) note(fmt::format("{}: {}", path, notice));
  return policy;
}

/// Reads the results one by one, so that no more of them is in memory than the checker keeps.
/// Returns how many scans there were.
absl::StatusOr<std::size_t> read_scans(const std::vector<std::string>& arguments,
                                       policy_checker& checker) {
  std::size_t scans = 0;
  for (const std::string& argument : arguments) {
    const named_file named = read_file_argument(argument);
    std::optional<std::size_t> current;
    scan_header header;
    const absl::StatusOr<results_file> file = read_results(
        named.path, [&](std::size_t scan, const scan_header& of, const probe_record& record) {
          if (current != scan) {
            current = scan;
            header = of;
            if (!named.vantage.empty()) header.vantage = named.vantage;
          }
          checker.add(header, record);
          return std::string();
        });
    if (!file.ok()) return file.status();
    for (const std::string& notice : file->notices) note(notice);
    for (const scan_results& scan : file->scans) {
      header = scan.header;
      if (!named.vantage.empty()) header.vantage = named.vantage;
      checker.add(header);
    }
    scans += file->scans.size();
    if (!file->checks.empty() || !file->traces.empty()) {
      note(named.path + ": checks and traces are not looked at, only scans are");
    }
  }
  return scans;
}

/// The format of an output: as given, or as the file is called. Nothing when that does not tell.
std::optional<std::string> format_of(const std::string& path, const std::string& given) {
  if (!given.empty()) return given;
  if (path == "-" || path.ends_with(".txt")) return "text";
  if (path.ends_with(".json")) return "json";
  if (path.ends_with(".xml")) return "junit";
  return std::nullopt;
}

std::string text_of(const policy& policy, const policy_verdict& verdict,
                    const expect_arguments& arguments, const std::string& output) {
  const std::string format = *format_of(output, arguments.format);
  if (format == "json") return policy_json(policy, verdict);
  if (format == "junit") return policy_junit(policy, verdict, arguments.policy);
  const bool colour = output == "-" && wants_colour(STDOUT_FILENO);
  return policy_text(policy, verdict, {.colour = colour});
}

int run_expect(const expect_arguments& arguments) {
  std::vector<std::string> outputs = arguments.outputs;
  if (outputs.empty()) outputs.emplace_back("-");
  for (const std::string& output : outputs) {
    if (format_of(output, arguments.format)) continue;
    return refuse(invalid_argument(
        "cannot tell the format of '{}' from its ending (.txt, .json, .xml): give --format",
        output));
  }
  const absl::StatusOr<policy> policy = read_policy(arguments.policy);
  if (!policy.ok()) return refuse(policy.status());
  policy_checker checker(*policy);
  const absl::StatusOr<std::size_t> scans = read_scans(arguments.results, checker);
  if (!scans.ok()) return refuse(scans.status());
  if (*scans == 0) {
    return refuse(invalid_argument("RESULTS hold no scan: a policy is held against sweeps"));
  }
  const policy_verdict verdict = std::move(checker).finish();
  for (const std::string& output : outputs) {
    const absl::Status written = write_file(output, text_of(*policy, verdict, arguments, output));
    if (written.ok()) continue;
    complain(message_of(written));
    return host_failed;
  }
  if (verdict.is_violated()) return no;
  return verdict.is_unknown() ? host_failed : yes;
}

}  // namespace

void add_expect(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<expect_arguments>();
  CLI::App* const command = app.add_subcommand(
      "expect", "Hold results against a policy: who must, and must not, reach what");
  expect_arguments& a = *arguments;
  command->add_option("POLICY", a.policy, "The policy, YAML; - is standard input")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("RESULTS", a.results,
                   "Results of `sweep` (ndjson, json, xml), nmap's XML and masscan's XML and JSON, "
                   "of any number of vantages; - is standard input. NAME=FILE calls the vantage of "
                   "a file's results NAME")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("-o,--output", a.outputs,
                   "Where the outcome goes; the ending (.txt .json .xml) tells the format, .xml is "
                   "JUnit's; - is standard output; may be given several times")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      ->add_option("--format", a.format,
                   "Format of all outputs, whatever they are called: text; json, one document; "
                   "junit, XML as CI systems read it")
      ->check(CLI::IsMember({"text", "json", "junit"}));
  command->footer(
      "A policy is a list of rules:\n"
      "\n"
      "  rules:\n"
      "    - name: clients reach GitLab\n"
      "      from: [pc, \"office-*\"]          # vantages; left out: all\n"
      "      to: [10.0.0.232, 10.0.0.249]    # addresses, as for sweep\n"
      "      ports: 80,443\n"
      "      expect: open\n"
      "    - name: and nothing else\n"
      "      from: pc\n"
      "      to: 10.0.0.0/24\n"
      "      exclude: [10.0.0.232, 10.0.0.249]\n"
      "      ports: [80, 443]\n"
      "      expect: [blocked, closed]\n"
      "\n"
      "expect is open, closed, filtered, reachable (open or closed) or blocked (silence, or\n"
      "an ICMP error that somebody decided on), or a list of these; `reasons:` in its place\n"
      "lists reasons as in results: [admin-prohibited, port-unreach].\n"
      "Nothing passes that was not seen: what has no record, could not be asked or is not\n"
      "clear is unknown. Every result counts when a vantage has several of an endpoint.\n"
      "\n"
      "Examples:\n"
      "  netscan expect policy.yaml pc.ndjson node.ndjson\n"
      "  netscan expect policy.yaml *.ndjson -o - -o junit.xml\n"
      "  netscan expect policy.yaml office-1=nmap.xml --format json | jq .violated\n"
      "  netscan sweep 10.0.0.0/24 -p 80,443 --format ndjson | netscan expect policy.yaml -\n"
      "\n"
      "Exit codes: 0 all rules hold; 1 some are violated; 2 wrong usage or bad input;\n"
      "3 none is violated, but something is unknown, or the output could not be written.");
  command->callback([arguments, &exit] { exit = run_expect(*arguments); });
}

}  // namespace netscan::cli
