#pragma once

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "netscan/probe/reason.hpp"

namespace netscan::detail {

/// The text in the ANSI colour of a state: green, yellow, red, magenta.
inline std::string painted_state(std::string_view text, probe_state state) {
  constexpr std::array<std::string_view, 4> colours = {"32", "33", "31", "35"};
  return fmt::format("\033[{}m{}\033[0m", colours[static_cast<std::size_t>(state)], text);
}

}  // namespace netscan::detail
