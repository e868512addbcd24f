/// What a probe found out, in the field's words: its state, and the reason for it.
///
/// The states are nmap's, and `error` for what this host, not the network, failed to do. The same
/// words stand in records, options, tables and diagnoses.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "netscan/target/ip_address.hpp"

namespace netscan {

enum class probe_state : std::uint8_t {
  open,      ///< a TCP connection was accepted
  closed,    ///< the host answered that nothing listens there
  filtered,  ///< no answer, or something on the way said no
  error,     ///< this host could not ask
};

enum class probe_reason : std::uint8_t {
  // open
  syn_ack,  ///< connect() completed, and not with ourselves
  // closed
  conn_refused,  ///< a RST, with no ICMP message behind it
  // filtered, by silence
  no_response,  ///< nothing before the last attempt's deadline
  // filtered, by an ICMP "destination unreachable" (RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1)
  net_unreach,           ///< 3/0; v6 1/0, no route to destination
  host_unreach,          ///< 3/1; v6 1/3, address unreachable; said by another host than this
  no_neighbor,           ///< the same by this host itself, or its neighbour table: nobody
                         ///< answered ARP or ND on its link
  proto_unreach,         ///< 3/2
  port_unreach,          ///< 3/3; v6 1/4: a firewall's REJECT, TCP itself answers with RST
  fragmentation_needed,  ///< 3/4; v6 2/0, packet too big
  source_route_failed,   ///< 3/5
  net_unknown,           ///< 3/6
  host_unknown,          ///< 3/7
  source_isolated,       ///< 3/8
  net_prohibited,        ///< 3/9
  host_prohibited,       ///< 3/10
  net_tos_unreach,       ///< 3/11
  host_tos_unreach,      ///< 3/12
  admin_prohibited,      ///< 3/13; v6 1/1
  precedence_violation,  ///< 3/14
  precedence_cutoff,     ///< 3/15
  beyond_scope,          ///< v6 1/2, beyond scope of source address
  source_policy_failed,  ///< v6 1/5, source address failed ingress/egress policy
  route_rejected,        ///< v6 1/6, reject route to destination
  // filtered, by other ICMP errors
  time_exceeded,      ///< 11/0; v6 3/0
  parameter_problem,  ///< 12; v6 4
  other_icmp,         ///< any other error; type and code are in the evidence
  // error
  local_error,  ///< the errno is in the record
};

/// The words as they stand in records: `open`, `syn-ack`, `no-response`.
std::string_view to_string(probe_state state) noexcept;
std::string_view to_string(probe_reason reason) noexcept;
/// The reverse; nothing for a word that is not one.
std::optional<probe_state> parse_probe_state(std::string_view text) noexcept;
std::optional<probe_reason> parse_probe_reason(std::string_view text) noexcept;

/// The state that a reason belongs to; each reason has one.
probe_state state_of(probe_reason reason) noexcept;

/// Whether it is a decision of whoever said so (a firewall's, a policy's), and not something found
/// out on the way: `admin-prohibited`, and not `host-unreach`.
bool is_rejection(probe_reason reason) noexcept;

/// The reason that an ICMP error stands for (ICMPv6 for `family` v6), said by another host.
probe_reason reason_of_icmp(ip_family family, std::uint8_t type, std::uint8_t code) noexcept;

}  // namespace netscan
