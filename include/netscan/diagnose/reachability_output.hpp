/// Who reaches what, for people and for programs.
///
///     Who reaches what, 4 vantages x 4 endpoints: 10 reached, 6 cut, 0 unknown
///
///                  T1  T2
///     node         +   +
///     pc           -   +
///     pc2 and pc3  +   -
///
///       T1  10.0.0.216:80,443
///       T2  10.0.0.232:80,443
///
///     1. 10.0.0.216:80,443
///        pc is cut off from what others reach: no-response (2); inferred: dropped by something on
///        the way
///
/// In JSON one object:
///
///     {"type":"reachability","vantages":["node","pc"],"endpoints":4,"reached":6,"cut":2,
///      "unknown":0,"vantage_groups":[["node"],["pc"]],
///      "target_groups":[{"count":2,"endpoints":[{"addresses":"10.0.0.216","ports":"80,443"}]}],
///      "rows":["++","-+"],
///      "cuts":[{"kind":"groups-cut-off","vantages":["pc"],"endpoints":[...],"count":2,"pairs":2,
///               "unknown":0,"inferred":true,"firewalls":[],"last_routers":[],
///               "manners":[{"sight":"silent","reason":"no-response","pairs":2}],
///               "sentence":"..."}],
///      "blind":[]}
///
/// `rows` has a text for each vantage, with a character for each of the target groups: `+` reached,
/// `-` cut, `?` unknown. The other members are those of reachability, by their names; `endpoints`
/// and `count` are as those of a diagnosis.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "netscan/diagnose/comparison_text.hpp"
#include "netscan/diagnose/reachability.hpp"

namespace netscan {

/// `10.0.0.60/31:80,443, 10.0.0.216:443`; of more than `most` blocks the first, and how many
/// endpoints more there are.
std::string to_string(const std::vector<endpoint_block>& blocks, std::size_t most);

/// The groups as a table as far as they fit, and the cuts. Printable, whatever the results hold.
std::string reachability_text(const reachability& matrix, const comparison_text_options& options);

/// The object, without the end of a line.
std::string reachability_json(const reachability& matrix);

}  // namespace netscan
