/// netscan's reasons in nmap's words, and back.
///
/// Source: nmap's portreasons.cc and nmap.cc:statenum2str() (7.93).
#pragma once

#include <optional>
#include <string_view>

#include "netscan/probe/reason.hpp"

namespace netscan::detail {

/// `open`, `closed`, `filtered`; for `error`, where the network was not asked, `unknown`.
std::string_view nmap_state(probe_state state) noexcept;

/// `no-response`. ICMP errors that nmap has no word for are `dest-unreach`, as it calls them too;
/// `no-neighbor` is `host-unreach`. Only `local-error` is not nmap's.
std::string_view nmap_reason(probe_reason reason) noexcept;

/// The reason of a port in one of nmap's states. Nothing for states that a connection cannot tell
/// (`open|filtered`, `unfiltered`, `unknown`), and for `filtered` by a word that is not known or
/// the scanning host's own (`perm-denied`). Of counted ports (`extrareasons`) the words are
/// sometimes in the plural, `no-responses`.
std::optional<probe_reason> reason_of_nmap(std::string_view state,
                                           std::string_view reason) noexcept;

}  // namespace netscan::detail
