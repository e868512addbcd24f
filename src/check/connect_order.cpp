#include "connect_order.hpp"

#include <algorithm>

namespace netscan::detail {

std::vector<ip_address> connect_order(const std::vector<ip_address>& addresses) {
  if (addresses.empty()) return {};
  std::vector<ip_address> first = addresses;
  const ip_family preferred = addresses.front().family();
  const auto middle = std::stable_partition(
      first.begin(), first.end(), [&](const ip_address& a) { return a.family() == preferred; });
  const std::vector<ip_address> second(middle, first.end());
  first.erase(middle, first.end());

  std::vector<ip_address> order;
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) order.push_back(first[i]);
    if (i < second.size()) order.push_back(second[i]);
  }
  return order;
}

}  // namespace netscan::detail
