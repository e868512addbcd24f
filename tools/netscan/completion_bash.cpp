#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "completion_scripts.hpp"

namespace netscan::cli {
namespace {

/// What the script below does with a value; its words need no quoting, being options and choices.
std::string bash_action(const option_entry& entry) {
  switch (entry.kind) {
    case value_kind::none:
      return "";
    case value_kind::choice:
      return fmt::format("words {}", fmt::join(entry.choices, " "));
    case value_kind::file:
      return "file";
    case value_kind::folder:
      return "folder";
    case value_kind::text:
      break;
  }
  return "text";
}

/// The branches of `case $previous`: the options that take a value, with what it is.
std::string value_branches(const command_entry& command) {
  std::map<std::string, std::vector<std::string>> names_of;
  for (const option_entry& option : command.options) {
    if (option.kind == value_kind::none) continue;
    std::vector<std::string>& names = names_of[bash_action(option)];
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  std::string text;
  for (const auto& [action, names] : names_of) {
    text += fmt::format("        {}) value='{}' ;;\n", fmt::join(names, " | "), action);
  }
  return text;
}

std::string bash_branch(const command_entry& command, const std::string& name,
                        const std::string& argument) {
  std::vector<std::string> names;
  for (const option_entry& option : command.options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return fmt::format(
      "    {})\n"
      "      options='{}'\n"
      "      argument='{}'\n"
      "      case $previous in\n"
      "{}"
      "      esac\n"
      "      ;;\n",
      name, fmt::join(names, " "), argument, value_branches(command));
}

constexpr const char* bash_begin =
    R"bash(# Completion of netscan for bash, as `netscan completion bash` prints it.

_netscan() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  # To bash the = of --option=value is a word of its own.
  if [[ $current == = ]]; then
    current=''
  elif [[ $previous == = ]] && ((COMP_CWORD > 2)); then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  local command='' only_arguments='' word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    [[ $word != -- ]] || only_arguments=yes
    [[ -n $command || $word == -* ]] || command=$word
  done

  local options='' argument='' value=''
  case $command in
)bash";

constexpr const char* bash_end = R"bash(  esac

  if [[ -n $only_arguments ]]; then
    value=$argument
  elif [[ -z $value && $current == -* ]]; then
    value="words $options"
  elif [[ -z $value ]]; then
    value=$argument
  fi
  COMPREPLY=()
  case $value in
    'words '*) mapfile -t COMPREPLY < <(compgen -W "${value#words }" -- "$current") ;;
    file) compopt -o default ;;  # of readline, which knows quotes and ~
    folder) compopt -o dirnames ;;
  esac
}

complete -F _netscan netscan
)bash";

}  // namespace

std::string bash_completion(const command_line& line) {
  std::string script = bash_begin;
  std::vector<std::string> commands;
  for (const command_entry& command : line.commands) commands.push_back(command.name);
  script += bash_branch(line.program, "''", fmt::format("words {}", fmt::join(commands, " ")));
  for (const command_entry& command : line.commands) {
    const std::string argument =
        command.arguments.empty() ? "" : bash_action(command.arguments.front());
    script += bash_branch(command, command.name, argument);
  }
  return script + bash_end;
}

}  // namespace netscan::cli
