#pragma once

#include <absl/status/statusor.h>
#include <absl/strings/ascii.h>

#include <string>
#include <string_view>

#include "netscan/target/host_name.hpp"
#include "netscan/target/ip_address.hpp"
#include "netscan/target/status.hpp"

namespace netscan::detail {

/// A host in normal form: an address (without brackets) in canonical text, a name in lower case.
/// Errors: InvalidArgument with what is wrong: neither a name nor an address, or an address that no
/// connection can be tried to.
inline absl::StatusOr<std::string> read_host(std::string_view text) {
  if (text.empty()) return invalid_argument("the host is missing");
  const absl::StatusOr<ip_address> address = parse_ip_address(text);
  if (address.ok()) {
    if (const auto why = why_not_probeable(*address)) return invalid_argument("{}", *why);
    return to_string(*address);
  }
  if (text.find(':') != text.npos) return address.status();
  if (!is_host_name(text)) {
    return invalid_argument("'{}' is neither an address nor a host name", excerpt(text));
  }
  return absl::AsciiStrToLower(absl::string_view(text.data(), text.size()));
}

}  // namespace netscan::detail
