#include "app.hpp"

#include <memory>
#include <sstream>
#include <string>

#include <CLI/CLI.hpp>

#include "command.hpp"
#include "messages.hpp"
#include "netscan/version.hpp"

namespace netscan::cli {
namespace {

/// CLI11's help, with descriptions that wrap within 80 columns.
class wrapping_formatter : public CLI::Formatter {
 public:
  wrapping_formatter() { column_width(name_width); }

  std::string make_option_desc(const CLI::Option* option) const override {
    constexpr std::size_t text_width = 80 - name_width;
    std::istringstream words(CLI::Formatter::make_option_desc(option));
    std::string text;
    std::size_t column = 0;
    for (std::string word; words >> word;) {
      const bool fits = column + word.size() < text_width;
      if (column != 0) text += fits ? ' ' : '\n';
      text += word;
      column = (fits ? column : 0) + word.size() + 1;
    }
    return text;
  }

 private:
  static constexpr std::size_t name_width = 30;
};

}  // namespace

std::unique_ptr<CLI::App> make_app(int& exit) {
  auto app = std::make_unique<CLI::App>(
      "Finds out what is reachable on a network, and turns it into a MetalLB pool.", "netscan");
  app->formatter(std::make_shared<wrapping_formatter>());
  app->set_version_flag("--version", std::string(version));
  app->require_subcommand(1);
  // So that these may stand behind the command too.
  app->fallthrough();
  CLI::Option* const quiet = app->add_flag_callback(
      "-q,--quiet", [] { set_verbosity(verbosity::quiet); },
      "Say only what failed: no notes, no progress");
  app->add_flag_callback(
         "-v,--verbose", [] { set_verbosity(verbosity::verbose); },
         "Say also what is about to be done, and how far it is where there is no terminal")
      ->excludes(quiet);
  app->footer(
      "Exit codes: 0 yes; 1 no (nothing open, no candidate, a check fails); 2 wrong\n"
      "usage or bad input; 3 this host could not do all of it; 130 interrupted.");
  add_check(*app, exit);
  add_sweep(*app, exit);
  add_trace(*app, exit);
  add_tune(*app, exit);
  add_merge(*app, exit);
  add_compare(*app, exit);
  add_expect(*app, exit);
  add_pool(*app, exit);
  add_remedy(*app, exit);
  add_verify(*app, exit);
  add_manifest(*app, exit);
  add_report(*app, exit);
  add_completion(*app, exit);
  add_man(*app, exit);  // the last: it knows those that are there
  return app;
}

}  // namespace netscan::cli
