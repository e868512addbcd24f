/// The text after the options in --help, by its parts.
#pragma once

#include <string>
#include <vector>

namespace netscan::cli {

struct footer_paragraph {
  std::vector<std::string> lines;  ///< of prose, one
  bool is_table = false;           ///< every line is indented, and stands as it is
};

struct help_footer {
  std::vector<footer_paragraph> notes;
  std::vector<std::string> examples;    ///< a line of the shell each
  std::vector<std::string> exit_codes;  ///< `1 they differ`
  std::string exit_note;                ///< what follows the codes
};

/// Paragraphs have an empty line between them; those that begin with `Examples:` and `Exit codes:`
/// are what they say.
help_footer parse_footer(const std::string& footer);

}  // namespace netscan::cli
