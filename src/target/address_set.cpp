#include "netscan/target/address_set.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <limits>

#include "netscan/target/status.hpp"

namespace netscan {
namespace {

constexpr absl::uint128 all_ones = std::numeric_limits<absl::uint128>::max();

absl::uint128 number(const ip_address& address) {
  return absl::MakeUint128(address.high(), address.low());
}

ip_address with_number(const ip_address& like, absl::uint128 value) {
  if (like.is_v4()) return ip_address::v4(static_cast<std::uint32_t>(value));
  return ip_address::v6(absl::Uint128High64(value), absl::Uint128Low64(value), like.zone());
}

bool same_line(const ip_address& a, const ip_address& b) {
  return a.family() == b.family() && a.zone() == b.zone();
}

/// True when `next` overlaps `range` or follows it without a gap; next.first >= range.first.
bool touches(const address_range& range, const address_range& next) {
  if (!same_line(range.first, next.first)) return false;
  if (next.first <= range.last) return true;
  return number(next.first) - number(range.last) == 1;
}

/// Where a range's two ends part: at its first '-', unless that is in an interface's name, as in
/// `fe80::1%br-lan-fe80::9%br-lan`.
std::size_t find_dash(std::string_view text) {
  const std::size_t first = text.find('-');
  if (text.size() > 2 * max_ip_address_text) return first;
  for (std::size_t dash = first; dash != text.npos; dash = text.find('-', dash + 1)) {
    if (parse_ip_address(text.substr(0, dash)).ok() &&
        parse_ip_address(text.substr(dash + 1)).ok()) {
      return dash;
    }
  }
  return first;
}

absl::uint128 saturating_add(absl::uint128 a, absl::uint128 b) {
  return a > all_ones - b ? all_ones : a + b;
}

}  // namespace

address_range cidr_block(const ip_address& address, unsigned prefix) noexcept {
  const unsigned host_bits = address.bit_length() - prefix;
  const absl::uint128 mask =
      host_bits >= 128 ? all_ones : (absl::uint128(1) << static_cast<int>(host_bits)) - 1;
  const absl::uint128 first = number(address) & ~mask;
  return {with_number(address, first), with_number(address, first | mask)};
}

absl::StatusOr<address_range> parse_cidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == text.npos) {
    return invalid_argument("'{}' is not a CIDR block: it has no '/', as in 10.0.0.0/24",
                            excerpt(text));
  }
  absl::StatusOr<ip_address> address = parse_ip_address(text.substr(0, slash));
  if (!address.ok()) {
    return invalid_argument("'{}' is not a CIDR block: {}", excerpt(text),
                            message_of(address.status()));
  }
  const std::string_view digits = text.substr(slash + 1);
  unsigned prefix = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  const bool octal_to_some = digits.size() > 1 && digits.front() == '0';
  if (error != std::errc() || end != digits.data() + digits.size() || octal_to_some ||
      prefix > address->bit_length()) {
    return invalid_argument(
        "'{}' is not a CIDR block: the prefix length must be a number from 0 to {}", excerpt(text),
        address->bit_length());
  }
  return cidr_block(*address, prefix);
}

absl::StatusOr<address_range> parse_address_range(std::string_view text) {
  const auto error = [&](std::string_view why) {
    return invalid_argument("'{}' is not an address range: {}", excerpt(text), why);
  };
  const std::size_t dash = find_dash(text);
  if (dash == text.npos) return error("it has no '-', as in 10.0.0.5-10.0.0.20");
  absl::StatusOr<ip_address> first = parse_ip_address(text.substr(0, dash));
  if (!first.ok()) return error(message_of(first.status()));
  absl::StatusOr<ip_address> last = parse_ip_address(text.substr(dash + 1));
  if (!last.ok()) return error(message_of(last.status()));
  if (!same_line(*first, *last)) return error("its ends are not of one family and zone");
  if (*last < *first) return error("it ends before it starts");
  return address_range{*first, *last};
}

int prefix_length(const address_range& range) noexcept {
  const absl::uint128 difference = range.span();
  const bool low_bits_only = (difference & (difference + 1)) == 0;
  if (!low_bits_only || (number(range.first) & difference) != 0) return -1;
  const int host_bits = std::popcount(absl::Uint128High64(difference)) +
                        std::popcount(absl::Uint128Low64(difference));
  return static_cast<int>(range.first.bit_length()) - host_bits;
}

std::string to_string(const address_range& range) {
  if (range.first == range.last) return to_string(range.first);
  const int prefix = prefix_length(range);
  if (prefix >= 0) return fmt::format("{}/{}", range.first, prefix);
  return fmt::format("{}-{}", range.first, range.last);
}

address_set address_set::of(std::vector<address_range> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const address_range& a, const address_range& b) { return a.first < b.first; });
  address_set set;
  for (const address_range& range : ranges) {
    if (!set.ranges_.empty() && touches(set.ranges_.back(), range)) {
      set.ranges_.back().last = std::max(set.ranges_.back().last, range.last);
    } else {
      set.ranges_.push_back(range);
    }
  }
  for (const address_range& range : set.ranges_) {
    if (set.size_ <= std::numeric_limits<std::uint64_t>::max()) {
      set.starts_.push_back(absl::Uint128Low64(set.size_));
    }
    set.size_ = saturating_add(set.size_, saturating_add(range.span(), 1));
  }
  return set;
}

const address_range* address_set::range_of(const ip_address& address) const noexcept {
  const auto after = std::upper_bound(
      ranges_.begin(), ranges_.end(), address,
      [](const ip_address& value, const address_range& range) { return value < range.first; });
  if (after == ranges_.begin() || !std::prev(after)->contains(address)) return nullptr;
  return &*std::prev(after);
}

bool address_set::contains(const ip_address& address) const noexcept {
  return range_of(address) != nullptr;
}

ip_address address_set::at(std::uint64_t index) const noexcept {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), index);
  const auto position = static_cast<std::size_t>(after - starts_.begin()) - 1;
  return advance(ranges_[position].first, index - starts_[position]);
}

std::optional<std::uint64_t> address_set::index_of(const ip_address& address) const noexcept {
  const address_range* const range = range_of(address);
  if (range == nullptr) return std::nullopt;
  const auto position = static_cast<std::size_t>(range - ranges_.data());
  if (position >= starts_.size()) return std::nullopt;
  const absl::uint128 index =
      absl::uint128(starts_[position]) + (number(address) - number(range->first));
  if (absl::Uint128High64(index) != 0) return std::nullopt;
  return absl::Uint128Low64(index);
}

address_set operator|(const address_set& a, const address_set& b) {
  std::vector<address_range> ranges(a.ranges_);
  ranges.insert(ranges.end(), b.ranges_.begin(), b.ranges_.end());
  return address_set::of(std::move(ranges));
}

address_set operator-(const address_set& a, const address_set& b) {
  std::vector<address_range> left;
  auto cut = b.ranges_.begin();
  for (address_range rest : a.ranges_) {
    while (cut != b.ranges_.end() && cut->last < rest.first) ++cut;
    bool used_up = false;
    // A cut may reach into the next range too, so it is not passed here.
    for (auto it = cut; it != b.ranges_.end() && it->first <= rest.last; ++it) {
      if (rest.first < it->first) {
        left.push_back({rest.first, with_number(it->first, number(it->first) - 1)});
      }
      if (rest.last <= it->last) {
        used_up = true;
        break;
      }
      rest.first = advance(it->last, 1);
    }
    if (!used_up) left.push_back(rest);
  }
  return address_set::of(std::move(left));
}

}  // namespace netscan
