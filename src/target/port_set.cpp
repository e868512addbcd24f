#include "netscan/target/port_set.hpp"

#include <absl/strings/ascii.h>
#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>

#include "netscan/target/status.hpp"
#include "split.hpp"

namespace netscan {
namespace {

constexpr std::uint16_t lowest_port = 1;
constexpr std::uint16_t highest_port = 65535;

absl::Status bad_item(std::string_view item, std::string_view why) {
  return invalid_argument("bad port '{}': {}", excerpt(item), why);
}

absl::StatusOr<std::uint16_t> parse_port(std::string_view item, std::string_view digits) {
  unsigned long value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = end == digits.data() + digits.size();
  if (error == std::errc::invalid_argument || !whole) {
    return bad_item(item, "expected a number, a range as in 8000-8100, a service name or top:N");
  }
  if (error == std::errc::result_out_of_range || value < lowest_port || value > highest_port) {
    return bad_item(item, "ports go from 1 to 65535");
  }
  return static_cast<std::uint16_t>(value);
}

absl::StatusOr<port_range> parse_range(std::string_view item) {
  const std::size_t dash = item.find('-');
  if (dash == item.npos) {
    absl::StatusOr<std::uint16_t> port = parse_port(item, item);
    if (!port.ok()) return port.status();
    return port_range{*port, *port};
  }
  port_range range{lowest_port, highest_port};
  if (const std::string_view digits = item.substr(0, dash); !digits.empty()) {
    absl::StatusOr<std::uint16_t> first = parse_port(item, digits);
    if (!first.ok()) return first.status();
    range.first = *first;
  }
  if (const std::string_view digits = item.substr(dash + 1); !digits.empty()) {
    absl::StatusOr<std::uint16_t> last = parse_port(item, digits);
    if (!last.ok()) return last.status();
    range.last = *last;
  }
  if (range.last < range.first) return bad_item(item, "the range ends before it starts");
  return range;
}

std::optional<std::uint16_t> find_service(const std::string& name) {
  if (name.find('\0') != name.npos) return std::nullopt;  // the C library would stop reading there
  servent entry{};
  servent* found = nullptr;
  std::array<char, 4096> buffer{};
  if (getservbyname_r(name.c_str(), "tcp", &entry, buffer.data(), buffer.size(), &found) != 0 ||
      found == nullptr) {
    return std::nullopt;
  }
  return ntohs(static_cast<std::uint16_t>(found->s_port));
}

absl::Status append_top(std::string_view item, std::vector<port_range>& ranges) {
  const std::string_view digits = item.substr(item.find(':') + 1);
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (error != std::errc() || end != digits.data() + digits.size() || count == 0 ||
      count > common_ports().size()) {
    return bad_item(item, fmt::format("the list of common ports has 1 to {} to choose from",
                                      common_ports().size()));
  }
  for (const common_port& entry : common_ports().first(count)) {
    ranges.push_back({entry.port, entry.port});
  }
  return absl::OkStatus();
}

absl::Status append_item(std::string_view item, std::vector<port_range>& ranges) {
  if (item.empty()) return bad_item(item, "an empty item; write for example 80,443");
  if (item.starts_with("top:")) return append_top(item, ranges);
  if (std::any_of(item.begin(), item.end(), absl::ascii_isalpha)) {
    const std::optional<std::uint16_t> port = find_service(std::string(item));
    if (!port) {
      return bad_item(item, "no TCP service of this name in the services database (/etc/services)");
    }
    ranges.push_back({*port, *port});
    return absl::OkStatus();
  }
  absl::StatusOr<port_range> range = parse_range(item);
  if (range.ok()) ranges.push_back(*range);
  return range.status();
}

}  // namespace

port_set port_set::of(std::vector<port_range> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const port_range& a, const port_range& b) { return a.first < b.first; });
  port_set set;
  for (const port_range& range : ranges) {
    if (!set.ranges_.empty() && range.first <= std::uint32_t{set.ranges_.back().last} + 1) {
      set.ranges_.back().last = std::max(set.ranges_.back().last, range.last);
    } else {
      set.ranges_.push_back(range);
    }
  }
  for (const port_range& range : set.ranges_) {
    set.starts_.push_back(set.size_);
    set.size_ += std::uint32_t{range.last} - range.first + 1;
  }
  return set;
}

bool port_set::contains(std::uint16_t port) const noexcept {
  return std::any_of(ranges_.begin(), ranges_.end(), [port](const port_range& range) {
    return range.first <= port && port <= range.last;
  });
}

std::uint16_t port_set::at(std::uint32_t index) const noexcept {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), index);
  const auto position = static_cast<std::size_t>(after - starts_.begin()) - 1;
  return static_cast<std::uint16_t>(ranges_[position].first + (index - starts_[position]));
}

std::optional<std::uint32_t> port_set::index_of(std::uint16_t port) const noexcept {
  const auto after = std::upper_bound(
      ranges_.begin(), ranges_.end(), port,
      [](std::uint16_t value, const port_range& range) { return value < range.first; });
  if (after == ranges_.begin() || std::prev(after)->last < port) return std::nullopt;
  const auto position = static_cast<std::size_t>(after - ranges_.begin()) - 1;
  return starts_[position] + (std::uint32_t{port} - ranges_[position].first);
}

absl::StatusOr<port_set> parse_ports(std::string_view text) {
  std::vector<port_range> ranges;
  for (const std::string_view item : detail::split(text, ",")) {
    const absl::Status status = append_item(item, ranges);
    if (!status.ok()) return status;
  }
  return port_set::of(std::move(ranges));
}

std::string to_string(const port_set& ports) {
  fmt::memory_buffer text;
  for (const port_range& range : ports.ranges()) {
    if (text.size() != 0) text.push_back(',');
    fmt::format_to(std::back_inserter(text), "{}", range.first);
    if (range.last != range.first) fmt::format_to(std::back_inserter(text), "-{}", range.last);
  }
  return fmt::to_string(text);
}

}  // namespace netscan
