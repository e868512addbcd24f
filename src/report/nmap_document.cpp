#include "nmap_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "foreign.hpp"
#include "json_records.hpp"
#include "netscan/target/port_set.hpp"
#include "netscan/target/printable.hpp"
#include "nmap_words.hpp"
#include "xml_text.hpp"

namespace netscan::detail {
namespace {

// A hundred bytes a host can stand for all its ports: what that may grow to in memory, some 400 MB.
constexpr std::uint64_t most_counted = std::uint64_t{1} << 22;

std::string wrong(const xml_attributes& attributes, std::string_view element, std::string_view name,
                  std::string_view expected) {
  const std::optional<std::string_view> value = attributes.find(name);
  return fmt::format("<{}>: '{}' is {}, expected {}", element, name,
                     value ? fmt::format("'{}'", excerpt(*value)) : "missing", expected);
}

/// The ICMP error that nmap calls so: it names the reason, not type and code. Nothing for words
/// that stand for several.
std::optional<icmp_evidence> icmp_of(ip_family family, probe_reason reason,
                                     const std::optional<ip_address>& sender) {
  static constexpr std::uint8_t types_v4[] = {3, 11, 12};
  static constexpr std::uint8_t types_v6[] = {1, 2, 3, 4};
  constexpr std::uint8_t codes = 16;
  const bool is_one = state_of(reason) == probe_state::filtered &&
                      reason != probe_reason::other_icmp && reason != probe_reason::no_response;
  if (!sender || !is_one) return std::nullopt;
  const std::span<const std::uint8_t> types =
      family == ip_family::v6 ? std::span<const std::uint8_t>(types_v6) : types_v4;
  for (const std::uint8_t type : types) {
    for (std::uint8_t code = 0; code < codes; ++code) {
      if (reason_of_icmp(family, type, code) == reason) return icmp_evidence{type, code, *sender};
    }
  }
  return std::nullopt;
}

std::string ports_text(std::uint64_t count) {
  return fmt::format("{} port{}", count, count == 1 ? "" : "s");
}

}  // namespace

std::string nmap_document::begin(std::string_view element, const xml_attributes& attributes) {
  if (!has_root_) {
    has_root_ = true;
    if (element == "nmaprun") return begin_run(attributes);
    return fmt::format(
        "is XML, but not nmap's or masscan's: it begins with <{}>, expected <nmaprun>",
        excerpt(element));
  }
  if (is_own_) return {};
  if (host_) return begin_in_host(element, attributes);
  if (element == "host") {
    host_.emplace();
    host_has_ports_ = false;
    host_->time = parse_seconds(attributes["endtime"]);
  } else if (element == "scaninfo" && attributes["protocol"] == "tcp") {
    const std::string_view type = attributes["type"];
    if (type != "connect" && type != "syn") {
      return wrong(attributes, "scaninfo", "type",
                   "connect or syn: other scans do not tell whether a connection is let through");
    }
    header_.by_errno = type == "connect";
    if (attributes.find("services")) header_.ports = attributes["services"];
  } else if (element == "hosts") {
    all_hosts_ = attributes.number("total", std::numeric_limits<std::uint64_t>::max()).value_or(0);
  }
  return {};
}

std::string nmap_document::begin_run(const xml_attributes& attributes) {
  if (attributes["scanner"].empty()) {
    return wrong(attributes, "nmaprun", "scanner", "the tool that scanned");
  }
  header_ = foreign_header(attributes["scanner"], results_.name());
  header_.version = attributes["version"];
  const std::optional<timestamp> start = parse_seconds(attributes["start"]);
  if (!start) return wrong(attributes, "nmaprun", "start", "the seconds since 1970");
  header_.start = *start;
  return {};
}

std::string nmap_document::begin_in_host(std::string_view element,
                                         const xml_attributes& attributes) {
  if (element == "address") return take_address(attributes);
  if (element == "port" || element == "extraports") host_has_ports_ = true;
  if (element == "port") return take_port(attributes);
  if (element == "state") return take_state(attributes);
  if (element == "extrareasons") return take_counted(attributes);
  if (element == "extraports") {
    counted_state_ = attributes["state"];
    nameless_ += attributes.number("count", 65535).value_or(0);
  }
  return {};
}

std::string nmap_document::take_address(const xml_attributes& attributes) {
  // The other one that a host may have is that of its network card.
  if (host_->address || attributes["addrtype"] == "mac") return {};
  absl::StatusOr<ip_address> address = parse_foreign_address(attributes["addr"]);
  if (!address.ok()) return wrong(attributes, "address", "addr", "an IP address");
  host_->address = *address;
  return {};
}

std::string nmap_document::take_port(const xml_attributes& attributes) {
  port_.reset();
  if (attributes["protocol"] != "tcp") {
    ++other_protocols_;
    return {};
  }
  const std::optional<std::uint64_t> port = attributes.number("portid", 65535);
  if (!port || *port == 0) return wrong(attributes, "port", "portid", "a port from 1 to 65535");
  port_ = static_cast<std::uint16_t>(*port);
  return {};
}

std::string nmap_document::take_state(const xml_attributes& attributes) {
  if (!port_) return {};
  const std::uint16_t port = *std::exchange(port_, std::nullopt);
  const auto reason = reason_of_nmap(attributes["state"], attributes["reason"]);
  if (!reason) {
    ++without_state_;
    return {};
  }
  std::optional<ip_address> sender;
  if (attributes.find("reason_ip")) {
    absl::StatusOr<ip_address> address = parse_foreign_address(attributes["reason_ip"]);
    if (!address.ok()) return wrong(attributes, "state", "reason_ip", "an IP address");
    sender = *address;
  }
  return add_probe(port, *reason, sender);
}

std::string nmap_document::take_counted(const xml_attributes& attributes) {
  // Older versions do not name them.
  const std::string_view ports = attributes["ports"];
  const std::string_view protocol = attributes["proto"];
  if (ports.empty()) return {};
  const bool is_list = ports.find_first_not_of("0123456789,-") == ports.npos;
  const absl::StatusOr<port_set> set = parse_ports(ports);
  if (!is_list || !set.ok()) return wrong(attributes, "extrareasons", "ports", "a list of ports");
  if (attributes.number("count", 65535) != set->size()) {
    return wrong(attributes, "extrareasons", "count",
                 fmt::format("{}, the number of its ports", set->size()));
  }
  nameless_ -= std::min<std::uint64_t>(nameless_, set->size());
  if (protocol != "tcp" && !protocol.empty()) {
    other_protocols_ += set->size();
    return {};
  }
  const auto reason = reason_of_nmap(counted_state_, attributes["reason"]);
  if (!reason) {
    without_state_ += set->size();
    return {};
  }
  if (results_.keeps_probes()) counted_ += set->size();
  if (counted_ > most_counted) {
    return fmt::format("more than {} ports that are only counted: too many to keep", most_counted);
  }
  for (std::uint32_t i = 0; i < set->size(); ++i) {
    if (std::string problem = add_probe(set->at(i), *reason, std::nullopt); !problem.empty()) {
      return problem;
    }
  }
  return {};
}

std::string nmap_document::add_probe(std::uint16_t port, probe_reason reason,
                                     const std::optional<ip_address>& sender) {
  if (!host_->address) return "a port before its host's <address>";
  if (host_->seen.test(port)) {
    return fmt::format("{} port {} a second time", *host_->address, port);
  }
  host_->seen.set(port);
  probe_record probe;
  probe.ip = *host_->address;
  probe.port = port;
  probe.reason = reason;
  probe.attempts = 1;
  probe.icmp = icmp_of(probe.ip.family(), reason, sender);
  probe.time = host_->time.value_or(header_.start);
  host_->probes.push_back(probe);
  return {};
}

std::string nmap_document::end(std::string_view element) {
  if (is_own_ || element != "host" || !host_) return {};
  std::string problem = end_host();
  host_.reset();
  return problem;
}

std::string nmap_document::end_host() {
  hosts_ += host_has_ports_ ? 1 : 0;
  if (host_->probes.empty()) return {};
  begin_scan();
  for (const probe_record& probe : host_->probes) {
    if (std::string problem = results_.add(probe); !problem.empty()) return problem;
  }
  return {};
}

void nmap_document::begin_scan() {
  if (!std::exchange(has_scan_, true)) results_.begin_scan(header_);
}

std::string nmap_document::instruction(std::string_view target, std::string_view data) {
  if (target != json_instruction) return {};
  is_own_ = true;
  std::string problem;
  const boost::json::object* const record = parser_.parse_object(data, problem);
  return record == nullptr ? problem : take_json_record(*record, data.size(), results_);
}

void nmap_document::finish() {
  if (!has_root_ || is_own_) return;
  begin_scan();
  if (header_.scanner == "masscan") return results_.add_notice(masscan_says_little);
  if (header_.by_errno) {
    results_.add_notice(
        "nmap -sT tells no RST from a REJECT (conn-refused), and no free address from a "
        "prohibition (host-unreach), so neither counts as evidence; nmap -sS and netscan sweep do");
  }
  if (all_hosts_ > hosts_) {
    results_.add_notice(fmt::format(
        "{} of {} hosts have no ports in it, as nmap held them for down or gave them up: of these "
        "nothing is known (-Pn asks them all)",
        all_hosts_ - hosts_, all_hosts_));
  }
  if (nameless_ != 0) {
    results_.add_notice(
        fmt::format("{} are only counted in it (<extraports> without ports=), and "
                    "left out here",
                    ports_text(nameless_)));
  }
  if (without_state_ != 0) {
    results_.add_notice(
        fmt::format("{} in states that are neither open, closed nor filtered, or filtered for no "
                    "reason of the network's, are left out",
                    ports_text(without_state_)));
  }
  if (other_protocols_ != 0) {
    results_.add_notice(
        fmt::format("{} of other protocols than TCP are left out", ports_text(other_protocols_)));
  }
}

}  // namespace netscan::detail
