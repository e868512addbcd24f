#include "reach_table.hpp"

#include <limits>

namespace netscan::detail {
namespace {

constexpr std::size_t most_numbers = std::numeric_limits<std::uint16_t>::max();

/// An answer is more than silence, and silence more than not having been able to ask.
int weight_of(sight what) {
  if (what == sight::could_not_ask) return 0;
  return what == sight::silent ? 1 : 2;
}

reach_look look_of(const probe_record& record, const scan_header& header) {
  const std::optional<bool> is_near = on_link(header.sources, record.ip);
  reach_look look;
  look.reason = record.reason;
  look.what = sight_of(record.reason, is_near);
  look.on_own_link = record.reason == probe_reason::no_neighbor && is_near == true;
  if (header.is_foreign() && is_unclear(record, header.by_errno)) {
    if (look.what == sight::nobody) look.what = sight::icmp_error;
    if (look.what == sight::closed) look.what = sight::refused;
  }
  // The sender of no-neighbor is the vantage itself.
  if (record.icmp && record.reason != probe_reason::no_neighbor) {
    look.by_target = record.icmp->from == record.ip;
    if (!look.by_target) look.sender = record.icmp->from;
  }
  return look;
}

}  // namespace

void reach_table::begin_scan(std::string_view vantage, const scan_header& header) {
  vantage_ = vantages_.index_of(vantage);
  if (vantage_ >= rows_.size()) rows_.resize(vantage_ + 1);
  std::vector<timestamp>& starts = rows_[vantage_].starts;
  // Of more scans than can be told apart the last ones are as one.
  if (starts.size() < most_numbers) starts.push_back(header.start);
  scan_ = static_cast<std::uint16_t>(starts.size() - 1);
  header_ = header;
}

void reach_table::add(const probe_record& record) {
  const auto [found, is_new] =
      index_.try_emplace({record.ip, record.port}, static_cast<std::uint32_t>(endpoints_.size()));
  if (is_new) endpoints_.push_back(found->first);
  row& row = rows_[vantage_];
  if (found->second >= row.cells.size()) row.cells.resize(endpoints_.size());
  const cell now{number_of(record), scan_};
  cell& old = row.cells[found->second];
  if (old.look == 0 || !is_to_be_kept(row, old, now)) old = now;
}

bool reach_table::is_to_be_kept(const row& row, cell old, cell now) const noexcept {
  const int weight = weight_of(looks_[old.look].what);
  const int new_weight = weight_of(looks_[now.look].what);
  if (weight != new_weight) return weight > new_weight;
  return row.starts[old.scan] > row.starts[now.scan];
}

std::uint16_t reach_table::number_of(const probe_record& record) {
  reach_look look = look_of(record, header_);
  // Who said so is given up when there are too many of them to tell apart.
  if (looks_.size() >= most_numbers - 256) look.sender.reset();
  const auto [found, is_new] =
      numbers_.try_emplace(look, static_cast<std::uint16_t>(looks_.size()));
  if (is_new) looks_.push_back(look);
  return found->second;
}

const reach_look* reach_table::at(std::size_t vantage, std::size_t endpoint) const noexcept {
  const std::uint16_t number = number_at(vantage, endpoint);
  return number == 0 ? nullptr : &looks_[number];
}

std::uint16_t reach_table::number_at(std::size_t vantage, std::size_t endpoint) const noexcept {
  const std::vector<cell>& cells = rows_[vantage].cells;
  return endpoint < cells.size() ? cells[endpoint].look : std::uint16_t{0};
}

std::size_t reach_table::endpoint_hash::operator()(const endpoint& at) const noexcept {
  std::uint64_t hash = at.address.high() ^ (at.address.low() * 0x9e3779b97f4a7c15U);
  hash ^= (std::uint64_t{at.port} << 32) + at.address.zone() + (hash >> 29);
  hash *= 0xbf58476d1ce4e5b9U;
  return static_cast<std::size_t>(hash ^ (hash >> 32));
}

}  // namespace netscan::detail
