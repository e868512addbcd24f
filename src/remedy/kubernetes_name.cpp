#include "kubernetes_name.hpp"

#include <algorithm>

#include "netscan/target/status.hpp"

namespace netscan::detail {
namespace {

constexpr std::size_t max_label = 63;
constexpr std::size_t max_subdomain = 253;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_label(std::string_view text) {
  return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_subdomain(std::string_view text) {
  for (std::size_t dot = text.find('.'); dot != text.npos; dot = text.find('.')) {
    if (!is_label(text.substr(0, dot))) return false;
    text.remove_prefix(dot + 1);
  }
  return is_label(text);
}

}  // namespace

absl::Status check_dns1123_subdomain(std::string_view what, std::string_view text) {
  if (text.size() <= max_subdomain && is_subdomain(text)) return absl::OkStatus();
  return invalid_argument(
      "bad {} '{}': it must be a DNS-1123 subdomain, at most {} of a-z, 0-9, '-' and '.', with a "
      "letter or digit at both ends of each part",
      what, text, max_subdomain);
}

absl::Status check_dns1123_label(std::string_view what, std::string_view text) {
  if (text.size() <= max_label && is_label(text)) return absl::OkStatus();
  return invalid_argument(
      "bad {} '{}': it must be a DNS-1123 label, at most {} of a-z, 0-9 and '-', with a letter or "
      "digit at both ends",
      what, text, max_label);
}

}  // namespace netscan::detail
