#include <fmt/format.h>
#include <fmt/ranges.h>

#include "completion_scripts.hpp"

namespace netscan::cli {
namespace {

/// In single quotes, as fish reads them.
std::string fish_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\\' || c == '\'') result += '\\';
    result += c;
  }
  return result + '\'';
}

/// The options of `complete` that say what a value is.
std::string fish_value(const option_entry& entry) {
  switch (entry.kind) {
    case value_kind::none:
      return "";
    case value_kind::choice:
      return fmt::format(" -x -a '{}'", fmt::join(entry.choices, " "));
    case value_kind::file:
      return " -r -F";
    case value_kind::folder:
      return " -x -a '(__fish_complete_directories)'";
    case value_kind::text:
      break;
  }
  return " -x";
}

/// A line of the script: something that is offered after the command, or "" before there is one.
std::string fish_line(const std::string& command, const std::string& what) {
  return fmt::format("complete -c netscan -n '__netscan_command_is \"{}\"'{}\n", command, what);
}

std::string fish_options(const command_entry& command, const std::string& name) {
  std::string text;
  for (const option_entry& option : command.options) {
    std::string what;
    for (const std::string& word : option.names) {
      what += word.starts_with("--") ? " -l " + word.substr(2) : " -s " + word.substr(1);
    }
    what += fish_value(option) + " -d " + fish_quoted(first_sentence(option.description));
    text += fish_line(name, what);
  }
  return text;
}

constexpr const char* fish_begin =
    R"fish(# Completion of netscan for fish, as `netscan completion fish` prints it.

function __netscan_command_is --argument-names wanted
    set -l words (commandline -opc)
    for word in $words[2..-1]
        string match -q -- '-*' $word; and continue
        test "$word" = "$wanted"
        return
    end
    test -z "$wanted"
end

complete -c netscan -f
)fish";

}  // namespace

std::string fish_completion(const command_line& line) {
  std::string script = fish_begin;
  script += fish_options(line.program, "");
  for (const command_entry& command : line.commands) {
    script +=
        fish_line("", fmt::format(" -a {} -d {}", command.name, fish_quoted(command.description)));
  }
  for (const command_entry& command : line.commands) {
    script += fish_options(command, command.name);
    if (command.arguments.empty()) continue;
    const option_entry& argument = command.arguments.front();
    switch (argument.kind) {
      case value_kind::file:
        script += fish_line(command.name, " -F");
        break;
      case value_kind::choice:
      case value_kind::folder:
        script += fish_line(command.name, fish_value(argument));
        break;
      case value_kind::none:
      case value_kind::text:
        break;
    }
  }
  return script;
}

}  // namespace netscan::cli
