#include "caveats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "arp_wait.hpp"

namespace netscan::detail {
namespace {

using clauses = std::vector<std::string>;

std::string evidence_of(const passed_address& address, meaning means) {
  std::vector<observation> telling;
  std::copy_if(address.observations.begin(), address.observations.end(),
               std::back_inserter(telling),
               [means](const observation& seen) { return seen.means == means; });
  return telling.empty() ? "" : address.describe(telling);
}

void add_in_use(const passed_address& address, clauses& out) {
  if (address.kind == candidate_kind::free || address.ours) return;
  constexpr std::string_view whose = "it must be yours, or MetalLB will fight over it";
  switch (address.owner.who) {
    case ownership::somebody:
      // With a host-unreach the reason itself has the owners' evidence.
      if (!evidence_of(address, meaning::nobody).empty()) break;
      out.push_back(fmt::format("in use: somebody answers on its link too ({}); {}",
                                address.owner.text, whose));
      return;
    case ownership::nobody:
      out.push_back(
          fmt::format("nobody has it on its link ({}), so something on the way answers for it "
                      "(inferred)",
                      address.owner.text));
      return;
    default:
      break;
  }
  out.push_back(fmt::format("in use: {}", whose));
}

void add_unasked_owner(const passed_address& address, clauses& out) {
  const std::string_view stands =
      address.kind == candidate_kind::free ? "; the host-unreach stands alone" : "";
  if (address.owner.who == ownership::silent) {
    out.push_back(
        fmt::format("the owner scan tells neither that somebody nor that nobody is there "
                    "({}){}",
                    address.owner.text, stands));
  } else if (address.owner.who == ownership::not_asked) {
    out.push_back(fmt::format("the owner scan did not ask it{}", stands));
  }
}

void add_closed_ports(const passed_address& address, clauses& out) {
  const std::string closed = evidence_of(address, meaning::closed);
  if (closed.empty()) return;
  if (address.kind == candidate_kind::free) {
    out.push_back(
        fmt::format("{}, though nobody is there: a firewall may forge the RST and block "
                    "it (inferred)",
                    closed));
    return;
  }
  if (!evidence_of(address, meaning::open).empty()) {
    out.push_back(fmt::format("not open everywhere: {}", closed));
  }
  if (address.owner.who != ownership::somebody) {
    const bool scanned = address.owner.who != ownership::no_scan;
    out.push_back(scanned ? "a firewall may forge the RST"
                          : "a firewall may forge the RST: an owner scan (--owners) would tell");
  }
}

void add_open_ports(const passed_address& address, clauses& out) {
  if (address.kind != candidate_kind::free) return;
  const std::string open = evidence_of(address, meaning::open);
  if (!open.empty()) {
    out.push_back(
        fmt::format("{}, though nobody is there: something answers for it, or somebody "
                    "came or went between the probes",
                    open));
  }
}

void add_hasty_router(const passed_address& address, clauses& out) {
  bool said = false;
  for (const observation& seen : address.observations) {
    const probe_record& record = *seen.seen->record;
    if (record.reason != probe_reason::host_unreach) continue;
    if (record.rtt_us.value_or(0) >= arp_wait_at_least_us) return;
    said = true;
  }
  if (said) {
    out.push_back(
        "no host-unreach took 1 s or more, where a router that waits for ARP takes about "
        "3 s: it may be a reject rule (inferred)");
  }
}

void add_untested_firewall(const passed_address& address, clauses& out) {
  std::vector<std::string> names;
  for (const observation& seen : address.observations) {
    const bool neighbor = seen.seen->record->reason == probe_reason::no_neighbor;
    if (!neighbor && !on_link(seen.seen->header->sources, seen.seen->record->ip).value_or(false))
      continue;
    const std::string& name = address.describe.vantages[seen.vantage];
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  for (const std::string& name : names) {
    out.push_back(fmt::format("{} is on its link: no firewall in between was tested from there",
                              name.empty() ? "the client" : name));
  }
}

}  // namespace

std::vector<std::string> caveats_of(const passed_address& address) {
  clauses out;
  add_in_use(address, out);
  add_unasked_owner(address, out);
  add_open_ports(address, out);
  add_closed_ports(address, out);
  add_hasty_router(address, out);
  add_untested_firewall(address, out);
  return out;
}

}  // namespace netscan::detail
