/// What an endpoint check found, layer by layer: plain data.
///
/// Strings that came from the network (certificate names, HTTP fields, titles, banners) are kept as
/// they came, byte by byte: they may hold anything, control characters too. Show them with
/// printable(). Each is cut off at `longest_remote_text` bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/check/check_reason.hpp"
#include "netscan/probe/record.hpp"
#include "netscan/target/ip_address.hpp"

namespace netscan {

inline constexpr std::size_t longest_remote_text = 4096;
/// Of a certificate's names.
inline constexpr std::size_t most_certificate_names = 256;

/// What one layer came to. `problem` is `none` exactly when `outcome` is `ok` (or `stopped`).
struct layer_result {
  check_outcome outcome = check_outcome::stopped;
  check_problem problem = check_problem::none;
  /// From the layer's start to its end.
  std::uint64_t duration_us = 0;
  /// What there is to say beyond the problem, in the words of the system or library that said it:
  /// of the resolver, of OpenSSL, of the HTTP parser. Empty when there is nothing.
  std::string detail;

  friend bool operator==(const layer_result&, const layer_result&) = default;
};

/// Where the addresses came from.
enum class name_source : std::uint8_t {
  literal,   ///< the host is an address
  given,     ///< by the request: `--resolve`
  resolver,  ///< from this system: hosts file, DNS, ...
};
std::string_view to_string(name_source source) noexcept;
std::optional<name_source> parse_name_source(std::string_view text) noexcept;

struct dns_result : layer_result {
  name_source source = name_source::resolver;
  /// All addresses of the host, in the resolver's order.
  std::vector<ip_address> addresses;

  friend bool operator==(const dns_result&, const dns_result&) = default;
};

struct tcp_result : layer_result {
  /// A verdict for each address that was tried until its end, in the order of their starts; the
  /// same records, with the same evidence, as of a scan. Empty when none came to its end.
  std::vector<probe_record> attempts;
  /// Addresses that had not answered yet when another one had.
  std::vector<ip_address> overtaken;
  /// The address of the connection.
  std::optional<ip_address> address;
  /// The port that was asked.
  std::uint16_t port = 0;
  /// What the server said first, when the request asked for it.
  std::string banner;

  /// The verdict that speaks for all attempts: `syn-ack` when one was open, else the most telling
  /// one (an answer before silence, silence before what this host could not ask). nullptr without
  /// attempts.
  const probe_record* verdict() const noexcept;

  friend bool operator==(const tcp_result&, const tcp_result&) = default;
};

struct certificate_info {
  /// Distinguished names as RFC 2253 writes them: `CN=gitlab.ailab.com`.
  std::string subject;
  std::string issuer;
  /// The subject's alternative names: DNS names, and addresses in text.
  std::vector<std::string> names;
  timestamp not_before{};
  timestamp not_after{};
  /// Of the whole certificate, 64 hexadecimal digits.
  std::string sha256;

  friend bool operator==(const certificate_info&, const certificate_info&) = default;
};

struct tls_result : layer_result {
  /// The name that was asked for (SNI) and that the certificate must be for; an address when the
  /// host is one (which is not sent: RFC 6066 3).
  std::string server_name;
  std::string version;  ///< `TLSv1.3`
  std::string cipher;   ///< `TLS_AES_256_GCM_SHA384`
  std::string alpn;     ///< the protocol agreed on, `http/1.1`; empty when the server names none
  /// The server's own certificate, the first one of its chain.
  std::optional<certificate_info> certificate;
  /// Whether the certificate is good for `server_name` and trusted here. With `insecure` the layer
  /// is `ok` all the same, and here is the truth.
  bool verified = false;
  /// Why it is not: a cert_... problem, and OpenSSL's words for it.
  check_problem verify_problem = check_problem::none;
  std::string verify_detail;

  friend bool operator==(const tls_result&, const tls_result&) = default;
};

struct http_result : layer_result {
  /// 100 to 599; 0 when no status line came.
  std::uint16_t status = 0;
  std::string status_text;  ///< the phrase beside it: `Not Found`
  std::string version;      ///< `HTTP/1.1`
  std::string server;
  std::string location;
  std::string content_type;
  std::string title;  ///< of an HTML page
  /// From the request to the first byte of the answer.
  std::optional<std::uint64_t> first_byte_us;
  /// Of the body, as far as it was read.
  std::uint64_t body_bytes = 0;
  /// The body was longer than the request wanted to read.
  bool body_cut = false;

  /// The status sends the client to `location` (RFC 9110 15.4).
  bool is_redirect() const noexcept;

  friend bool operator==(const http_result&, const http_result&) = default;
};

/// One URL or endpoint that was asked. A layer that was not reached is not there.
struct check_step {
  /// As target_text(): `https://gitlab.ailab.com/`, `10.0.0.232:443`.
  std::string url;
  std::optional<dns_result> dns;
  std::optional<tcp_result> tcp;
  std::optional<tls_result> tls;
  std::optional<http_result> http;

  friend bool operator==(const check_step&, const check_step&) = default;
};

/// The end of one check.
struct check_record {
  std::string vantage;
  /// What was asked, in normal form: `https://gitlab.ailab.com/`, `gitlab.ailab.com:443`.
  std::string target;
  std::string host;
  std::uint16_t port = 0;
  check_outcome outcome = check_outcome::stopped;
  /// The layer that failed; nothing when none did.
  std::optional<check_layer> layer;
  check_problem problem = check_problem::none;
  /// One sentence that says all of it, printable.
  std::string summary;
  /// When the check began, and how long it took.
  timestamp time{};
  std::uint64_t duration_us = 0;
  /// The target, and after it the redirects that were followed. Not empty.
  std::vector<check_step> steps;

  /// The step that the outcome rests on.
  const check_step& last() const noexcept { return steps.back(); }
  /// The TCP verdict of that step; nothing when it did not come that far.
  std::optional<probe_reason> tcp_reason() const noexcept;
  /// One word out of a fixed, small set: `ok`, for a TCP failure its probe_reason (`no-response`),
  /// else the problem (`cert-expired`). `stopped` when it was.
  std::string_view reason() const noexcept;

  friend bool operator==(const check_record&, const check_record&) = default;
};

}  // namespace netscan
