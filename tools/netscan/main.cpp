// The command line: finds the command, runs it, and passes its exit code on.
#include <fmt/format.h>

#include <clocale>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <sstream>
#include <string>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "messages.hpp"
#include "netscan/target/printable.hpp"
#include "netscan/version.hpp"

namespace {

/// CLI11's help, with descriptions that wrap within 80 columns.
class wrapping_formatter : public CLI::Formatter {
 public:
  wrapping_formatter() { column_width(name_width); }

  std::string make_option_desc(const CLI::Option* option) const override {
    constexpr std::size_t text_width = 80 - name_width;
    std::istringstream words(CLI::Formatter::make_option_desc(option));
    std::string text;
    std::size_t column = 0;
    for (std::string word; words >> word;) {
      const bool fits = column + word.size() < text_width;
      if (column != 0) text += fits ? ' ' : '\n';
      text += word;
      column = (fits ? column : 0) + word.size() + 1;
    }
    return text;
  }

 private:
  static constexpr std::size_t name_width = 30;
};

/// CLI11's own text, on one line and with the way to the help.
int report_usage(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
  const std::string text = error.what();
  std::string command = "netscan";
  for (const CLI::App* used : app.get_subcommands()) command += ' ' + used->get_name();
  fmt::print(stderr, "{}: {} (see '{} --help')\n", command, netscan::printable(text), command);
  return netscan::cli::wrong_usage;
}

}  // namespace

int main(int argc, char** argv) {
  // A closed pipe is an error of the write that met it, and is reported as one.
  std::signal(SIGPIPE, SIG_IGN);
  std::setlocale(LC_CTYPE, "");

  CLI::App app("Finds out what is reachable on a network, and turns it into a MetalLB pool.",
               "netscan");
  app.formatter(std::make_shared<wrapping_formatter>());
  app.set_version_flag("--version", std::string(netscan::version));
  app.require_subcommand(1);
  // So that they may stand behind the command too.
  app.fallthrough();
  bool quiet = false;
  bool verbose = false;
  app.add_flag("-q,--quiet", quiet, "Say only what failed: no notes, no progress");
  app.add_flag("-v,--verbose", verbose,
               "Say also what is about to be done, and how far it is where there is no terminal")
      ->excludes("--quiet");
  app.parse_complete_callback([&] {
    using netscan::cli::verbosity;
    netscan::cli::set_verbosity(quiet     ? verbosity::quiet
                                : verbose ? verbosity::verbose
                                          : verbosity::normal);
  });
  app.footer(
      "Exit codes: 0 yes; 1 no (nothing open, no candidate, a check fails); 2 wrong\n"
      "usage or bad input; 3 this host could not do all of it; 130 interrupted.");
  int exit = netscan::cli::yes;
  netscan::cli::add_check(app, exit);
  netscan::cli::add_sweep(app, exit);
  netscan::cli::add_trace(app, exit);
  netscan::cli::add_tune(app, exit);
  netscan::cli::add_merge(app, exit);
  netscan::cli::add_compare(app, exit);
  netscan::cli::add_pool(app, exit);
  netscan::cli::add_remedy(app, exit);
  netscan::cli::add_verify(app, exit);
  netscan::cli::add_report(app, exit);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return report_usage(app, error);
  } catch (const std::exception& failure) {
    netscan::cli::complain(failure.what());
    return netscan::cli::host_failed;
  }
  return exit;
}
