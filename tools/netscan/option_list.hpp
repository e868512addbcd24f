/// What the command line takes, read from the definitions that --help is made of. Shell completion
/// and man pages are written from this, so they say what --help says.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace netscan::cli {

/// What a value is, as far as a shell can help with it. An option is of a file when its type name
/// is FILE or PATH, of a folder when it is DIR.
enum class value_kind { none, text, choice, file, folder };

/// An option, or an argument (what CLI11 calls a positional).
struct option_entry {
  std::vector<std::string> names;  ///< `-o`, `--output`; of an argument its one name, `RESULTS`
  value_kind kind = value_kind::none;
  std::string value;                 ///< what the value is called: `FILE`
  std::vector<std::string> choices;  ///< the values there are, for value_kind::choice
  std::string standard;              ///< the value when none is given, if that is one
  std::string description;
  std::vector<std::string> excludes;  ///< options that cannot be given with this one
  bool required = false;
  bool repeatable = false;
};

struct command_entry {
  std::string name;  ///< `sweep`; of the whole, `netscan`
  std::string description;
  std::string footer;
  std::vector<option_entry> options;
  std::vector<option_entry> arguments;
};

struct command_line {
  command_entry program;
  std::vector<command_entry> commands;
};

/// Without what is hidden: all in the group "".
command_line describe(const CLI::App& app);

/// The first sentence, for a place of one line.
std::string first_sentence(const std::string& text);

}  // namespace netscan::cli
