#include "netscan/target/public_addresses.hpp"

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace netscan {
namespace {

address_set blocks(std::initializer_list<std::string_view> texts) {
  std::vector<address_range> ranges;
  for (const std::string_view text : texts) ranges.push_back(*parse_cidr(text));
  return address_set::of(std::move(ranges));
}

/// How 64:ff9b::/96 writes an IPv4 address, which a translator on the way then asks (RFC 6052 2.1).
address_range translated(const address_range& v4) {
  constexpr std::uint64_t prefix = 0x0064'ff9b'0000'0000;
  return {ip_address::v6(prefix, v4.first.low()), ip_address::v6(prefix, v4.last.low())};
}

/// https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.
address_set not_public() {
  const address_set v4 = blocks({
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
  });
  const address_set v6 = blocks({
                             "::/3",           // unassigned, loopback, mapped
                             "2001:2::/48",    // benchmarks
                             "2001:db8::/32",  // documentation
                             "3fff::/20",      // documentation
                             "4000::/2",       // unassigned
                             "8000::/1",       // unassigned, unique local, link-local, multicast
                         }) -
                         blocks({"64:ff9b::/96"});  // public where the IPv4 address is
  std::vector<address_range> all(v4.ranges().begin(), v4.ranges().end());
  all.insert(all.end(), v6.ranges().begin(), v6.ranges().end());
  for (const address_range& range : v4.ranges()) all.push_back(translated(range));
  return address_set::of(std::move(all));
}

}  // namespace

address_set public_part(const address_set& addresses) {
  static const address_set others = not_public();
  return addresses - others;
}

}  // namespace netscan
