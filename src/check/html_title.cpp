#include "html_title.hpp"

#include <absl/strings/ascii.h>

#include <algorithm>

#include "remote_text.hpp"

namespace netscan::detail {
namespace {

constexpr std::string_view white_space = " \t\r\n\f";

/// Where `word`, in lower case, is in the text, whose letters may be of either case.
std::size_t find_ignoring_case(std::string_view text, std::string_view word) {
  const auto found = std::search(
      text.begin(), text.end(), word.begin(), word.end(),
      [](char a, char b) { return absl::ascii_tolower(static_cast<unsigned char>(a)) == b; });
  return found == text.end() ? text.npos : static_cast<std::size_t>(found - text.begin());
}

}  // namespace

std::string html_title(std::string_view html) {
  constexpr std::string_view start = "<title";
  for (std::size_t at = find_ignoring_case(html, start); at != html.npos;
       at = find_ignoring_case(html, start)) {
    html.remove_prefix(at + start.size());
    // <titles> is another element.
    const bool is_title = !html.empty() && (html.front() == '>' || html.front() == '/' ||
                                            white_space.find(html.front()) != white_space.npos);
    const std::size_t open = html.find('>');
    if (!is_title || open == html.npos) continue;
    std::string_view title = html.substr(open + 1);
    const std::size_t end = find_ignoring_case(title, "</title");
    if (end == title.npos) return {};
    title = title.substr(0, end);
    const std::size_t first = title.find_first_not_of(white_space);
    if (first == title.npos) return {};
    return cut_remote_text(title.substr(first, title.find_last_not_of(white_space) - first + 1));
  }
  return {};
}

}  // namespace netscan::detail
