/// Manual pages of section 1, from the same definitions as --help.
#pragma once

#include <string>
#include <string_view>

#include "option_list.hpp"

namespace netscan::cli {

/// `netscan` for the program, `netscan-sweep` for a command.
std::string man_page_name(const command_line& line, const command_entry& command);

/// In the man(7) macros, as groff and mandoc read them. `command` is the program or one of the
/// commands of `line`; `date` is like 2026-01-31.
std::string man_page(const command_line& line, const command_entry& command, std::string_view date);

}  // namespace netscan::cli
