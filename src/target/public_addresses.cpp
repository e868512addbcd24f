#include "netscan/target/public_addresses.hpp"

#include <string_view>
#include <vector>

namespace netscan {
namespace {

address_set blocks(std::initializer_list<std::string_view> texts) {
  std::vector<address_range> ranges;
  for (const std::string_view text : texts) ranges.push_back(*parse_cidr(text));
  return address_set::of(std::move(ranges));
}

/// https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.
address_set not_public() {
  return blocks({
      "0.0.0.0/8",        // this network
      "10.0.0.0/8",       // private
      "100.64.0.0/10",    // shared by carriers
      "127.0.0.0/8",      // loopback
      "169.254.0.0/16",   // link-local
      "172.16.0.0/12",    // private
      "192.0.0.0/24",     // protocol assignments
      "192.0.2.0/24",     // documentation
      "192.168.0.0/16",   // private
      "198.18.0.0/15",    // benchmarks
      "198.51.100.0/24",  // documentation
      "203.0.113.0/24",   // documentation
      "224.0.0.0/4",      // multicast
      "240.0.0.0/4",      // reserved
      "::/3",             // unassigned, loopback, mapped
      "2001:2::/48",      // benchmarks
      "2001:db8::/32",    // documentation
      "3fff::/20",        // documentation
      "4000::/2",         // unassigned
      "8000::/1",         // unassigned, unique local, link-local, multicast
  });
}

}  // namespace

address_set public_part(const address_set& addresses) {
  static const address_set others = not_public();
  return addresses - others;
}

}  // namespace netscan
