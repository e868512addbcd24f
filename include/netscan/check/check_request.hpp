/// What an endpoint check is to ask, and how.
///
///     absl::StatusOr<netscan::check_request> request =
///         netscan::parse_check_target("https://gitlab.ailab.com");
///     request->insecure = true;
///     request->overrides = {*netscan::parse_resolve_override("gitlab.ailab.com:443:10.0.0.232")};
///
/// All functions here are pure, but for parse_check_targets() and validate_ca_file(),
/// which read files.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/target/ip_address.hpp"

namespace netscan {

/// How far up the layers a check goes.
enum class check_protocol : std::uint8_t {
  tcp,    ///< DNS, TCP: `HOST:PORT`
  tls,    ///< and TLS: `tls://HOST:PORT`
  http,   ///< DNS, TCP, HTTP: `http://HOST/`
  https,  ///< all of them: `https://HOST/`
};

/// Addresses to take for a host and port instead of asking the resolver.
struct resolve_override {
  std::string host;  ///< in lower case; `*` is any
  std::uint16_t port = 0;
  std::vector<ip_address> addresses;

  friend bool operator==(const resolve_override&, const resolve_override&) = default;
};

/// HTTP statuses, first to last.
struct status_range {
  std::uint16_t first = 0;
  std::uint16_t last = 0;

  friend bool operator==(const status_range&, const status_range&) = default;
};

struct check_request {
  check_protocol protocol = check_protocol::tcp;
  /// A name, or an address without brackets.
  std::string host;
  /// 1 to 65535.
  std::uint16_t port = 0;
  /// Path and query of the HTTP request; begins with '/'.
  std::string path = "/";

  /// The longest that all of it may take, redirects included; 1 ms to 10 minutes.
  std::chrono::milliseconds timeout{10'000};
  /// The longest that one address may take to answer a SYN. The default has room for the router
  /// that finds nobody at an address, which takes it about 3.1 s.
  std::chrono::milliseconds connect_timeout{5'000};
  /// Only addresses of this family.
  std::optional<ip_family> family = {};
  std::vector<resolve_override> overrides = {};

  /// Go on although the certificate is not good. It is looked at all the same.
  bool insecure = false;
  /// A file of PEM certificates to trust, instead of this system's.
  std::string ca_file = {};
  /// Another name than `host` for SNI, for the certificate and for HTTP's Host. Empty: `host`.
  std::string server_name = {};

  /// Statuses that are right. None given: every status below 500 (a 4xx answers a bad question, a
  /// 5xx says that the server itself has failed: RFC 9110 15.5, 15.6).
  std::vector<status_range> expected_status = {};
  /// Bytes that must be in the body, as it comes, within its first `body_limit` bytes.
  std::string expected_text = {};
  /// Follow redirects, at most `max_redirects` one after the other.
  bool follow_redirects = false;
  unsigned max_redirects = 10;
  /// Bytes of a body to read at most.
  std::uint64_t body_limit = 1U << 20;
  /// For `tcp`: wait this long for what the server says by itself; 0 for not at all.
  std::chrono::milliseconds banner_wait{0};

  /// Goes into the record.
  std::string vantage = {};
};

/// Reads what a user writes to name an endpoint:
///
///     gitlab.ailab.com:443       TCP, as with nc
///     10.0.0.232:443  [::1]:80   the same; an IPv6 address in brackets
///     tls://gitlab.ailab.com:443 TCP and TLS
///     https://gitlab.ailab.com   all layers; also with port, path and query
///     http://10.0.0.232/
///
/// A fragment (#...) is dropped, as it is never sent. Errors: InvalidArgument, naming the text and
/// what would be right: no port, a bad one, another scheme, user and password, a host that is no
/// host name (RFC 1123; '_' is let through) and no address, white space or control characters.
absl::StatusOr<check_request> parse_check_target(std::string_view text);

/// Reads targets, each of which is one as above, or `@FILE`: a file of them, separated by white
/// space; a word that begins with '#' begins a comment. Each once, in their order. Errors:
/// InvalidArgument, naming the text (and for a file its name and line), or for an empty list; for a
/// file that cannot be read what its errno stands for.
absl::StatusOr<std::vector<check_request>> parse_check_targets(std::span<const std::string> texts);

/// Reads `HOST:PORT:ADDRESS[,ADDRESS]...` as curl does; addresses of IPv6 with or without brackets.
/// Errors: InvalidArgument, naming the text.
absl::StatusOr<resolve_override> parse_resolve_override(std::string_view text);

/// Reads `200`, `200-299`, `2xx`, and lists of them with commas. Errors: InvalidArgument.
absl::StatusOr<std::vector<status_range>> parse_status_ranges(std::string_view text);

/// The request's target in normal form: `gitlab.ailab.com:443`, `https://gitlab.ailab.com/`.
std::string target_text(const check_request& request);

/// OK, or InvalidArgument naming the member that is out of its range.
absl::Status validate(const check_request& request);

/// OK when the file can be read and holds certificates in PEM, as `ca_file` needs it.
/// Errors: InvalidArgument, naming the file.
absl::Status validate_ca_file(const std::string& path);

}  // namespace netscan
