/// A shell's completion script for the whole command line. Each stands alone: it needs no other
/// file, and does not run netscan.
#pragma once

#include <string>

#include "option_list.hpp"

namespace netscan::cli {

/// For bash 4 or later.
std::string bash_completion(const command_line& line);
std::string zsh_completion(const command_line& line);
/// For fish 3 or later.
std::string fish_completion(const command_line& line);

}  // namespace netscan::cli
