/// The scans of the lab: what `pc`, behind the firewall, and `node`, on the link, see of
/// 10.0.0.0/24 on ports 80 and 443.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "netscan/report/results.hpp"
#include "netscan/target/ip_address.hpp"

namespace netscan::testing {

inline ip_address ip(std::string_view text) {
  return parse_ip_address(text).value();
}

inline ip_address lan(std::uint32_t last_octet) {
  return ip_address::v4(0x0a000000 | last_octet);
}

inline constexpr std::array<std::uint16_t, 2> lab_ports = {80, 443};

/// One record. An ICMP error has the codes that the tests do not look at left out.
inline probe_record seen(const ip_address& address, std::uint16_t port, probe_reason reason,
                         std::optional<ip_address> sender = std::nullopt,
                         std::optional<std::uint32_t> rtt_us = std::nullopt) {
  probe_record record;
  record.ip = address;
  record.port = port;
  record.reason = reason;
  record.attempts = 1;
  if (sender) record.icmp = icmp_evidence{.type = 3, .code = 0, .from = *sender};
  record.rtt_us = rtt_us;
  return record;
}

/// A scan that ended as planned.
inline scan_results scan_of(std::string vantage, std::vector<probe_record> probes,
                            std::uint32_t timeout_ms = 4000) {
  scan_results scan;
  scan.source = vantage + ".ndjson";
  scan.header.version = "0.1.0";
  scan.header.vantage = std::move(vantage);
  // 2026-01-05T10:00:00.123Z
  scan.header.start = timestamp(std::chrono::milliseconds(1767607200123));
  scan.header.timeout_ms = timeout_ms;
  scan.probes = std::move(probes);
  scan.summary = scan_summary{.planned = scan.probes.size(), .complete = true};
  return scan;
}

/// What the firewall and the hosts behind it answer `pc` with.
inline probe_record lab_from_pc(std::uint32_t last, std::uint16_t port, std::uint32_t timeout_ms) {
  const ip_address address = lan(last);
  const ip_address fw = ip("192.168.77.1");
  const auto rejected = [&](probe_reason reason) { return seen(address, port, reason, fw, 410); };
  if (last == 232 || last == 249) return seen(address, port, probe_reason::syn_ack, {}, 700);
  if (last == 50) return seen(address, port, probe_reason::conn_refused, {}, 650);
  if (last >= 60 && last <= 69) return rejected(probe_reason::admin_prohibited);
  if (last >= 70 && last <= 79) return rejected(probe_reason::port_unreach);
  if (last >= 80 && last <= 89) return seen(address, port, probe_reason::conn_refused, {}, 400);
  if (last >= 90 && last <= 99) return rejected(probe_reason::net_prohibited);
  const bool free = last == 240 || last == 241 || (last == 242 && port == 443);
  if (free && timeout_ms >= 3100) {
    return seen(address, port, probe_reason::host_unreach, fw, 3'060'000);
  }
  return seen(address, port, probe_reason::no_response);
}

/// `timeout_ms` below 3100 is too short for the router's host-unreach.
inline scan_results lab_pc(std::uint32_t timeout_ms = 4000) {
  std::vector<probe_record> probes;
  for (std::uint32_t last = 0; last < 256; ++last) {
    for (const std::uint16_t port : lab_ports) {
      probes.push_back(lab_from_pc(last, port, timeout_ms));
    }
  }
  scan_results scan = scan_of("pc", std::move(probes), timeout_ms);
  scan.header.targets = {"10.0.0.0/24"};
  scan.header.sources = {{ip("192.168.77.2"), 24, "eth0"}};
  scan.header.gateways = {ip("192.168.77.1")};
  return scan;
}

/// What `node`, 10.0.0.11, sees on its own link. The network's own first and last address are
/// skipped there, and the firewall's (.1) drops.
inline scan_results lab_node() {
  const ip_address node = lan(11);
  std::vector<probe_record> probes;
  for (std::uint32_t last = 1; last < 255; ++last) {
    for (const std::uint16_t port : lab_ports) {
      const bool nginx = last == 216 || last == 232 || last == 249;
      if (nginx) {
        probes.push_back(seen(lan(last), port, probe_reason::syn_ack, {}, 90));
      } else if (last == 50 || last == 11) {
        probes.push_back(seen(lan(last), port, probe_reason::conn_refused, {}, 80));
      } else if (last == 1) {
        probes.push_back(seen(lan(last), port, probe_reason::no_response));
      } else {
        probes.push_back(seen(lan(last), port, probe_reason::no_neighbor, node, 3'070'000));
      }
    }
  }
  scan_results scan = scan_of("node", std::move(probes));
  scan.header.targets = {"10.0.0.0/24"};
  scan.header.sources = {{node, 24, "eth0"}};
  scan.header.gateways = {lan(1)};
  return scan;
}

}  // namespace netscan::testing
