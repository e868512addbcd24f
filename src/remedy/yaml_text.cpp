#include "yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace netscan::detail {
namespace {

// YAML 1.1's words for true, false and null, as far as a Kubernetes name can be one.
constexpr std::array<std::string_view, 9> reserved_words = {"true", "false", "yes", "no",  "on",
                                                            "off",  "y",     "n",   "null"};

bool is_ipv4_entry(std::string_view text) {
  // Three dots make it no number of any kind.
  return std::count(text.begin(), text.end(), '.') >= 3 &&
         text.find_first_not_of("0123456789./-") == text.npos;
}

bool is_ipv6_entry(std::string_view text) {
  // A ':' at the end would make it a key, and at the start some readers stumble. Two or more, with
  // a '/' or '-', are no base-60 number of YAML 1.1.
  return std::count(text.begin(), text.end(), ':') >= 2 && text.front() != ':' &&
         text.back() != ':' && text.find_first_of("/-") != text.npos &&
         text.find_first_not_of("0123456789abcdef:/-") == text.npos;
}

bool is_plain_name(std::string_view text) {
  // A letter in front makes it no number; digits could be 1e3, 0x1f or 2026-01-05.
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == text.npos &&
         std::find(reserved_words.begin(), reserved_words.end(), text) == reserved_words.end();
}

}  // namespace

std::string yaml_scalar(std::string_view text) {
  if (is_plain_name(text) || is_ipv4_entry(text) || is_ipv6_entry(text)) return std::string(text);
  return fmt::format("\"{}\"", text);
}

std::string yaml_comment(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c >= ' ' && c <= '~') {
      line += c;
    } else {
      line += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return line;
}

}  // namespace netscan::detail
