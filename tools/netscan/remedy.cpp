// netscan remedy: from scan results to all the files that put them into effect.
#include "netscan/remedy/remedy.hpp"

#include <fmt/format.h>

#include <memory>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "input_file.hpp"
#include "messages.hpp"
#include "netscan/remedy/metallb_version.hpp"
#include "netscan/target/printable.hpp"
#include "netscan/target/status.hpp"
#include "output_file.hpp"
#include "pool_arguments.hpp"

namespace netscan::cli {
namespace {

struct remedy_arguments {
  pool_arguments pool;
  std::vector<std::string> hosts;
  std::string gitlab_values;
  std::string merge;
  std::string service = "ingress-nginx/ingress-nginx-controller";
  std::string expect_status;
  std::string expect_text;
  bool insecure = false;
  bool dual_stack = false;
  std::string test_image = "nginx:stable";
  std::string output;
  bool force = false;
};

absl::StatusOr<std::optional<given_file>> read_given(const std::string& path) {
  if (path.empty()) return std::nullopt;
  absl::StatusOr<std::string> text = read_file(path);
  if (!text.ok()) return text.status();
  return given_file{path == "-" ? "standard input" : path, *std::move(text)};
}

absl::StatusOr<remedy_options> read_remedy_options(const remedy_arguments& arguments) {
  remedy_options options;
  absl::StatusOr<pool_options> pool = read_pool_options(arguments.pool);
  if (!pool.ok()) return pool.status();
  options.pool = *std::move(pool);
  absl::StatusOr<service_name> service = parse_service_name(arguments.service);
  if (!service.ok()) return service.status();
  options.service = *std::move(service);
  absl::StatusOr<address_set> ours = read_addresses(arguments.pool.ours);
  if (!ours.ok()) return ours.status();
  options.ours = *std::move(ours);
  absl::StatusOr<std::optional<given_file>> values = read_given(arguments.gitlab_values);
  if (!values.ok()) return values.status();
  options.gitlab_values = *std::move(values);
  absl::StatusOr<std::optional<given_file>> config = read_given(arguments.merge);
  if (!config.ok()) return config.status();
  options.metallb_config = *std::move(config);
  options.hosts = arguments.hosts;
  options.dual_stack = arguments.dual_stack;
  options.expected_status = arguments.expect_status;
  options.expected_text = arguments.expect_text;
  options.any_certificate = arguments.insecure;
  options.test_image = arguments.test_image;
  return options;
}

std::string_view what_is(std::string_view name) {
  if (name == "metallb.yaml") return "MetalLB's pool";
  if (name == "metallb-final.yaml") return "the same without the old VIP, for the last step";
  if (name == "test-lb.yaml") return "a pod to try the address with";
  if (name == "ingress-nginx-values.yaml") return "pins ingress-nginx's Service";
  if (name == "gitlab-values.yaml") return "GitLab's values with the new address";
  if (name == "hosts") return "lines for /etc/hosts of each client";
  if (name == "apply.sh") return "does it step by step, with checks and undo: --help, --dry-run";
  return "what must hold then, for `netscan verify`";
}

std::string report_of(const candidate_list& list, const remedy_options& options,
                      const remedy_bundle& bundle, const std::string& folder) {
  std::string text;
  for (const ip_address& vip : bundle.plan.vips) {
    const candidate& judged = *find(list, vip);
    text += fmt::format("{} for {}: {}\n", vip, bundle.plan.service, printable(judged.reason));
    for (const std::string& caveat : judged.caveats) {
      text += fmt::format("  ! {}\n", printable(caveat));
    }
  }
  text +=
      fmt::format("\n{}, {}{}:\n", printable(folder), to_string(options.pool.format),
                  options.pool.version ? " for MetalLB " + to_string(*options.pool.version) : "");
  for (const bundle_file& file : bundle.files) {
    text += fmt::format("  {:<26}{}\n", file.name, what_is(file.name));
  }
  return text + fmt::format(
                    "\nNext, where kubectl works:  {0}/apply.sh --client USER@HOST\n"
                    "Then, on the client:        netscan verify {0}\n",
                    printable(folder));
}

int write_failed(const absl::Status& status) {
  const bool is_in_the_way = absl::IsAlreadyExists(status) || absl::IsFailedPrecondition(status) ||
                             absl::IsInvalidArgument(status);
  if (is_in_the_way) return refuse(status);
  complain(message_of(status));
  return host_failed;
}

int run_remedy(const remedy_arguments& arguments) {
  absl::StatusOr<remedy_options> options = read_remedy_options(arguments);
  if (!options.ok()) return refuse(options.status());
  absl::StatusOr<candidate_list> list = choose_candidates(arguments.pool);
  if (!list.ok()) return refuse(list.status());
  absl::StatusOr<remedy_bundle> bundle = make_remedy(*list, *options);
  if (!bundle.ok()) {
    complain(message_of(bundle.status()));
    return absl::IsFailedPrecondition(bundle.status()) ? no : wrong_usage;
  }
  for (const std::string& notice : bundle->notices) note(notice);
  const auto existing = arguments.force ? existing_bundle::replace : existing_bundle::refuse;
  if (absl::Status status = write_bundle(arguments.output, bundle->files, existing); !status.ok()) {
    return write_failed(status);
  }
  const std::string report = report_of(*list, *options, *bundle, arguments.output);
  if (const absl::Status written = write_file("-", report); !written.ok()) {
    complain(message_of(written));
    return host_failed;
  }
  return yes;
}

void add_target_options(CLI::App& command, remedy_arguments& a) {
  command
      .add_option("--gitlab-values", a.gitlab_values,
                  "GitLab's values file: global.hosts.externalIP is set in it, and no other byte "
                  "changed; its names are taken")
      ->type_name("FILE");
  command
      .add_option("--hostname", a.hosts,
                  "Names that are served at the address [those of --gitlab-values]")
      ->delimiter(',')
      ->type_name("NAME");
  command.add_option("--service", a.service, "The LoadBalancer Service to give the address to")
      ->type_name("NAMESPACE/NAME")
      ->capture_default_str();
  command
      .add_option("--merge", a.merge,
                  "MetalLB's configuration in use, to add the pool to; an old VIP given by --ours "
                  "is taken out of it at the end")
      ->type_name("FILE");
  command.add_flag("--dual-stack", a.dual_stack, "An IPv4 and an IPv6 address for the Service");
  command
      .add_option("--expect-status", a.expect_status,
                  "HTTP statuses that are right, such as 200,300-399 [GitLab 200-399, others "
                  "below 500]")
      ->type_name("RANGES");
  command.add_option("--expect-text", a.expect_text, "What must be in the page of each name")
      ->type_name("TEXT");
  command.add_flag("-k,--insecure", a.insecure,
                   "Accept certificates that the client does not trust, if names and dates are "
                   "right");
  command.add_option("--test-image", a.test_image, "Image of the test pod, an nginx")
      ->capture_default_str();
}

}  // namespace

void add_remedy(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<remedy_arguments>();
  CLI::App* const command = app.add_subcommand(
      "remedy", "Write everything that gives a Service an address the firewall lets through");
  add_selection_options(*command, arguments->pool);
  add_target_options(*command, *arguments);
  command
      ->add_option("--format", arguments->pool.format,
                   "crd for MetalLB 0.13 and later; configmap and helm-values (configInline) up to "
                   "0.12 [crd, or as --metallb-version reads]")
      ->check(CLI::IsMember({"crd", "configmap", "helm-values"}));
  add_pool_options(*command, arguments->pool);
  command->add_option("-o,--output", arguments->output, "Folder to write, as a whole or not at all")
      ->type_name("DIR")
      ->required();
  command->add_flag("--force", arguments->force,
                    "Replace a bundle that is there (but not its undo folder)");
  command->footer(
      "Examples:\n"
      "  netscan remedy pc.ndjson --hostname gitlab.ailab.com -o fix\n"
      "  netscan remedy pc.ndjson --owners node.ndjson --select free --metallb-version 0.14.9 \\\n"
      "    --gitlab-values override-values.yaml --ours 10.0.0.216 -o fix\n"
      "  netscan remedy pc.ndjson --metallb-version 0.10.2 --format helm-values \\\n"
      "    --namespace metallb --merge metallb-values.yaml --hostname git.example.org -o fix\n"
      "  netscan remedy pc.ndjson --service gateways/public --hostname git.example.org -o fix\n"
      "\n"
      "Exit codes: 0 the folder is written; 1 no address can be taken; 2 wrong usage or bad "
      "input.");
  command->callback([arguments, &exit] { exit = run_remedy(*arguments); });
}

}  // namespace netscan::cli
