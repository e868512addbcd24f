/// What became of each address, for people and for programs.
///
///     auto list = netscan::find_candidates(clients, owners, {});
///     fmt::print("{}", netscan::candidates_text(*list));
///
/// Pure: the same list gives the same text.
#pragma once

#include <string>

#include "netscan/remedy/candidates.hpp"

namespace netscan {

/// Every address with the reason why it is taken or refused, in lines of about 100 columns.
/// Addresses that are refused for the same reason stand together, as ranges. Printable.
std::string candidates_text(const candidate_list& list);

/// The same as one JSON document, an address a member of `addresses`:
///
///     {"type": "candidates", "select": "open", "ports": "80,443",
///      "scans": [{"role": "client", "vantage": "pc", "start": "2026-01-05T10:00:00.123Z", ...}],
///      "chosen": ["10.0.0.232", "10.0.0.249"],
///      "addresses": [{"ip": "10.0.0.232", "accepted": true, "kind": "open",
///                     "reason": "80,443: syn-ack; passed, ...", "caveats": ["in use: ..."]}, ...],
///      "notices": [], "advice": ""}
///
/// `kind` is null where candidate::kind is empty; `advice` is not empty when nothing is chosen.
std::string candidates_json(const candidate_list& list);

}  // namespace netscan
