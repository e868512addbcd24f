// The command line: finds the command, runs it, and passes its exit code on.
#include <fmt/format.h>

#include <clocale>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "app.hpp"
#include "command.hpp"
#include "messages.hpp"
#include "netscan/target/printable.hpp"

namespace {

/// CLI11's own text, on one line and with the way to the help.
int report_usage(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {  // --help, --version
    app.exit(error);
    if (std::cout.flush()) return netscan::cli::yes;
    netscan::cli::complain("cannot write to standard output");
    return netscan::cli::host_failed;
  }
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

  int exit = netscan::cli::yes;
  const std::unique_ptr<CLI::App> app = netscan::cli::make_app(exit);
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return report_usage(*app, error);
  } catch (const std::exception& failure) {
    netscan::cli::complain(failure.what());
    return netscan::cli::host_failed;
  }
  return exit;
}
