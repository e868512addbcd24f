/// What a scan writes down: one header, one record a probe, one summary.
///
/// Plain data in the order and with the names of the NDJSON format. Strings in it come from this
/// host (options, interface addresses), never from the network.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/probe/reason.hpp"
#include "netscan/target/ip_address.hpp"

namespace netscan {

/// Wall clock, UTC.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// An ICMP error that answered a probe. `from` is who sent it, not necessarily the target.
struct icmp_evidence {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  ip_address from;

  friend bool operator==(const icmp_evidence&, const icmp_evidence&) = default;
};

/// The end of one probe.
struct probe_record {
  ip_address ip;
  std::uint16_t port = 0;
  probe_reason reason = probe_reason::no_response;
  /// How often the question was sent out by the scanner. The kernel repeats an unanswered SYN by
  /// itself after a second; the summary's `syns` counts those too. 0 when it never could be sent.
  std::uint16_t attempts = 0;
  /// The ICMP error that was the answer.
  std::optional<icmp_evidence> icmp;
  /// From the last attempt's connect() to its answer; nothing for silence.
  std::optional<std::uint32_t> rtt_us;
  /// For `local_error`, the errno; else 0. It is connect()'s or socket()'s, but for two: ECOMM when
  /// this host held back the repeated SYN (tcpi_retrans of TCP_INFO stays 0), ENETDOWN when its
  /// link, address or route was lost while the answer was waited for (rtnetlink(7)).
  std::int32_t local_errno = 0;
  /// When the probe ended.
  timestamp time{};

  probe_state state() const noexcept { return state_of(reason); }

  friend bool operator==(const probe_record&, const probe_record&) = default;
};

/// The counts of a scan. On every way a scan can end
///
///     planned = open + closed + filtered + error + skipped + not_started
struct scan_summary {
  std::uint64_t planned = 0;
  std::uint64_t open = 0;
  std::uint64_t closed = 0;
  std::uint64_t filtered = 0;
  std::uint64_t error = 0;
  /// Not asked, because no TCP connection can be made to the address from here: it is the broadcast
  /// address of a network this host is on.
  std::uint64_t skipped = 0;
  /// Without a verdict because the scan was stopped: not asked, or asked and not waited for.
  std::uint64_t not_started = 0;
  /// SYN packets that were handed to the network, the kernel's own repetitions included. Those that
  /// it repeats at once, for a RST that acknowledges what was never sent, are not counted.
  std::uint64_t syns = 0;
  /// How often this host was short of something (descriptors, ports, memory) and an attempt had to
  /// be put off. Not in records.
  std::uint64_t back_pressure = 0;
  std::uint64_t duration_ms = 0;
  /// The share of TCP answers (open, closed) that came only to a repeated SYN, 0 to 1.
  double loss_estimate = 0;
  /// True when every planned probe ended in a record or was skipped.
  bool complete = false;

  std::uint64_t ended() const noexcept { return open + closed + filtered + error; }

  friend bool operator==(const scan_summary&, const scan_summary&) = default;
};

/// An address of the scanning host, as far as it matters to the scan: one it asked from.
struct source_address {
  ip_address address;
  /// The prefix length of the network that the address is in.
  std::uint8_t prefix = 0;
  std::string interface;

  friend bool operator==(const source_address&, const source_address&) = default;
};

/// What the scanning host allowed, as far as it was known.
struct host_limits {
  std::uint64_t descriptors = 0;                ///< files that could still be opened
  std::optional<std::uint64_t> local_ports;     ///< net.ipv4.ip_local_port_range
  std::optional<std::uint64_t> neighbors;       ///< net.ipv4.neigh.default.gc_thresh3
  std::optional<std::uint64_t> conntrack_max;   ///< connections that it tracks at most
  std::optional<std::uint64_t> conntrack_used;  ///< and tracked when the scan began
  std::optional<std::uint64_t> memory_kib;      ///< memory that was available

  friend bool operator==(const host_limits&, const host_limits&) = default;
};

/// How the scan was made.
///
/// Of a scan by another tool (`scanner`) only little is known: what its file does not say is empty
/// or 0 here. It has no `plan_hash`.
struct scan_header {
  /// The tool that made it.
  std::string scanner = "netscan";
  std::string version;
  std::string vantage;
  timestamp start{};
  std::vector<source_address> sources;
  /// The routers this host sends through (all gateways in its routing tables).
  std::vector<ip_address> gateways;
  /// The targets as given, in normal form, and what was left out of them.
  std::vector<std::string> targets;
  std::vector<std::string> exclude;
  /// The ports, as parse_ports() reads them.
  std::string ports;
  std::uint64_t addresses = 0;
  std::uint64_t planned = 0;
  std::uint64_t seed = 0;
  std::string order;
  std::uint64_t shard_index = 1;
  std::uint64_t shard_count = 1;
  /// plan::hash(), 16 hexadecimal digits.
  std::string plan_hash;
  /// The options in effect.
  std::string timing;
  std::uint32_t timeout_ms = 0;
  std::uint32_t retries = 0;
  std::uint64_t rate = 0;
  std::uint32_t concurrency = 0;
  std::uint32_t threads = 0;
  /// Attempts in flight at most to one address and to one /24 (IPv6: /64); 0 for no limit.
  std::uint32_t per_address = 0;
  std::uint32_t per_network = 0;
  std::optional<host_limits> limits;
  /// The verdicts are connect()'s errno and nothing else, as those of `nmap -sT`: conn-refused may
  /// be a REJECT rule's, and host-unreach a prohibition.
  bool by_errno = false;

  bool is_foreign() const noexcept { return scanner != "netscan"; }

  friend bool operator==(const scan_header&, const scan_header&) = default;
};

/// `netscan 0.1.0`, `nmap 7.93`; only the tool when its version is not known.
std::string made_by(std::string_view scanner, std::string_view version);

/// Adds what a header does not have yet of where a further part of the scan was made from.
void add_place(scan_header& header, const std::vector<source_address>& sources,
               const std::vector<ip_address>& gateways);
/// Whether a host that asks from these addresses is on the link of `address`. Nothing when they do
/// not tell: none of that family, or only host prefixes (a DHCPv6 address is a /128 on a link whose
/// prefix only the router advertisement has).
std::optional<bool> on_link(std::span<const source_address> sources, const ip_address& address);

/// Whether a verdict may stand for another one just as well. Where the scanner knew connect()'s
/// errno only (scan_header::by_errno), conn-refused may be a REJECT and host-unreach a prohibition
/// (icmp(7)); a host-unreach that names no sender tells no more.
bool is_unclear(const probe_record& record, bool by_errno) noexcept;

/// Adds a record's state to the counts.
void count(scan_summary& summary, const probe_record& record) noexcept;

/// Adds another part of the same scan: all counts but `duration_ms`, since parts may run side by
/// side or one after the other. The loss is weighted by the answers it was seen on. The sum is
/// complete when both are.
void add(scan_summary& total, const scan_summary& part) noexcept;

}  // namespace netscan
