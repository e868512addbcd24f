// netscan man: a command's manual page, or all of them as files.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string_view>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "man_page.hpp"
#include "messages.hpp"
#include "netscan/target/status.hpp"
#include "output_file.hpp"

namespace netscan::cli {
namespace {

struct man_arguments {
  std::string command;
  std::string folder;
};

/// Today, or the day of SOURCE_DATE_EPOCH, by which packages are built the same at any time
/// (reproducible-builds.org/specs/source-date-epoch).
absl::StatusOr<std::string> page_date() {
  std::time_t day = std::time(nullptr);
  if (const char* const epoch = std::getenv("SOURCE_DATE_EPOCH")) {
    const std::string_view text = epoch;
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    constexpr std::int64_t last = 253402300799;  // of the year 9999
    const bool is_whole = error == std::errc() && end == text.data() + text.size();
    if (!is_whole || seconds < 0 || seconds > last) {
      return invalid_argument("SOURCE_DATE_EPOCH is '{}', expected seconds from 0 to {}",
                              excerpt(text), last);
    }
    day = seconds;
  }
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(day));
}

absl::Status write_pages(const command_line& line, const std::string& folder,
                         const std::string& date) {
  const auto write = [&](const command_entry& command) {
    return write_file(fmt::format("{}/{}.1", folder, man_page_name(line, command)),
                      man_page(line, command, date));
  };
  absl::Status status = write(line.program);
  for (const command_entry& command : line.commands) {
    if (status.ok()) status = write(command);
  }
  return status;
}

int run_man(const man_arguments& arguments, const CLI::App& app) {
  const command_line line = describe(app);
  const absl::StatusOr<std::string> day = page_date();
  if (!day.ok()) return refuse(day.status());
  const std::string& date = *day;
  absl::Status written;
  if (!arguments.folder.empty()) {
    written = write_pages(line, arguments.folder, date);
  } else {
    const command_entry* page = &line.program;
    for (const command_entry& command : line.commands) {
      if (command.name == arguments.command) page = &command;
    }
    written = write_file("-", man_page(line, *page, date));
  }
  if (written.ok()) return yes;
  complain(message_of(written));
  return host_failed;
}

}  // namespace

void add_man(CLI::App& app, int& exit) {
  auto arguments = std::make_shared<man_arguments>();
  CLI::App* const command = app.add_subcommand("man", "Print the manual page of a command");
  std::vector<std::string> names;
  const auto is_shown = [](const CLI::App* shown) { return !shown->get_group().empty(); };
  for (const CLI::App* other : app.get_subcommands(is_shown)) names.push_back(other->get_name());
  CLI::Option* const name =
      command->add_option("COMMAND", arguments->command, "Whose page [that of netscan as a whole]")
          ->check(CLI::IsMember(names));
  command->add_option("-o,--output", arguments->folder, "Write all pages into this folder instead")
      ->type_name("DIR")
      ->excludes(name);
  command->footer(
      "The pages are installed with netscan. The date on them is today's, or that of\n"
      "SOURCE_DATE_EPOCH in the environment.\n"
      "\n"
      "Examples:\n"
      "  netscan man sweep | man -l -\n"
      "  netscan man -o ~/.local/share/man/man1\n"
      "\n"
      "Exit codes: 0 it is written; 2 wrong usage; 3 it could not be written.");
  command->callback([arguments, &app, &exit] { exit = run_man(*arguments, app); });
}

}  // namespace netscan::cli
