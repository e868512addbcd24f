// netscan completion: a shell's script that completes netscan's command lines.
#include <memory>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "completion_scripts.hpp"
#include "messages.hpp"
#include "netscan/target/status.hpp"
#include "output_file.hpp"

namespace netscan::cli {
namespace {

struct completion_arguments {
  std::string shell;
  std::string output = "-";
};

int run_completion(const completion_arguments& arguments, const CLI::App& app) {
  const command_line line = describe(app);
  const std::string script = arguments.shell == "bash"  ? bash_completion(line)
                             : arguments.shell == "zsh" ? zsh_completion(line)
                                                        : fish_completion(line);
  if (const absl::Status written = write_file(arguments.output, script); !written.ok()) {
    complain(message_of(written));
    return host_failed;
  }
  return yes;
}

}  // namespace

void add_completion(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<completion_arguments>();
  CLI::App* const command =
      app.add_subcommand("completion", "Print the script that completes netscan's command lines");
  command->add_option("SHELL", arguments->shell, "The shell that is to read it")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->required();
  command
      ->add_option("-o,--output", arguments->output,
                   "File to write; it is replaced as a whole, or not")
      ->type_name("FILE")
      ->capture_default_str();
  command->footer(
      "The scripts are installed with netscan; by hand, each goes where its shell looks for it, "
      "or\n"
      "is read by the shell as it starts.\n"
      "\n"
      "Examples:\n"
      "  source <(netscan completion bash)\n"
      "  netscan completion bash -o ~/.local/share/bash-completion/completions/netscan\n"
      "  source <(netscan completion zsh)   # after compinit\n"
      "  netscan completion fish -o ~/.config/fish/completions/netscan.fish\n"
      "\n"
      "Exit codes: 0 the script is printed; 2 wrong usage; 3 it could not be written.");
  command->callback([arguments, &app, &exit] { exit = run_completion(*arguments, app); });
}

}  // namespace netscan::cli
