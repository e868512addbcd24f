#include "target_arguments.hpp"

#include <fmt/ranges.h>

#include "command.hpp"
#include "messages.hpp"
#include "netscan/scan/resolve.hpp"
#include "netscan/target/status.hpp"

namespace netscan::cli {

absl::StatusOr<target_list> read_target_arguments(const std::vector<std::string>& texts) {
  absl::StatusOr<target_list> list = parse_targets(texts);
  if (!list.ok()) return list;
  std::vector<address_range> found;
  for (const std::string& name : list->names) {
    absl::StatusOr<std::vector<ip_address>> addresses = resolve(name);
    if (!addresses.ok()) return addresses.status();
    note(fmt::format("{} is {}", name, fmt::join(*addresses, ", ")));
    for (const ip_address& address : *addresses) {
      if (const auto why = why_not_probeable(address)) {
        return invalid_argument("bad target '{}': it is {}, and {}", name, address, *why);
      }
      found.push_back({address, address});
    }
  }
  list->addresses = list->addresses | address_set::of(std::move(found));
  for (const std::string& notice : list->notices) note(notice);
  return list;
}

}  // namespace netscan::cli
