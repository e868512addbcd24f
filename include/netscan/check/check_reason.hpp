/// Why an endpoint check ended as it did, in words.
///
/// A check asks an endpoint layer by layer: name (DNS), connection (TCP), encryption (TLS), answer
/// (HTTP). The first layer that says no names the failure; of TCP the reasons are those of a probe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace netscan {

enum class check_layer : std::uint8_t { dns, tcp, tls, http };

enum class check_outcome : std::uint8_t {
  ok,       ///< all that was asked for is there
  failed,   ///< the answer is no, or there was none
  error,    ///< this host could not ask
  stopped,  ///< the check was cancelled before it had its answer
};

/// What was wrong at a layer.
enum class check_problem : std::uint8_t {
  none,
  /// DNS, TLS, HTTP: no answer, or not all of it, within the time. (Silence at TCP is
  /// probe_reason::no_response.)
  timeout,
  /// The peer ended the connection in the middle of the layer's exchange: properly (FIN), or by a
  /// RST or an ICMP error.
  closed,
  reset,
  /// This host could not: no descriptor, memory or source port left, no such file of certificates.
  local_error,
  // DNS
  resolver_failed,    ///< no resolver could tell: none answered, or those that did had failed
  name_not_found,     ///< the resolver says that there is no such name, or none with an address
  no_usable_address,  ///< there are addresses, and no connection can be tried to any of them
  // TCP
  connect,  ///< no connection: the reasons are in the attempts
  // TLS
  not_tls,           ///< the answer is not TLS
  handshake,         ///< no agreement: an alert, no common version or cipher
  cert_self_signed,  ///< signed by itself, or by a root that is not trusted here
  cert_untrusted,    ///< its issuer is not known here
  cert_expired,
  cert_not_yet_valid,
  cert_name_mismatch,  ///< it is for other names
  cert_invalid,        ///< any other reason not to trust it
  // HTTP
  not_http,          ///< the answer is not HTTP/1
  header_too_large,  ///< the header has no end within 64 KiB
  status,            ///< not a status that was expected
  text,              ///< the expected text is not in the body
  bad_redirect,      ///< a redirect to nowhere, or to something else than http and https
  redirect_limit,    ///< one redirect after the other
};

/// The words of records: `dns`, `failed`, `cert-expired`.
std::string_view to_string(check_layer layer) noexcept;
std::string_view to_string(check_outcome outcome) noexcept;
std::string_view to_string(check_problem problem) noexcept;
/// The reverse; nothing for a word that is not one.
std::optional<check_layer> parse_check_layer(std::string_view text) noexcept;
std::optional<check_outcome> parse_check_outcome(std::string_view text) noexcept;
std::optional<check_problem> parse_check_problem(std::string_view text) noexcept;

}  // namespace netscan
