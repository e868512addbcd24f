/// What the terminal, if there is one, can show.
#pragma once

namespace netscan::cli {

bool is_terminal(int fd) noexcept;
/// Colours are for terminals, and not with NO_COLOR set (no-color.org) or TERM=dumb.
bool wants_colour(int fd) noexcept;
/// The locale's characters are UTF-8.
bool has_unicode() noexcept;
/// Columns: of the terminal, else from COLUMNS, else 80.
unsigned width(int fd) noexcept;

}  // namespace netscan::cli
