#include "output_options.hpp"

#include <CLI/CLI.hpp>

namespace netscan::cli {

void add_output_options(CLI::App& command, std::vector<std::string>& outputs, std::string& format,
                        std::string& show) {
  command
      .add_option("-o,--output", outputs,
                  "Where results go; the ending (.ndjson .csv .json .xml .txt) tells the "
                  "format; - is "
                  "standard output; may be given several times")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      .add_option("--format", format,
                  "Format of all outputs, whatever they are called: text; ndjson, a record a line; "
                  "csv; json, one document; xml, nmap's, for ndiff and what else reads that")
      ->check(CLI::IsMember({"text", "ndjson", "csv", "json", "xml"}));
  command.add_option("--show", show, "Which probes the table of the text format lists")
      ->check(CLI::IsMember({"open", "responded", "all"}))
      ->capture_default_str();
}

}  // namespace netscan::cli
