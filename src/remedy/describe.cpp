#include "describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>

namespace netscan::detail {
namespace {

/// What is said of some ports.
struct statement {
  bool scanned = false;
  probe_reason reason{};
  std::optional<ip_address> sender;
  int local_errno = 0;
  std::string detail;

  friend bool operator==(const statement&, const statement&) = default;
};

struct group {
  statement says;
  std::vector<std::size_t> vantages;
  std::vector<port_range> ports;
};

statement statement_of(const observation& seen, const description& how) {
  if (seen.seen == nullptr) return {};
  const probe_record& record = *seen.seen->record;
  statement says;
  says.scanned = true;
  says.reason = record.reason;
  // The sender of no-neighbor is the scanning host, which the vantage names already.
  if (record.icmp && record.reason != probe_reason::no_neighbor) says.sender = record.icmp->from;
  if (record.reason == probe_reason::local_error) says.local_errno = record.local_errno;
  if (seen.means == meaning::silent && how.on_silence) says.detail = how.on_silence(seen);
  if (seen.means == meaning::unclear) says.detail = "or a firewall's: the scan does not tell";
  if (seen.means == meaning::blocked && record.reason == probe_reason::no_neighbor) {
    says.detail = "its own next hop did not answer";
  }
  return says;
}

std::vector<group> group_by_statement(std::span<const observation> observations,
                                      const description& how) {
  std::vector<group> groups;
  for (const observation& seen : observations) {
    statement says = statement_of(seen, how);
    const auto found = std::find_if(groups.begin(), groups.end(), [&](const group& g) {
      return g.vantages.front() == seen.vantage && g.says == says;
    });
    group& own = found != groups.end()
                     ? *found
                     : groups.emplace_back(group{std::move(says), {seen.vantage}, {}});
    own.ports.push_back({seen.port, seen.port});
  }
  return groups;
}

std::vector<group> unite_vantages(std::vector<group> groups) {
  std::vector<group> united;
  for (group& next : groups) {
    const auto same = std::find_if(united.begin(), united.end(), [&](const group& g) {
      return g.says == next.says && g.ports == next.ports;
    });
    if (same == united.end()) {
      united.push_back(std::move(next));
    } else {
      same->vantages.push_back(next.vantages.front());
    }
  }
  return united;
}

std::string names_of(const group& of, std::span<const std::string> vantages) {
  std::string names;
  for (const std::size_t vantage : of.vantages) {
    if (!names.empty()) names += '+';
    names += vantages[vantage].empty() ? "(unnamed)" : vantages[vantage];
  }
  return names;
}

std::string not_scanned(const group& of, const description& how) {
  const port_set ports = port_set::of(of.ports);
  const bool one = ports.size() == 1;
  std::string text = fmt::format("{} {} {} no result", one ? "port" : "ports", to_string(ports),
                                 one ? "has" : "have");
  if (how.name_vantages) text += " from " + names_of(of, how.vantages);
  return text;
}

std::string text_of(const group& of, const description& how) {
  if (!of.says.scanned) return not_scanned(of, how);
  std::string text;
  if (how.name_vantages) text = names_of(of, how.vantages) + ' ';
  text += fmt::format("{}: {}", to_string(port_set::of(of.ports)), to_string(of.says.reason));
  if (of.says.reason == probe_reason::local_error) {
    text += fmt::format(", this host could not ask ({})",
                        std::generic_category().message(of.says.local_errno));
  }
  if (of.says.sender) text += fmt::format(" from {}", *of.says.sender);
  if (!of.says.detail.empty()) text += fmt::format(" ({})", of.says.detail);
  return text;
}

}  // namespace

std::string description::operator()(std::span<const observation> observations) const {
  std::string text;
  for (const group& each : unite_vantages(group_by_statement(observations, *this))) {
    if (!text.empty()) text += ", ";
    text += text_of(each, *this);
  }
  return text;
}

}  // namespace netscan::detail
