/// What a command says on standard error, beside its results.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <string_view>

namespace netscan::cli {

enum class verbosity : std::uint8_t {
  quiet,    ///< what failed, and no more
  normal,   ///< also notes and progress
  verbose,  ///< also what is about to be done, and progress where there is no terminal
};

/// For the whole process; normal at first. Set it before there are threads.
void set_verbosity(verbosity verbosity) noexcept;
bool is_quiet() noexcept;
bool is_verbose() noexcept;

/// As it is. Whatever standard error makes of it, nothing fails.
void say(std::string_view text) noexcept;
/// One line: `netscan: TEXT`.
void complain(std::string_view text);
/// The same for what is good to know, unless quiet.
void note(std::string_view text);
/// complain() for bad input; returns wrong_usage.
int refuse(const absl::Status& status);

}  // namespace netscan::cli
