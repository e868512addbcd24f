/// What a vantage met at an endpoint, as far as it tells where a fault is.
///
/// Scans and checks know more reasons than a diagnosis has use for; here they come together in a
/// few kinds. All functions are pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/check/check_record.hpp"
#include "netscan/probe/record.hpp"

namespace netscan {

enum class sight : std::uint8_t {
  answers,        ///< the port is open; of a check, all that it asked for is there
  http_fails,     ///< TCP (and TLS) are open, and the HTTP answer is not right
  tls_fails,      ///< TCP is open, and TLS is not agreed on or its certificate not good
  closed,         ///< a RST
  rejected,       ///< an ICMP error that somebody decided on: is_rejection()
  nobody,         ///< nobody was found at the address, by the last router or on the vantage's link
  no_route,       ///< somebody on the way, or the vantage's own next hop, leads no further
  circle,         ///< time-exceeded
  icmp_error,     ///< any other ICMP error
  silent,         ///< no answer
  no_name,        ///< the name is not known there
  could_not_ask,  ///< the vantage itself has failed, or its resolver: nothing is known
  refused,        ///< a RST or a rejection: connect()'s errno, which is all that is known, is one
};
inline constexpr std::uint8_t sight_count = 13;

/// `answers`, `http-fails`, `could-not-ask`.
std::string_view to_string(sight what) noexcept;

/// The kind of a TCP verdict. `is_near` says whether the vantage is on the target's link, if that
/// is known: a next hop that does not answer ARP is `no_route` for what lies behind it.
sight sight_of(probe_reason reason, std::optional<bool> is_near) noexcept;

/// What can be reached is `open`, `closed` (or refused) or `filtered` as in a scan, of a check also
/// `tls` or `http` where these fail, and `no-name`; `error` when it is not known. Vantages agree
/// when this is the same for all.
std::string_view outcome_of(sight what) noexcept;

/// One vantage's view of one endpoint.
struct observation {
  std::string vantage;
  sight what = sight::could_not_ask;
  /// In a word or two, as a cell of a table: `open`, `no-response`, `tls cert-expired`, `http 502`.
  std::string word;
  /// Who sent the ICMP error.
  std::optional<ip_address> sender;
  /// Of `nobody`: it was found out on the address' own link, so it is certain.
  bool on_own_link = false;
  /// What there is to say beyond the word, printable: the errno, OpenSSL's words.
  std::string detail;
  /// The connection was made, and ended or ignored in the middle of TLS or HTTP.
  bool broken_off = false;
  /// The address that the verdict is about; nothing when a name has led to none.
  std::optional<ip_address> address;
  /// Of a check of a name, all addresses that it has there.
  std::vector<ip_address> addresses;
  /// Of a check with TLS, the SHA-256 of the server's certificate.
  std::string certificate;
  /// When it was seen.
  timestamp time{};

  friend bool operator==(const observation&, const observation&) = default;
};

/// Of a scan's record. `is_near` as in sight_of().
observation observe(const probe_record& record, std::string_view vantage,
                    std::optional<bool> is_near);

/// Of a check. Nothing when it was stopped before it had its answer.
std::optional<observation> observe(const check_record& record);

}  // namespace netscan
