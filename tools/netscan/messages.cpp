#include "messages.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "command.hpp"
#include "netscan/target/printable.hpp"
#include "netscan/target/status.hpp"

namespace netscan::cli {
namespace {

verbosity chosen = verbosity::normal;

}  // namespace

void set_verbosity(verbosity verbosity) noexcept {
  chosen = verbosity;
}

bool is_quiet() noexcept {
  return chosen == verbosity::quiet;
}

bool is_verbose() noexcept {
  return chosen == verbosity::verbose;
}

void say(std::string_view text) noexcept {
  // Standard error may be full, or closed. There is nobody left to be told that, and what the
  // command is for goes on.
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
}

void complain(std::string_view text) {
  // Names of files, and what files say, may have anything in them.
  say(fmt::format("netscan: {}\n", printable(text)));
}

void note(std::string_view text) {
  if (!is_quiet()) complain(text);
}

int refuse(const absl::Status& status) {
  complain(message_of(status));
  return wrong_usage;
}

}  // namespace netscan::cli
