// The command line: finds the command, runs it, and passes its exit code on.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <clocale>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <new>
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
  netscan::cli::say(
      fmt::format("{}: {} (see '{} --help')\n", command, netscan::printable(text), command));
  return netscan::cli::wrong_usage;
}

/// Records that were written are whole, and a file without a summary is known to be cut off, as
/// after a kill; so there is nothing that has to be saved with memory that is not there.
[[noreturn]] void end_without_memory() noexcept {
  netscan::cli::say("netscan: out of memory\n");
  ::_exit(netscan::cli::host_failed);
}

/// Whatever is opened first when one of these is closed would be taken for it, and messages go into
/// the results. So each gets a file that cannot be used as it should, and is said to be unusable.
void fill_standard_streams() noexcept {
  for (int fd = 0; fd >= 0 && fd <= STDERR_FILENO;) {
    if (::fcntl(fd, F_GETFD) != -1) {
      ++fd;
    } else if (::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) {
      return;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  fill_standard_streams();
  // A closed pipe is an error of the write that met it, and is reported as one.
  std::signal(SIGPIPE, SIG_IGN);
  std::setlocale(LC_CTYPE, "");
  std::set_new_handler(end_without_memory);

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
