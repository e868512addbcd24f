/// What a user writes to name targets, read into an address set and host names.
///
///     std::vector<std::string> texts = {"10.0.0.0/24", "10.0.1.5-20", "gitlab.example"};
///     auto list = netscan::parse_targets(texts);
///     list->addresses.size();  // 272
///     list->names;             // gitlab.example: resolving it is the caller's to do
///
/// Nothing here touches the network. `@FILE` reads a local file.
#pragma once

#include <absl/status/statusor.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/target/address_set.hpp"

namespace netscan {

struct target_list {
  /// All addresses named, less those no connection can be tried to (see `notices`).
  address_set addresses;
  /// Host names to be resolved, in the order given, each once.
  std::vector<std::string> names;
  /// What was written, in normal form: `10.0.0.0/24`, `10.0.1.5-10.0.1.20`, `gitlab.example`;
  /// for a file what stands in it.
  std::vector<std::string> expressions;
  /// What the user should know of how the text was taken: host bits in a CIDR block that were
  /// ignored, addresses left out. One sentence each, naming the text.
  std::vector<std::string> notices;
};

/// Reads targets, each of which is one of
///
///     10.0.0.5              an address (IPv4 or IPv6, IPv6 in brackets too)
///     10.0.0.0/24           a CIDR block; host bits are ignored, with a notice
///     10.0.0.5-10.0.0.20    a range of addresses
///     10.0.0.5-20           a range in any octet, also several: 10.0.1-3.1,5,9
///     gitlab.example        a host name (RFC 1123); not 0x7f.1, which resolvers take for 127.0.0.1
///     @FILE                 a file of the above, separated by white space, with '#' comments
///
/// Blocks and ranges that contain addresses no connection can be tried to (why_not_probeable())
/// lose those, with a notice; naming such an address alone is an error. An IPv4 network's own first
/// and last address are kept: whether they are hosts depends on the link.
///
/// Errors: InvalidArgument, naming the text (and for a file its name and line), or for an empty
/// list; for a file that cannot be read what its errno stands for, as NotFound or PermissionDenied.
absl::StatusOr<target_list> parse_targets(std::span<const std::string> texts);

}  // namespace netscan
