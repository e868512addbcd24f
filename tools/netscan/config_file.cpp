#include "config_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <string_view>

#include <CLI/CLI.hpp>

#include "netscan/target/status.hpp"

namespace netscan::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view without_quotes(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// Applies one file's lines. CLI11 can read such files itself, but its errors name neither line nor
/// file, and it takes `ports = 80,443` for two values.
class config_reader {
 public:
  config_reader(CLI::App& command, const std::string& path) : command_(command), path_(path) {}

  absl::Status take(std::string_view line) {
    ++number_;
    line = trimmed(line);
    if (line.empty() || line.front() == '#') return absl::OkStatus();
    const std::size_t equals = line.find('=');
    const std::string_view key = trimmed(line.substr(0, equals));
    if (equals == line.npos || key.empty()) {
      return wrong(fmt::format("'{}' is not OPTION = VALUE", line));
    }
    return set(std::string(key), std::string(without_quotes(trimmed(line.substr(equals + 1)))));
  }

 private:
  absl::Status set(const std::string& key, const std::string& value) {
    CLI::Option* const option = command_.get_option_no_throw("--" + key);
    if (option == nullptr || key == "config" || key == "help") {
      return wrong(
          fmt::format("'{}' is not an option that a file can set (see 'netscan {} --help')", key,
                      command_.get_name()));
    }
    const auto [first, is_new] = lines_.emplace(option, number_);
    if (!is_new) return wrong(fmt::format("'{}' is given already on line {}", key, first->second));
    if (value.empty()) return wrong(fmt::format("'{}' has no value", key));
    const std::vector<std::string> given = option->results();
    try {
      apply(*option, {value});
      // What the command line says holds, but the file has to be right all the same.
      if (!given.empty()) apply(*option, given);
    } catch (const CLI::Error& error) {
      return wrong(error.what());
    }
    return absl::OkStatus();
  }

  static void apply(CLI::Option& option, const std::vector<std::string>& values) {
    option.clear();
    for (const std::string& value : values) option.add_result(value);
    option.run_callback();
  }

  absl::Status wrong(std::string_view what) const {
    return invalid_argument("{}:{}: {}", path_, number_, what);
  }

  CLI::App& command_;
  const std::string& path_;
  std::size_t number_ = 0;
  std::map<const CLI::Option*, std::size_t> lines_;  // that set them
};

}  // namespace

absl::Status apply_config_file(CLI::App& command, const std::string& path) {
  std::ifstream file(path);
  if (!file) return invalid_argument("cannot read '{}': {}", path, std::strerror(errno));
  config_reader reader(command, path);
  for (std::string line; std::getline(file, line);) {
    if (absl::Status status = reader.take(line); !status.ok()) return status;
  }
  if (file.bad()) return invalid_argument("cannot read '{}': {}", path, std::strerror(errno));
  return absl::OkStatus();
}

}  // namespace netscan::cli
