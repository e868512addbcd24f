#include "option_list.hpp"

#include <algorithm>
#include <string_view>

#include <CLI/CLI.hpp>

namespace netscan::cli {
namespace {

/// What is in the braces of `TEXT:{text,json}`, which is how CLI::IsMember describes itself.
std::vector<std::string> choices_of(std::string_view type) {
  const std::size_t open = type.find(":{");
  if (open == type.npos) return {};
  std::string_view rest = type.substr(open + 2);
  rest = rest.substr(0, rest.find('}'));
  std::vector<std::string> choices;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    choices.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return choices;
}

value_kind kind_of(const option_entry& entry) {
  if (!entry.choices.empty()) return value_kind::choice;
  if (entry.value == "FILE" || entry.value == "PATH") return value_kind::file;
  if (entry.value == "DIR") return value_kind::folder;
  return value_kind::text;
}

option_entry describe(const CLI::Option& option) {
  option_entry entry;
  for (const std::string& name : option.get_snames()) entry.names.push_back('-' + name);
  for (const std::string& name : option.get_lnames()) entry.names.push_back("--" + name);
  if (entry.names.empty()) entry.names.push_back(option.get_name(true));
  entry.description = option.get_description();
  for (const CLI::Option* other : option.get_excludes()) {
    entry.excludes.push_back(other->get_name());
  }
  std::sort(entry.excludes.begin(), entry.excludes.end());
  entry.required = option.get_required();
  if (option.get_items_expected_max() == 0) return entry;  // a flag
  const std::string type = option.get_type_name();
  entry.value = type.substr(0, type.find(':'));
  entry.choices = choices_of(type);
  entry.kind = kind_of(entry);
  entry.standard = option.get_default_str();
  entry.repeatable = option.get_items_expected_max() > 1;
  return entry;
}

command_entry describe_command(const CLI::App& app) {
  command_entry command{app.get_name(), app.get_description(), app.get_footer(), {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    (option->nonpositional() ? command.options : command.arguments).push_back(describe(*option));
  }
  return command;
}

}  // namespace

command_line describe(const CLI::App& app) {
  command_line line{describe_command(app), {}};
  const auto is_shown = [](const CLI::App* command) { return !command->get_group().empty(); };
  for (const CLI::App* command : app.get_subcommands(is_shown)) {
    line.commands.push_back(describe_command(*command));
  }
  return line;
}

std::string first_sentence(const std::string& text) {
  return text.substr(0, std::min(text.find(". "), text.size()));
}

}  // namespace netscan::cli
