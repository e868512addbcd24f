#include "yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace netscan::detail {
namespace {

// YAML 1.1's words for true, false and null, which come in any case.
constexpr std::array<std::string_view, 9> reserved_words = {"true", "false", "yes", "no",  "on",
                                                            "off",  "y",     "n",   "null"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_reserved_word(std::string_view text) {
  const auto is_text = [&](std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                      [](char c, char of_word) { return lower(c) == of_word; });
  };
  return std::any_of(reserved_words.begin(), reserved_words.end(), is_text);
}

bool is_ipv4_entry(std::string_view text) {
  // Three dots make it no number of any kind.
  return std::count(text.begin(), text.end(), '.') >= 3 && is_digit(text.front()) &&
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
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) {
                       return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
                     }) &&
         !is_reserved_word(text);
}

}  // namespace

std::string yaml_scalar(std::string_view text) {
  const bool plain = is_plain_name(text) || is_ipv4_entry(text) || is_ipv6_entry(text);
  return plain ? std::string(text) : yaml_quoted(text, '"');
}

std::string yaml_quoted(std::string_view text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) {
    if (c == quote || (quote == '"' && c == '\\')) quoted += quote == '"' ? '\\' : '\'';
    quoted += c;
  }
  return quoted += quote;
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
