/// Sets of TCP ports.
///
///     absl::StatusOr<netscan::port_set> ports = netscan::parse_ports("80,443,8000-8100,http");
///     ports->size();  // 103
///
/// Pure values: concurrent reading is safe.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace netscan {

/// All ports from `first` to `last`, both included, 1 to 65535.
struct port_range {
  std::uint16_t first;
  std::uint16_t last;

  friend constexpr bool operator==(const port_range&, const port_range&) noexcept = default;
};

class port_set {
 public:
  port_set() = default;

  /// The union of `ranges`, which may overlap and come in any order.
  static port_set of(std::vector<port_range> ranges);

  /// Ascending, disjoint, never adjacent.
  std::span<const port_range> ranges() const noexcept { return ranges_; }
  bool empty() const noexcept { return ranges_.empty(); }
  /// 0 to 65535.
  std::uint32_t size() const noexcept { return size_; }
  bool contains(std::uint16_t port) const noexcept;
  /// The port with this index in ascending order, index < size().
  std::uint16_t at(std::uint32_t index) const noexcept;
  /// The index of a port; nothing for one that is not in the set.
  std::optional<std::uint32_t> index_of(std::uint16_t port) const noexcept;

  friend bool operator==(const port_set& a, const port_set& b) noexcept {
    return a.ranges_ == b.ranges_;
  }

 private:
  std::vector<port_range> ranges_;
  std::vector<std::uint32_t> starts_;  // for each range the number of ports before it
  std::uint32_t size_ = 0;
};

/// Reads a comma-separated list of ports (`80`), ranges (`8000-8100`; `-1023` from 1, `60000-` to
/// 65535, `-` for all), service names from the system's services database (`https`), and `top:N`,
/// the first N of `common_ports()`.
/// Errors: InvalidArgument, naming the offending item: not a number, 0 or above 65535, a range that
/// ends before it starts, an unknown service, an empty item or list.
absl::StatusOr<port_set> parse_ports(std::string_view text);

/// `80,443,8000-8100`; what parse_ports() reads.
std::string to_string(const port_set& ports);

/// A TCP port and what is commonly found there.
struct common_port {
  std::uint16_t port;
  std::string_view service;
};

/// The ports that `top:N` takes, most useful first.
///
/// It is this project's own choice, not a measurement: first what web and remote access answer on,
/// then what Kubernetes, its ingress and its storage use, then mail, databases, queues, monitoring,
/// file sharing, industrial and older services. The numbers are the projects' documented defaults
/// and IANA's assignments.
std::span<const common_port> common_ports() noexcept;

}  // namespace netscan
