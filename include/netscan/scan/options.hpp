/// How a scan is made.
///
/// Every default is a value that is safe on a network one does not own the routers of, and finds
/// everything on one that loses no packets.
#pragma once

#include <absl/status/status.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace netscan {

/// What is done about silence.
enum class timing : std::uint8_t {
  /// Give up as soon as the answers seen so far would have come; ask at least twice.
  fast,
  /// Wait the whole timeout while there are sockets to spare; ask again when packets were lost.
  standard,
  /// Always wait the whole timeout, always make all passes.
  thorough,
};

/// `fast`, `default`, `thorough`.
std::string_view to_string(timing value) noexcept;
std::optional<timing> parse_timing(std::string_view text) noexcept;

struct scan_options {
  /// The longest one attempt waits, 1 ms to 10 minutes. The default lets the kernel send a second
  /// SYN, which it does after 1 s (RFC 6298 2.1). An address nobody has is reported by its router
  /// after about 3.1 s (three ARP requests): give 4 s to be told.
  std::chrono::milliseconds timeout{1100};
  netscan::timing timing = timing::standard;
  /// How often a silent probe may be asked again, 0 to 100. Not set: 1, or 2 for fast and thorough.
  std::optional<unsigned> retries = {};
  /// Attempts a second at most; 0 for no limit.
  std::uint64_t rate = 0;
  /// Attempts in flight at most; 0 for as many as the limit of open files allows, up to
  /// `max_concurrency`.
  std::uint32_t concurrency = 0;
  /// Attempts in flight at most to one address, and to one /24 (IPv6: /64); 0 for no limit. A host
  /// keeps so much state for each, and so does a firewall before it.
  std::uint32_t per_address = 4096;
  std::uint32_t per_network = 8192;
  /// Threads of a blocking scan, 1 to 256; 0 for as many as this host has processors, at most 4,
  /// as far as each gets some thousand probes. Each has its own io_context and part of the plan.
  unsigned threads = 0;

  unsigned effective_retries() const noexcept {
    return retries.value_or(timing == timing::standard ? 1 : 2);
  }
};

/// Sockets are kernel memory: about 3 KiB each while a SYN is out.
inline constexpr std::uint32_t max_concurrency = 16384;

/// OK, or InvalidArgument naming the option that is out of its range.
absl::Status validate(const scan_options& options);

}  // namespace netscan
