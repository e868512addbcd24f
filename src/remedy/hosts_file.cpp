#include "hosts_file.hpp"

#include <fstream>
#include <sstream>

namespace netscan::detail {
namespace {

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

std::vector<hosts_line> parse_hosts_file(std::string_view text) {
  std::vector<hosts_line> lines;
  std::istringstream in{std::string(text)};
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string word;
    if (!(words >> word)) continue;
    const auto address = parse_ip_address(word);
    if (!address.ok()) continue;
    hosts_line parsed{number, *address, {}};
    while (words >> word) parsed.names.push_back(lower_case(word));
    if (!parsed.names.empty()) lines.push_back(std::move(parsed));
  }
  return lines;
}

std::vector<hosts_line> read_hosts_file(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return parse_hosts_file(text.str());
}

}  // namespace netscan::detail
