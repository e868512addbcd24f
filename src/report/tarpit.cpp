#include "netscan/report/tarpit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace netscan {
namespace {

constexpr std::size_t most_watched = 16384;

bool nearly_all(std::uint64_t part, std::uint64_t whole) noexcept {
  return 10 * part >= 9 * whole;
}

ip_address network_of(const ip_address& address) noexcept {
  return address.is_v4() ? ip_address::v4(static_cast<std::uint32_t>(address.low()) & ~0xffU)
                         : ip_address::v6(address.high(), 0, address.zone());
}

/// Of addresses that differ in one byte only, all differ in this.
unsigned place_of(const ip_address& address) noexcept {
  std::uint64_t folded = address.low();
  folded ^= folded >> 32;
  folded ^= folded >> 16;
  folded ^= folded >> 8;
  return folded & 0xff;
}

template <typename Places>
void set(Places& places, unsigned place) noexcept {
  places[place / 64] |= std::uint64_t{1} << place % 64;
}

template <typename Places>
std::uint64_t count(const Places& places) noexcept {
  std::uint64_t sum = 0;
  for (const std::uint64_t word : places) sum += static_cast<std::uint64_t>(std::popcount(word));
  return sum;
}

/// Whether the second begins where the first ends.
bool are_neighbours(const tarpit& a, const tarpit& b) noexcept {
  return a.where.last.family() == b.where.first.family() &&
         advance(a.where.last, 1) == b.where.first;
}

void join_neighbours(std::vector<tarpit>& list) {
  std::vector<tarpit> joined;
  for (const tarpit& next : list) {
    if (joined.empty() || !are_neighbours(joined.back(), next)) {
      joined.push_back(next);
      continue;
    }
    tarpit& last = joined.back();
    last.where.last = next.where.last;
    last.addresses += next.addresses;
    last.probes += next.probes;
    last.open += next.open;
  }
  list = std::move(joined);
}

void sort_by_place(std::vector<tarpit>& list) {
  std::sort(list.begin(), list.end(),
            [](const tarpit& a, const tarpit& b) { return a.where.first < b.where.first; });
}

}  // namespace

std::string to_string(const tarpit& found) {
  if (found.where.first == found.where.last) {
    return fmt::format(
        "{} looks like a tarpit or a SYN proxy (inferred): {} of {} ports asked are open",
        found.where.first, found.open, found.probes);
  }
  return fmt::format(
      "{} looks like a tarpit or a SYN proxy, not {} hosts{} (inferred): {} of {} probes there are "
      "open",
      to_string(found.where), found.addresses, found.where.first.is_v6() ? " or more" : "",
      found.open, found.probes);
}

const tarpit* find(std::span<const tarpit> all, const ip_address& address) noexcept {
  const auto after =
      std::upper_bound(all.begin(), all.end(), address,
                       [](const ip_address& a, const tarpit& t) { return a < t.where.first; });
  if (after == all.begin()) return nullptr;
  const tarpit& before = *(after - 1);
  return before.where.contains(address) ? &before : nullptr;
}

bool tells_what_was_silent(const scan_results& scan) noexcept {
  return !scan.header.is_foreign() && scan.summary && scan.summary->complete &&
         scan.probes.size() >= scan.summary->ended();
}

std::size_t tarpit_watch::hash::operator()(const ip_address& address) const noexcept {
  const std::uint64_t mixed =
      (address.low() ^ (address.high() * 0x9e3779b97f4a7c15)) * 0xd6e8feb86659fd93;
  return mixed ^ mixed >> 32;
}

void tarpit_watch::add(std::span<const probe_record> records) {
  for (const probe_record& record : records) {
    if (record.state() == probe_state::error) continue;
    add_to_network(record);
    add_to_host(record);
  }
}

void tarpit_watch::add_to_network(const probe_record& record) {
  const ip_address key = network_of(record.ip);
  if (networks_.size() >= most_watched && !networks_.contains(key)) return;
  network& seen = networks_[key];
  if (seen.probes == 0) seen.first = seen.last = record.ip;
  seen.first = std::min(seen.first, record.ip);
  seen.last = std::max(seen.last, record.ip);
  ++seen.probes;
  set(seen.asked, place_of(record.ip));
  if (record.state() == probe_state::open) {
    ++seen.open;
  } else {
    set(seen.not_open, place_of(record.ip));
  }
}

void tarpit_watch::add_to_host(const probe_record& record) {
  if (hosts_.size() >= most_watched && !hosts_.contains(record.ip)) return;
  host& seen = hosts_[record.ip];
  ++seen.ports;
  if (record.state() == probe_state::open) ++seen.open;
}

bool tarpit_watch::is_tarpit(const network& seen) noexcept {
  const std::uint64_t asked = count(seen.asked);
  return asked >= least_addresses && nearly_all(asked - count(seen.not_open), asked) &&
         nearly_all(seen.open, seen.probes);
}

std::vector<tarpit> tarpit_watch::found() const {
  std::vector<tarpit> list;
  for (const auto& [key, seen] : networks_) {
    if (!is_tarpit(seen)) continue;
    list.push_back({{seen.first, seen.last}, count(seen.asked), seen.probes, seen.open});
  }
  sort_by_place(list);
  join_neighbours(list);
  std::vector<tarpit> alone;
  for (const auto& [address, seen] : hosts_) {
    if (seen.ports < least_ports || !nearly_all(seen.open, seen.ports)) continue;
    if (find(list, address) == nullptr) {
      alone.push_back({{address, address}, 1, seen.ports, seen.open});
    }
  }
  list.insert(list.end(), alone.begin(), alone.end());
  sort_by_place(list);
  return list;
}

}  // namespace netscan
