/// What this host has and allows, as far as a scan depends on it. Nothing here sends a packet.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "netscan/probe/record.hpp"
#include "netscan/target/address_set.hpp"

namespace netscan {

/// Raises this process' soft limit of open files to its hard limit (setrlimit(2), RLIMIT_NOFILE)
/// and returns how many more can be opened, less a reserve for name resolution, output and whatever
/// else the process does. Thread-safe; affects the whole process.
std::uint32_t raise_descriptor_limit() noexcept;

/// How many more files can be opened under the limit as it is, less the same reserve; at least 1.
std::uint32_t descriptor_budget() noexcept;

/// Memory that can be had without swapping, in KiB (/proc/meminfo, MemAvailable); nothing when it
/// cannot be read.
std::optional<std::uint64_t> available_memory_kib();

/// All addresses of this host's interfaces (getifaddrs(3)).
std::vector<source_address> interface_addresses();

/// The same as a set.
address_set own_addresses();

/// The addresses of networks this host is on that mean "all hosts": connect() refuses them.
address_set broadcast_addresses();

/// The networks whose addresses this host looks for on a link, by ARP or ND.
address_set on_link_addresses();

/// How many of these it may look for at once without overrunning the kernel's table of neighbours
/// (net.ipv4.neigh.default.gc_thresh3, arp(7)): an overrun breaks the host's other connections too.
std::uint32_t most_unresolved_neighbors();

/// The addresses that the kernel would send from to reach the targets, one for each that differs;
/// asked for the first address of each range, of at most 64 ranges.
std::vector<source_address> source_addresses(const address_set& targets);

/// The gateways in this host's main IPv4 and IPv6 routing tables (/proc/net/route, ipv6_route).
std::vector<ip_address> gateways();

}  // namespace netscan
