#include "netscan/scan/host.hpp"

#include <ifaddrs.h>
#include <net/if.h>
#include <sys/resource.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "file_descriptor.hpp"
#include "proc_file.hpp"
#include "socket_address.hpp"

namespace netscan {
namespace {

// For the resolver, the journal, output files, and what the process opens besides.
constexpr std::uint64_t reserve = 32;
constexpr std::size_t max_ranges_asked = 64;

std::uint64_t open_descriptors() noexcept {
  std::error_code error;
  std::filesystem::directory_iterator entries("/proc/self/fd", error);
  if (error) return 16;
  return static_cast<std::uint64_t>(std::distance(begin(entries), end(entries)));
}

std::uint32_t budget_of(rlim_t limit) noexcept {
  const std::uint64_t used = open_descriptors() + reserve;
  if (limit == RLIM_INFINITY || limit > used + 0x7fffffff) return 0x7fffffff;
  return static_cast<std::uint32_t>(limit > used ? limit - used : 1);
}

unsigned count_ones(const sockaddr* mask) noexcept {
  if (mask == nullptr) return 0;
  const ip_address bits = detail::socket_address::address_of(*mask);
  return static_cast<unsigned>(std::popcount(bits.high()) + std::popcount(bits.low()));
}

/// Calls `visit` with each interface address entry.
template <typename Visitor>
void for_each_interface(Visitor visit) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, &::freeifaddrs);
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    const bool has_address = entry->ifa_addr != nullptr && (entry->ifa_addr->sa_family == AF_INET ||
                                                            entry->ifa_addr->sa_family == AF_INET6);
    if (has_address) visit(*entry);
  }
}

/// The address the kernel sends from: connect() on a datagram socket looks up the route, and sends
/// nothing (udp(7)).
std::optional<ip_address> source_for(const ip_address& target) noexcept {
  const detail::socket_address to({target, 9});
  const detail::file_descriptor fd(::socket(to.data()->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd || ::connect(fd.get(), to.data(), to.size()) != 0) return std::nullopt;
  detail::socket_address from;
  socklen_t size = detail::socket_address::capacity();
  if (::getsockname(fd.get(), from.data(), &size) != 0) return std::nullopt;
  return from.to_endpoint().address;
}

std::optional<std::uint64_t> parse_hex(std::string_view digits) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

void append_unique(std::vector<ip_address>& list, const ip_address& address) {
  if (std::find(list.begin(), list.end(), address) == list.end()) list.push_back(address);
}

/// Fields of /proc/net/route: interface, destination, gateway, flags, ... (kernel: fib_trie.c).
void append_gateways_v4(std::vector<ip_address>& list) {
  std::ifstream file("/proc/net/route");
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string interface, destination, gateway;
    fields >> interface >> destination >> gateway;
    const auto value = parse_hex(gateway);
    // Printed as the host-order reading of the network-order number.
    if (value && *value != 0) {
      append_unique(list, ip_address::v4(ntohl(static_cast<std::uint32_t>(*value))));
    }
  }
}

/// Fields of /proc/net/ipv6_route: destination, its prefix, source, its prefix, next hop, ...,
/// interface (kernel: net/ipv6/route.c).
void append_gateways_v6(std::vector<ip_address>& list) {
  std::ifstream file("/proc/net/ipv6_route");
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream stream(line);
    std::vector<std::string> fields{std::istream_iterator<std::string>(stream), {}};
    if (fields.size() < 10 || fields[4].size() != 32) continue;
    const auto high = parse_hex(std::string_view(fields[4]).substr(0, 16));
    const auto low = parse_hex(std::string_view(fields[4]).substr(16));
    if (!high || !low || (*high == 0 && *low == 0)) continue;
    const bool link_local = *high >> 54 == 0xfe80 >> 6;
    const std::uint32_t zone = link_local ? if_nametoindex(fields.back().c_str()) : 0;
    append_unique(list, ip_address::v6(*high, *low, zone));
  }
}

}  // namespace

std::uint32_t raise_descriptor_limit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  return descriptor_budget();
}

std::uint32_t descriptor_budget() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1;
  return budget_of(limit.rlim_cur);
}

std::optional<std::uint64_t> available_memory_kib() {
  std::ifstream file("/proc/meminfo");
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string name;
    std::uint64_t value = 0;
    if (fields >> name >> value && name == "MemAvailable:") return value;
  }
  return std::nullopt;
}

std::vector<source_address> interface_addresses() {
  std::vector<source_address> addresses;
  for_each_interface([&](const ifaddrs& entry) {
    addresses.push_back({detail::socket_address::address_of(*entry.ifa_addr),
                         static_cast<std::uint8_t>(count_ones(entry.ifa_netmask)), entry.ifa_name});
  });
  return addresses;
}

address_set own_addresses() {
  std::vector<address_range> ranges;
  for (const source_address& source : interface_addresses()) {
    ranges.push_back({source.address, source.address});
  }
  return address_set::of(std::move(ranges));
}

address_set broadcast_addresses() {
  std::vector<address_range> ranges;
  for_each_interface([&](const ifaddrs& entry) {
    if ((entry.ifa_flags & IFF_BROADCAST) == 0 || entry.ifa_addr->sa_family != AF_INET ||
        entry.ifa_broadaddr == nullptr) {
      return;
    }
    const ip_address broadcast = detail::socket_address::address_of(*entry.ifa_broadaddr);
    const ip_address own = detail::socket_address::address_of(*entry.ifa_addr);
    // An address without a network of its own is entered with itself as broadcast address.
    if (broadcast != own && broadcast != ip_address()) ranges.push_back({broadcast, broadcast});
    // The kernel routes the last address of the network as broadcast even when none is set.
    const unsigned prefix = count_ones(entry.ifa_netmask);
    if (prefix < 31) {
      const ip_address last = cidr_block(own, prefix).last;
      ranges.push_back({last, last});
    }
  });
  return address_set::of(std::move(ranges));
}

address_set on_link_addresses() {
  std::vector<address_range> ranges;
  for_each_interface([&](const ifaddrs& entry) {
    if ((entry.ifa_flags & (IFF_LOOPBACK | IFF_NOARP | IFF_POINTOPOINT)) != 0) return;
    const ip_address own = detail::socket_address::address_of(*entry.ifa_addr);
    const unsigned prefix = count_ones(entry.ifa_netmask);
    if (prefix < own.bit_length()) ranges.push_back(cidr_block(own, prefix));
  });
  return address_set::of(std::move(ranges));
}

std::uint32_t most_unresolved_neighbors() {
  constexpr std::uint32_t enough = 400;
  const std::uint64_t table =
      detail::read_number("/proc/sys/net/ipv4/neigh/default/gc_thresh3").value_or(1024);
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(enough, std::max<std::uint64_t>(1, table * 2 / 5)));
}

std::vector<source_address> source_addresses(const address_set& targets) {
  const std::vector<source_address> interfaces = interface_addresses();
  std::vector<source_address> sources;
  for (const address_range& range :
       targets.ranges().first(std::min(targets.ranges().size(), max_ranges_asked))) {
    const std::optional<ip_address> address = source_for(range.first);
    if (!address) continue;
    const auto same = [&](const source_address& source) { return source.address == *address; };
    if (std::any_of(sources.begin(), sources.end(), same)) continue;
    const auto found = std::find_if(interfaces.begin(), interfaces.end(), same);
    sources.push_back(found != interfaces.end() ? *found : source_address{*address, 0, ""});
  }
  return sources;
}

std::vector<ip_address> gateways() {
  std::vector<ip_address> list;
  append_gateways_v4(list);
  append_gateways_v6(list);
  return list;
}

}  // namespace netscan
