/// Candidates: the addresses of a scan that could carry the VIP, each judged, with the evidence.
///
///     netscan::candidate_options options{.selection = netscan::candidate_selection::free};
///     auto list = netscan::find_candidates(client_scans, owner_scans, options);
///     for (const auto& address : list->chosen) fmt::print("{}\n", address);
///     if (list->chosen.empty()) fmt::print("{}\n", list->advice);
///
/// A client scan is one from where the VIP will be used; it says what the firewall lets through.
/// An owner scan is one from a node on the addresses' own link; it says who is there.
///
/// Everything here is pure: no I/O, no clock, the same input gives the same text. Concurrent use
/// needs no care.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/report/results.hpp"
#include "netscan/target/address_set.hpp"
#include "netscan/target/port_set.hpp"

namespace netscan {

/// Which kinds of candidates are wanted.
enum class candidate_selection : std::uint8_t {
  open,      ///< somebody answers on every required port
  free,      ///< nobody is there
  passable,  ///< any the firewall lets through, in use or not
};

/// What the evidence of an address that the firewall lets through comes to.
enum class candidate_kind : std::uint8_t {
  open,    ///< syn-ack on every required port
  free,    ///< host-unreach (or no-neighbor) on some, and nobody known to own the address
  closed,  ///< in use, but not open on every required port
};

/// The words of the options and the records. parse_ gives nothing for a word that is not one.
std::string_view to_string(candidate_selection selection) noexcept;
std::string_view to_string(candidate_kind kind) noexcept;
std::optional<candidate_selection> parse_candidate_selection(std::string_view text) noexcept;

struct candidate_options {
  /// The ports that the service needs, all of them.
  port_set ports = port_set::of({{80, 80}, {443, 443}});
  candidate_selection selection = candidate_selection::open;
  /// Never to be taken.
  address_set exclude{};
  /// The user's own addresses (the old VIP): that they are in use is no caveat.
  address_set ours{};
  /// At most so many are chosen.
  std::optional<std::size_t> max{};
  /// Open addresses are taken where everything looks open too (report/tarpit.hpp).
  bool allow_tarpit = false;
  /// Chosen before all others, in this order, where they are accepted.
  std::vector<ip_address> prefer{};
  /// Addresses of the cluster's nodes, never to be taken: MetalLB refuses a pool that has one.
  address_set nodes{};
};

struct candidate {
  ip_address address;
  bool accepted = false;
  /// Nothing when the firewall blocks the address, when that is unknown, and for addresses that
  /// are never taken.
  std::optional<candidate_kind> kind;
  /// Why accepted or refused: one clause without a final stop, naming ports, the reason word and
  /// the sender of an ICMP error. `443: admin-prohibited from 192.168.77.1`. With several vantages
  /// each piece of evidence begins with those it was seen from: `pc+pc2 80,443: syn-ack`.
  std::string reason;
  /// What to know before taking it, a clause each. What is not seen but concluded has "inferred"
  /// in it.
  std::vector<std::string> caveats;

  friend bool operator==(const candidate&, const candidate&) = default;
};

/// A scan that was judged from.
struct candidate_source {
  std::string vantage;
  /// The tool that scanned, and its version if that is known.
  std::string scanner;
  std::string version;
  timestamp start{};
  bool owner = false;

  friend bool operator==(const candidate_source&, const candidate_source&) = default;
};

struct candidate_list {
  /// Every address of the client scans, ascending.
  std::vector<candidate> judged;
  /// The accepted ones: the preferred first, then ascending; `max` at most. MetalLB hands out a
  /// pool's entries in the order they are written in, so this order is kept in the pool.
  std::vector<ip_address> chosen;
  /// What the user should know of the input, a sentence each: scans that are not complete,
  /// preferred addresses that are not accepted.
  std::vector<std::string> notices;
  /// When nothing is accepted: what is missing, and the next thing to do. Else empty.
  std::string advice;

  /// How the list was made, for who writes it down: clients first, as given.
  std::vector<candidate_source> sources;
  candidate_selection selection = candidate_selection::open;
  port_set ports;
};

/// The candidate of this address, or null when no client scan asked it.
const candidate* find(const candidate_list& list, const ip_address& address) noexcept;

/// Judges every address of `clients`.
///
/// Scans of one vantage (by name) are one scan in parts: for an endpoint that was asked twice an
/// answer beats silence, silence beats a local error, and among equals the later record wins (by
/// its time, then by its place in the input). Several vantages must *all* let the address through.
/// With `owners` the same holds, but one reply at any of them, on any port, means the address is
/// owned. An address is judged over all required ports from all client vantages:
///
///  - all syn-ack: open.
///  - some host-unreach, else syn-ack or conn-refused: free, unless an owner scan has a reply: then
///    it is in use (closed).
///  - only syn-ack and conn-refused: closed.
///  - a conn-refused where the owners say no-neighbor: refused. No host is there to send the RST,
///    so a firewall forges it, and that port is blocked (inferred). An owner scan that finds nobody
///    thus makes a closed address not free but blocked.
///  - anything else on any port: refused.
///
/// no-neighbor at a client means that it is on the address's link itself. It counts as
/// host-unreach, with the caveat that no firewall was tested from there (any client on the link
/// gets that caveat). It counts only where the scan's `sources` do not contradict: off the link it
/// is the client's own next hop that did not answer. In an owner scan the same.
///
/// A conn-refused or host-unreach that is connect()'s errno only (scan_header::by_errno, `nmap
/// -sT`) may be a firewall's, and so may a host-unreach without a sender, or with the scanning host
/// as its sender (a missing neighbour is no-neighbor): refused. In an owner scan such a
/// conn-refused counts as a reply, and such a host-unreach as nothing.
///
/// A syn-ack where tarpit_watch finds a tarpit among all that one client vantage asked, in scans
/// that are complete and by netscan, is no evidence that somebody is there: refused, unless the
/// address is one of `ours`, or with `allow_tarpit`. Then it is a caveat. (All of it inferred.)
///
/// Never accepted: addresses that cannot be used (multicast, zoned, ...), `exclude`, `nodes`,
/// addresses and gateways of any scanning host, senders of ICMP errors, network and broadcast
/// addresses of IPv4 blocks among the targets and of the scanning hosts' networks (prefix 30 and
/// shorter, RFC 3021), and the subnet-router anycast address of IPv6 ones (RFC 4291 2.6.1; prefix
/// 126 and shorter, RFC 6164).
///
/// Errors: InvalidArgument for no client scans, no required ports, or a `max` of 0.
/// Time and memory: O(n log n) in the number of records; the records are not copied.
absl::StatusOr<candidate_list> find_candidates(std::span<const scan_results> clients,
                                               std::span<const scan_results> owners,
                                               const candidate_options& options);

}  // namespace netscan
