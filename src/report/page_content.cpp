#include "page_content.hpp"

#include <algorithm>
#include <tuple>

namespace netscan::detail {
namespace {

constexpr unsigned smallest_bits = 8;
constexpr unsigned largest_bits = 16;

/// The endpoint, then which record of it is to be kept, best first.
bool comes_before(const probe_record& a, const probe_record& b) {
  const auto worth = [](const probe_record& r) {
    if (r.state() == probe_state::error) return 0;
    return r.reason == probe_reason::no_response ? 1 : 2;
  };
  if (std::tie(a.port, a.ip) != std::tie(b.port, b.ip)) {
    return std::tie(a.port, a.ip) < std::tie(b.port, b.ip);
  }
  return std::tuple(worth(a), a.time) > std::tuple(worth(b), b.time);
}

void keep_best_of_each(std::vector<probe_record>& probes) {
  // Of records that are equal in all this, the last one given is kept.
  std::reverse(probes.begin(), probes.end());
  std::stable_sort(probes.begin(), probes.end(), comes_before);
  const auto same = [](const probe_record& a, const probe_record& b) {
    return a.port == b.port && a.ip == b.ip;
  };
  probes.erase(std::unique(probes.begin(), probes.end(), same), probes.end());
}

page_vantage& vantage_of(std::vector<page_vantage>& vantages, const std::string& name) {
  const auto place = std::find_if(vantages.begin(), vantages.end(),
                                  [&](const page_vantage& v) { return v.name == name; });
  if (place != vantages.end()) return *place;
  vantages.push_back({name, {}, {}});
  return vantages.back();
}

ip_address rounded(const ip_address& address, unsigned bits, bool up) {
  const std::uint64_t rest = (std::uint64_t{1} << bits) - 1;
  const std::uint64_t low = up ? address.low() | rest : address.low() & ~rest;
  return address.is_v4() ? ip_address::v4(static_cast<std::uint32_t>(low))
                         : ip_address::v6(address.high(), low, address.zone());
}

void add_block(std::vector<address_range>& blocks, const ip_address& address) {
  if (!blocks.empty() && blocks.back().contains(address)) return;
  blocks.push_back({rounded(address, smallest_bits, false), rounded(address, smallest_bits, true)});
}

/// Pieces that lie each in one /16 (/112).
void cut(std::vector<address_range>& pieces, address_range range) {
  while (true) {
    const ip_address end = rounded(range.first, largest_bits, true);
    if (range.last <= end) break;
    pieces.push_back({range.first, end});
    range.first = advance(end, 1);
  }
  pieces.push_back(range);
}

}  // namespace

page_content page_content_of(std::span<const scan_results> scans) {
  page_content content;
  for (const scan_results& scan : scans) {
    page_vantage& vantage = vantage_of(content.vantages, scan.header.vantage);
    vantage.scans.push_back(&scan);
    vantage.probes.insert(vantage.probes.end(), scan.probes.begin(), scan.probes.end());
  }
  std::vector<address_range> touched;
  for (page_vantage& vantage : content.vantages) {
    keep_best_of_each(vantage.probes);
    for (const probe_record& probe : vantage.probes) add_block(touched, probe.ip);
  }
  const address_set whole = address_set::of(std::move(touched));
  for (const address_range& range : whole.ranges()) cut(content.blocks, range);
  return content;
}

}  // namespace netscan::detail
