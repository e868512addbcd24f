#include "netscan/target/host_name.hpp"

#include <absl/strings/ascii.h>

#include <algorithm>

#include "split.hpp"

namespace netscan {
namespace {

/// True when a name ends in what inet_aton(3), and with it the resolver, takes for a number:
/// `0x7f.0.0.1` would be looked up nowhere and become 127.0.0.1.
bool ends_in_a_number(std::string_view name) {
  std::string_view label = name.substr(name.rfind('.') + 1);
  std::string_view digits = "0123456789";
  if (label.starts_with("0x") || label.starts_with("0X")) {
    label.remove_prefix(2);
    digits = "0123456789abcdefABCDEF";
  }
  return label.find_first_not_of(digits) == label.npos;
}

}  // namespace

bool is_host_name(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.empty() || text.size() > 253 || ends_in_a_number(text)) return false;
  for (const std::string_view label : detail::split(text, ".")) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') {
      return false;
    }
    // '_' is not for host names, but DNS has it and some hosts too.
    if (!std::all_of(label.begin(), label.end(), [](char c) {
          return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
        })) {
      return false;
    }
  }
  return true;
}

}  // namespace netscan
