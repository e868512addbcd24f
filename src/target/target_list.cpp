#include "netscan/target/target_list.hpp"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <optional>
#include <unordered_set>

#include "netscan/target/host_name.hpp"
#include "netscan/target/status.hpp"
#include "split.hpp"

namespace netscan {
namespace {

// Enough for any sane list of octets (256^2 runs), and a bound on what a typo can cost.
constexpr std::size_t max_octet_runs = 1 << 16;

// Room for a list of all 256 values in each octet, the longest target that makes sense. What is
// longer is not looked into, so that it can cost nothing.
constexpr std::size_t max_target_length = 4096;

// As long as the name of a file that can be read (PATH_MAX).
constexpr std::size_t max_shown_path = 4096;

absl::Status bad_target(std::string_view text, std::string_view why) {
  return invalid_argument("bad target '{}': {}", excerpt(text), why);
}

bool is_link_local(const ip_address& address) {
  return address.is_v6() && address.high() >> 54 == 0xfe80 >> 6;
}

address_range v6_block(std::uint64_t high, std::uint64_t low, unsigned prefix, std::uint32_t zone) {
  return cidr_block(ip_address::v6(high, low, zone), prefix);
}

/// What why_not_probeable() says something about, of IPv4 and of the IPv6 addresses of this zone.
address_set unprobeable_of_zone(std::uint32_t zone) {
  std::vector<address_range> ranges = {
      cidr_block(ip_address::v4(0), 8),           cidr_block(ip_address::v4(0xe0000000), 4),
      cidr_block(ip_address::v4(0xffffffff), 32), v6_block(0, 0, 128, zone),
      v6_block(0, 0xffff'00000000, 96, zone),     v6_block(std::uint64_t{0xff00} << 48, 0, 8, zone),
  };
  if (zone == 0) ranges.push_back(v6_block(std::uint64_t{0xfe80} << 48, 0, 10, zone));
  return address_set::of(std::move(ranges));
}

address_set without_unprobeable(const address_set& set) {
  static const address_set without_zone = unprobeable_of_zone(0);
  const std::uint32_t zone = set.ranges().front().first.zone();
  return set - (zone == 0 ? without_zone : unprobeable_of_zone(zone));
}

struct octet_range {
  unsigned first;
  unsigned last;
};

std::optional<unsigned> parse_octet(std::string_view digits) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool octal_to_some = digits.size() > 1 && digits.front() == '0';
  if (error != std::errc() || end != digits.data() + digits.size() || octal_to_some ||
      value > 255) {
    return std::nullopt;
  }
  return value;
}

/// Reads one octet of `10.0.1-3.1,5,9`: ascending or not, overlapping or not.
std::optional<std::vector<octet_range>> parse_octet_list(std::string_view text) {
  std::vector<octet_range> list;
  for (const std::string_view item : detail::split(text, ",")) {
    const std::size_t dash = item.find('-');
    const std::optional<unsigned> first = parse_octet(item.substr(0, dash));
    const std::optional<unsigned> last =
        dash == item.npos ? first : parse_octet(item.substr(dash + 1));
    if (!first || !last || *last < *first) return std::nullopt;
    list.push_back({*first, *last});
  }
  return list;
}

/// True for text made of digits, dots, commas and dashes only: an address or octet ranges, never a
/// host name (RFC 1123 2.1: a name's last label is alphabetic).
bool looks_numeric(std::string_view text) {
  return text.find_first_not_of("0123456789.,-") == text.npos;
}

class target_reader {
 public:
  absl::Status add(std::string_view text) {
    if (text.starts_with('@')) return add_file(text);
    return add_target(text);
  }

  absl::StatusOr<target_list> finish() && {
    list_.addresses = address_set::of(std::move(ranges_));
    if (list_.addresses.empty() && list_.names.empty()) {
      return absl::InvalidArgumentError("no targets: give at least one address, block or name");
    }
    return std::move(list_);
  }

 private:
  absl::Status add_file(std::string_view argument) {
    const std::string path(argument.substr(1));
    if (path.empty() || path.find('\0') != path.npos) {
      return bad_target(argument, "a target file is named as in @targets.txt");
    }
    errno = 0;
    std::ifstream file(path);
    if (!file) return unreadable(path);
    std::string line;
    for (std::size_t number = 1; std::getline(file, line); ++number) {
      const std::string_view content = std::string_view(line).substr(0, line.find('#'));
      for (const std::string_view text : detail::split(content, " \t\r", false)) {
        const absl::Status status = text.starts_with('@')
                                        ? bad_target(text, "a target file cannot name another one")
                                        : add_target(text);
        if (!status.ok()) {
          return absl::Status(
              status.code(), fmt::format("{}:{}: {}", printable(path), number, message_of(status)));
        }
      }
    }
    return file.bad() ? unreadable(path) : absl::OkStatus();
  }

  /// As errno says; the standard does not promise that streams leave it set.
  static absl::Status unreadable(const std::string& path) {
    const int error = errno == 0 ? EIO : errno;
    return absl::ErrnoToStatus(
        error, fmt::format("cannot read target file '{}'", printable(path, max_shown_path)));
  }

  absl::Status add_target(std::string_view text) {
    if (text.empty()) return bad_target(text, "it is empty");
    if (text.size() > max_target_length) return bad_target(text, "it is too long");
    if (text.find('/') != text.npos) return add_cidr(text);
    if (text.find(':') != text.npos) return add_ipv6(text);
    if (looks_numeric(text)) return add_ipv4(text);
    if (const std::size_t dash = text.find('-');
        dash != text.npos && parse_ip_address(text.substr(0, dash)).ok()) {
      return bad_target(text, message_of(parse_address_range(text).status()));
    }
    return add_name(text);
  }

  absl::Status add_cidr(std::string_view text) {
    absl::StatusOr<address_range> block = parse_cidr(text);
    if (!block.ok()) return bad_target(text, message_of(block.status()));
    const std::string_view written = text.substr(0, text.find('/'));
    if (parse_ip_address(written).value() != block->first) {
      list_.notices.push_back(fmt::format("'{}' has host bits set; taken as {}/{}", text,
                                          block->first, text.substr(text.find('/') + 1)));
    }
    return add_range(text, *block);
  }

  absl::Status add_ipv6(std::string_view text) {
    if (text.find('-') != text.npos && parse_address_range(text).ok()) {
      return add_range(text, *parse_address_range(text));
    }
    std::string_view bare = text;
    if (bare.size() > 2 && bare.front() == '[' && bare.back() == ']') {
      bare = bare.substr(1, bare.size() - 2);
    }
    absl::StatusOr<ip_address> address = parse_ip_address(bare);
    if (!address.ok()) {
      if (text.find('-') != text.npos) {
        return bad_target(text, message_of(parse_address_range(text).status()));
      }
      return bad_target(text, message_of(address.status()));
    }
    return add_range(text, {*address, *address});
  }

  absl::Status add_ipv4(std::string_view text) {
    if (std::count(text.begin(), text.end(), '.') == 6) {
      absl::StatusOr<address_range> range = parse_address_range(text);
      if (!range.ok()) return bad_target(text, message_of(range.status()));
      return add_range(text, *range);
    }
    return add_octets(text);
  }

  absl::Status add_octets(std::string_view text) {
    const std::vector<std::string_view> parts = detail::split(text, ".");
    std::array<std::vector<octet_range>, 4> octets;
    bool readable = parts.size() == 4;
    std::size_t runs = 1;
    for (std::size_t i = 0; readable && i < 4; ++i) {
      const std::optional<std::vector<octet_range>> list = parse_octet_list(parts[i]);
      readable = list.has_value();
      if (!readable) break;
      octets[i] = *list;
      std::size_t values = octets[i].size();
      if (i < 3) {
        values = 0;
        for (const octet_range& range : octets[i]) values += range.last - range.first + 1;
      }
      runs *= values;
    }
    if (!readable) {
      return bad_target(text,
                        "an IPv4 target is written as 10.0.0.5, 10.0.0.5-20 or 10.0.0.0/24, "
                        "with octets of 0 to 255 without leading zeros");
    }
    if (text.find_first_of(",-") == text.npos) {
      absl::StatusOr<ip_address> address = parse_ip_address(text);
      if (!address.ok()) return bad_target(text, message_of(address.status()));
      return add_range(text, {*address, *address});
    }
    if (runs > max_octet_runs) return bad_target(text, "too many ranges; give CIDR blocks instead");
    std::vector<address_range> ranges;
    ranges.reserve(runs);
    for (const octet_range& a : octets[0]) {
      for (unsigned first = a.first; first <= a.last; ++first) {
        append_octets(first << 24, octets, 1, ranges);
      }
    }
    return add_ranges(text, std::move(ranges));
  }

  static void append_octets(std::uint32_t prefix,
                            const std::array<std::vector<octet_range>, 4>& octets,
                            std::size_t position, std::vector<address_range>& out) {
    for (const octet_range& range : octets[position]) {
      if (position == 3) {
        out.push_back({ip_address::v4(prefix | range.first), ip_address::v4(prefix | range.last)});
        continue;
      }
      for (unsigned octet = range.first; octet <= range.last; ++octet) {
        append_octets(prefix | octet << (8 * (3 - position)), octets, position + 1, out);
      }
    }
  }

  absl::Status add_name(std::string_view text) {
    if (!is_host_name(text)) return bad_target(text, "neither an address nor a host name");
    std::string name = absl::AsciiStrToLower({text.data(), text.size()});
    if (seen_.insert(name).second) {
      list_.expressions.push_back(name);
      list_.names.push_back(std::move(name));
    }
    return absl::OkStatus();
  }

  absl::Status add_range(std::string_view text, const address_range& range) {
    if (range.first == range.last) {
      if (const auto why = why_not_probeable(range.first)) return bad_target(text, *why);
    } else if (is_link_local(range.first) && is_link_local(range.last) && range.first.zone() == 0) {
      return bad_target(text, "link-local addresses need their zone, as in fe80::1%eth0");
    }
    return add_ranges(text, {range});
  }

  absl::Status add_ranges(std::string_view text, std::vector<address_range> ranges) {
    const address_set named = address_set::of(std::move(ranges));
    const address_set usable = without_unprobeable(named);
    if (usable.empty()) return bad_target(text, "no connection can be tried to any of it");
    if (usable.size() != named.size()) {
      list_.notices.push_back(fmt::format(
          "'{}' contains addresses no connection can be tried to (0.0.0.0/8, multicast, broadcast, "
          "mapped, link-local without a zone); they are left out",
          text));
    }
    // Octet lists may stand for very many ranges; then the text says it better.
    constexpr std::size_t most_expressions = 64;
    if (named.ranges().size() > most_expressions) list_.expressions.emplace_back(text);
    for (const address_range& range : named.ranges()) {
      if (named.ranges().size() > most_expressions) break;
      // A range stays one, even where a block would hold the same: a block says where a network
      // begins and ends.
      const bool as_written = text.find('/') != text.npos || range.first == range.last;
      list_.expressions.push_back(as_written ? to_string(range)
                                             : fmt::format("{}-{}", range.first, range.last));
    }
    ranges_.insert(ranges_.end(), usable.ranges().begin(), usable.ranges().end());
    return absl::OkStatus();
  }

  target_list list_;
  std::vector<address_range> ranges_;
  std::unordered_set<std::string> seen_;  // list_.names
};

}  // namespace

absl::StatusOr<target_list> parse_targets(std::span<const std::string> texts) {
  target_reader reader;
  for (const std::string& text : texts) {
    const absl::Status status = reader.add(text);
    if (!status.ok()) return status;
  }
  return std::move(reader).finish();
}

}  // namespace netscan
