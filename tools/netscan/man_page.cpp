#include "man_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "help_footer.hpp"
#include "netscan/version.hpp"

namespace netscan::cli {
namespace {

/// Text of one line, so that troff prints every character as it is; `word` in backquotes is bold.
std::string troff(std::string_view text) {
  std::string result;
  bool is_bold = false;
  for (const char c : text) {
    switch (c) {
      case '\\':
        result += "\\(rs";
        break;
      case '-':
        result += "\\-";
        break;
      case '\'':
        result += "\\(aq";
        break;
      case '"':
        result += "\\(dq";
        break;
      case '^':
        result += "\\(ha";
        break;
      case '~':
        result += "\\(ti";
        break;
      case '`':
        result += is_bold ? "\\fR" : "\\fB";
        is_bold = !is_bold;
        break;
      default:
        result += c;
    }
  }
  if (is_bold) result += "\\fR";
  // A full stop at the beginning of a line is a request.
  return result.starts_with('.') ? "\\&" + result : result;
}

std::string bold(std::string_view text) {
  return "\\fB" + troff(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + troff(text) + "\\fR";
}

std::string sentence(const std::string& text) {
  return text.ends_with('.') ? text : text + '.';
}

/// `text|json`; a line may be broken after each.
std::string choices_of_page(const std::vector<std::string>& choices) {
  std::string text;
  for (const std::string& choice : choices) {
    if (!text.empty()) text += "|\\:";
    text += bold(choice);
  }
  return text;
}

/// `-o, --output FILE`, `--format text|json`
std::string heading_of(const option_entry& option) {
  std::string text;
  for (const std::string& name : option.names) {
    if (!text.empty()) text += ", ";
    text += bold(name);
  }
  if (option.kind == value_kind::none) return text;
  const bool is_choice = option.kind == value_kind::choice;
  return text + ' ' + (is_choice ? choices_of_page(option.choices) : italic(option.value));
}

std::string body_of(const option_entry& option) {
  std::string text = troff(sentence(option.description));
  if (!option.standard.empty()) text += fmt::format(" Default: {}.", bold(option.standard));
  if (option.required) text += " Required.";
  std::string_view joint = " Not with ";
  for (const std::string& other : option.excludes) {
    text.append(joint).append(bold(other));
    joint = " or ";
  }
  if (!option.excludes.empty()) text += '.';
  return text;
}

std::string paragraph(const std::string& heading, const std::string& body) {
  return fmt::format(".TP\n{}\n{}\n", heading, body);
}

std::string options_section(const command_entry& command) {
  std::string text = ".SH OPTIONS\n";
  for (const option_entry& option : command.options) {
    text += paragraph(heading_of(option), body_of(option));
  }
  return text;
}

std::string words_of(const option_entry& argument) {
  const bool is_choice = argument.kind == value_kind::choice;
  const std::string text =
      is_choice ? choices_of_page(argument.choices) : italic(argument.names.front());
  return argument.repeatable ? text + " ..." : text;
}

std::string synopsis_section(const command_line& line, const command_entry& command) {
  std::string text = ".SH SYNOPSIS\n";
  if (&command == &line.program) {
    return text + fmt::format("{} {} [{}] [{} ...]\n", bold(command.name), italic("COMMAND"),
                              italic("OPTIONS"), italic("ARGUMENTS"));
  }
  text += fmt::format("{} [{}]", bold(line.program.name + ' ' + command.name), italic("OPTIONS"));
  for (const option_entry& argument : command.arguments) {
    const std::string words = words_of(argument);
    text += argument.required ? ' ' + words : " [" + words + ']';
  }
  return text + '\n';
}

std::string as_it_is(const std::vector<std::string>& lines) {
  std::string text = ".RS 4\n.EX\n";
  for (const std::string& line : lines) text += troff(line) + '\n';
  return text + ".EE\n.RE\n";
}

std::string description_section(const command_entry& command, const help_footer& footer) {
  std::string text = ".SH DESCRIPTION\n" + troff(sentence(command.description)) + '\n';
  for (const footer_paragraph& note : footer.notes) {
    text += ".PP\n";
    text += note.is_table ? as_it_is(note.lines) : troff(note.lines.front()) + '\n';
  }
  for (const option_entry& argument : command.arguments) {
    text += paragraph(words_of(argument), body_of(argument));
  }
  return text;
}

std::string commands_section(const command_line& line) {
  std::string text = ".SH COMMANDS\n";
  for (const command_entry& command : line.commands) {
    text += paragraph(bold(command.name), troff(sentence(command.description)));
  }
  return text;
}

std::string exit_status_section(const help_footer& footer) {
  std::string text = ".SH EXIT STATUS\n";
  for (const std::string& code : footer.exit_codes) {
    const std::size_t blank = std::min(code.find(' '), code.size() - 1);
    text += paragraph(bold(code.substr(0, blank)), troff(code.substr(blank + 1)) + '.');
  }
  if (!footer.exit_note.empty()) text += ".PP\n" + troff(footer.exit_note) + '\n';
  return text;
}

std::string see_also_section(const command_line& line, const command_entry& command) {
  std::vector<std::string> pages;
  if (&command != &line.program) pages.push_back(line.program.name);
  for (const command_entry& other : line.commands) {
    if (&command != &other) pages.push_back(man_page_name(line, other));
  }
  std::string text = ".SH SEE ALSO\n";
  for (const std::string& page : pages) {
    text += fmt::format(".BR {} (1){}\n", troff(page), &page == &pages.back() ? "" : ",");
  }
  return text;
}

/// A page's name is in capitals in its head.
std::string upper_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// `name - what it does`, which apropos(1) finds: no capital, no full stop.
std::string name_section(const std::string& name, std::string what) {
  what.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(what.front())));
  if (what.ends_with('.')) what.pop_back();
  return fmt::format(".SH NAME\n{} \\- {}\n", troff(name), troff(what));
}

}  // namespace

std::string man_page_name(const command_line& line, const command_entry& command) {
  if (&command == &line.program) return command.name;
  return line.program.name + '-' + command.name;
}

std::string man_page(const command_line& line, const command_entry& command,
                     std::string_view date) {
  const std::string name = man_page_name(line, command);
  const help_footer footer = parse_footer(command.footer);
  std::string page =
      fmt::format(".\\\" From the definitions of `{} --help`: change those.\n", line.program.name);
  page += fmt::format(".TH {} 1 {} \"{} {}\" \"User Commands\"\n", troff(upper_case(name)), date,
                      line.program.name, version);
  page += ".ad l\n.nh\n";  // words such as --metallb-version stay whole, and blanks are as many
  page += name_section(name, command.description);
  page += synopsis_section(line, command);
  page += description_section(command, footer);
  if (&command == &line.program) page += commands_section(line);
  page += options_section(command);
  if (!footer.examples.empty()) page += ".SH EXAMPLES\n" + as_it_is(footer.examples);
  if (!footer.exit_codes.empty()) page += exit_status_section(footer);
  return page + see_also_section(line, command);
}

}  // namespace netscan::cli
