#include "admission.hpp"

#include <algorithm>
#include <bit>

#include "neighbor_search.hpp"

namespace netscan::detail {
namespace {

using instant = admission::instant;

constexpr instant always = instant::max() / 2;  // nobody has to look for it any more

constexpr std::uint64_t mix(std::uint64_t x) noexcept {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93;
  x ^= x >> 32;
  return x;
}

std::uint64_t hash_of(const ip_address& address) noexcept {
  return mix(address.low() ^ mix(address.high()));
}

std::uint64_t hash_of_network(const ip_address& address) noexcept {
  return mix(address.is_v4() ? address.low() >> 8 : address.high());
}

}  // namespace

admission::admission(admission_limits limits, std::uint32_t concurrency)
    : limits_(std::move(limits)),
      mask_(std::bit_ceil(std::max<std::uint64_t>(64, 4 * std::uint64_t{concurrency})) - 1) {
  // A limit that the scan as a whole cannot reach needs no counting.
  if (limits_.per_address >= concurrency) limits_.per_address = 0;
  if (limits_.per_network >= concurrency) limits_.per_network = 0;
  if (limits_.per_address != 0) by_address_.resize(mask_ + 1);
  if (limits_.per_network != 0) by_network_.resize(mask_ + 1);
  if (limits_.on_link.empty()) limits_.unresolved = 0;
  if (limits_.unresolved != 0) {
    searches_.resize(std::max<std::size_t>(mask_ + 1, 1 << 14));
    started_.set_capacity(limits_.unresolved);
  }
}

bool admission::looks_for(const ip_address& address) const noexcept {
  return limits_.unresolved != 0 && limits_.on_link.contains(address);
}

admission::search& admission::search_of(const ip_address& address) noexcept {
  return searches_[hash_of(address) & (searches_.size() - 1)];
}

bool admission::is_being_looked_for(const ip_address& address, instant now) noexcept {
  const search& search = search_of(address);
  return search.address_hash == hash_of(address) && now - search.since < neighbor_search_time;
}

admission::verdict admission::may_ask(const ip_address& address, instant now) noexcept {
  if (limits_.per_address != 0 && by_address_[hash_of(address) & mask_] >= limits_.per_address) {
    return verdict::too_many_in_flight;
  }
  if (limits_.per_network != 0 &&
      by_network_[hash_of_network(address) & mask_] >= limits_.per_network) {
    return verdict::too_many_in_flight;
  }
  if (looks_for(address) && !is_being_looked_for(address, now)) {
    while (!started_.empty() && now - started_.front() >= neighbor_search_time)
      started_.pop_front();
    if (started_.full()) return verdict::too_many_unresolved;
  }
  return verdict::yes;
}

void admission::asked(const ip_address& address, instant now) noexcept {
  if (limits_.per_address != 0) ++by_address_[hash_of(address) & mask_];
  if (limits_.per_network != 0) ++by_network_[hash_of_network(address) & mask_];
  if (looks_for(address) && !is_being_looked_for(address, now)) {
    search_of(address) = {hash_of(address), now};
    started_.push_back(now);
  }
}

void admission::ended(const ip_address& address) noexcept {
  if (limits_.per_address != 0) --by_address_[hash_of(address) & mask_];
  if (limits_.per_network != 0) --by_network_[hash_of_network(address) & mask_];
}

void admission::resolved(const ip_address& address, bool somebody, instant now) noexcept {
  if (!looks_for(address)) return;
  search& search = search_of(address);
  if (search.address_hash != hash_of(address) || search.since == always) return;
  const bool was_counted = now - search.since < neighbor_search_time;
  search = somebody ? admission::search{hash_of(address), always} : admission::search{};
  // The times are not told apart: the earliest goes, so the others are waited for rather too long.
  if (was_counted && !started_.empty()) started_.pop_front();
}

instant admission::next_resolution() const noexcept {
  return started_.empty() ? instant(0) : started_.front() + neighbor_search_time;
}

}  // namespace netscan::detail
