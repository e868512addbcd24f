/// The whole command line.
#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace netscan::cli {

/// All commands with their options. Parsing runs the command given, and sets `exit` to its exit
/// code; `exit` must live as long as the result.
std::unique_ptr<CLI::App> make_app(int& exit);

}  // namespace netscan::cli
