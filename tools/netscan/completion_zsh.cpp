#include <fmt/format.h>
#include <fmt/ranges.h>

#include "completion_scripts.hpp"

namespace netscan::cli {
namespace {

/// For a specification of _arguments, which is in single quotes.
std::string zsh_escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
      continue;
    }
    if (c == '\\' || c == '[' || c == ']' || c == ':') result += '\\';
    result += c;
  }
  return result;
}

/// `:NAME:ACTION` of a value.
std::string zsh_value(const option_entry& entry, std::string_view name) {
  // Nothing can be offered; what begins with a dash may still be an option.
  std::string action = fmt::format("_guard \"^-*\" \"{}\"", zsh_escaped(name));
  if (entry.kind == value_kind::choice) action = fmt::format("({})", fmt::join(entry.choices, " "));
  if (entry.kind == value_kind::file) action = "_files";
  if (entry.kind == value_kind::folder) action = "_files -/";
  return fmt::format(":{}:{}", zsh_escaped(name), action);
}

std::string zsh_specifications(const option_entry& option) {
  std::string text;
  for (const std::string& name : option.names) {
    const bool is_long = name.starts_with("--");
    std::string form = option.repeatable ? "*" : fmt::format("({})", fmt::join(option.names, " "));
    form += name;
    // The value is in the same word or the next one.
    if (option.kind != value_kind::none) form += is_long ? "=" : "+";
    text +=
        fmt::format(" \\\n    '{}[{}]{}'", form, zsh_escaped(first_sentence(option.description)),
                    option.kind == value_kind::none ? "" : zsh_value(option, option.value));
  }
  return text;
}

std::string zsh_specifications(const std::vector<option_entry>& options) {
  std::string text;
  for (const option_entry& option : options) text += zsh_specifications(option);
  return text;
}

std::string zsh_function(const command_entry& command) {
  std::string text = fmt::format("_netscan_{}() {{\n  _arguments -s -S", command.name);
  text += zsh_specifications(command.options);
  for (const option_entry& argument : command.arguments) {
    text += fmt::format(" \\\n    '{}{}'", argument.repeatable ? "*" : "",
                        zsh_value(argument, argument.names.front()));
  }
  return text + "\n}\n\n";
}

constexpr const char* zsh_begin = R"zsh(#compdef netscan
# Completion of netscan for zsh, as `netscan completion zsh` prints it.

)zsh";

constexpr const char* zsh_end = R"zsh( \
    ': :->command' '*:: :->arguments' && return
  case $state in
    command) _describe -t commands command commands ;;
    arguments) ((! $+functions[_netscan_$words[1]])) || _netscan_$words[1] ;;
  esac
}

# From $fpath this file is the function; when sourced it only makes it.
if [[ $funcstack[1] == _netscan ]]; then
  _netscan "$@"
else
  compdef _netscan netscan
fi
)zsh";

}  // namespace

std::string zsh_completion(const command_line& line) {
  std::string script = zsh_begin;
  for (const command_entry& command : line.commands) script += zsh_function(command);
  script += "_netscan() {\n  local curcontext=$curcontext state\n  local -a commands=(\n";
  for (const command_entry& command : line.commands) {
    script += fmt::format("    '{}:{}'\n", command.name, zsh_escaped(command.description));
  }
  script += "  )\n  _arguments -C";
  script += zsh_specifications(line.program.options);
  return script + zsh_end;
}

}  // namespace netscan::cli
