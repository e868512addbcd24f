#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace netscan::cli {

/// Adds --output, --format and --show, as all commands have them that write results.
void add_output_options(CLI::App& command, std::vector<std::string>& outputs, std::string& format,
                        std::string& show);

}  // namespace netscan::cli
