#include "terminal.hpp"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string_view>

namespace netscan::cli {

bool is_terminal(int fd) noexcept {
  return ::isatty(fd) == 1;
}

bool wants_colour(int fd) noexcept {
  const char* const no_colour = std::getenv("NO_COLOR");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  const char* const term = std::getenv("TERM");
  return is_terminal(fd) && term != nullptr && std::string_view(term) != "dumb";
}

bool has_unicode() noexcept {
  return std::string_view(::nl_langinfo(CODESET)) == "UTF-8";
}

unsigned width(int fd) noexcept {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char* const columns = std::getenv("COLUMNS");
  const int given = columns == nullptr ? 0 : std::atoi(columns);
  return given >= 20 && given <= 1000 ? static_cast<unsigned>(given) : 80;
}

}  // namespace netscan::cli
