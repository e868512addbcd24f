/// Comparisons for programs.
///
/// A line for each group of endpoints, and at the end the sums:
///
///     {"type":"diagnosis","diagnosis":"blocked","differ":true,"names_differ":false,
///      "inferred":false,"traced":true,"sentence":"answers at node, silent from pc; ...","count":2,
///      "endpoints":[{"addresses":"10.0.0.216","ports":"80,443"}],
///      "seen":[{"vantage":"node","sight":"answers","outcome":"open","word":"open",
///               "address":"10.0.0.216","time":"2026-01-05T10:00:00.123Z"},
///              {"vantage":"pc","sight":"silent","outcome":"filtered","word":"no-response", ...}]}
///     {"type":"comparison","vantages":["node","pc"],"compared":512,"differing":24,
///      "unknown":0,"asked_from_one":0}
///
/// `addresses` is written as sweep reads targets, `ports` as it reads ports; an endpoint of checks
/// is
/// {"target":"https://gitlab.ailab.com/"}. Members are those of comparison and observation, by
/// their names; what does not apply is left out. In `seen`, addresses and times are those of the
/// first of the endpoints.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "netscan/diagnose/compare.hpp"

namespace netscan {

/// Takes a text piece by piece, at most a group's at a time: all of a large comparison is long.
using text_sink = std::function<void(std::string_view piece)>;

/// The lines, each with its end. Who reaches what, where there is a matrix, is the last line but
/// one; see reachability_output.hpp.
void comparison_ndjson(const comparison& comparison, const text_sink& sink);
std::string comparison_ndjson(const comparison& comparison);

/// One document: the object of the last line, with the others as its `groups`, and who reaches what
/// as its `reachability`.
void comparison_json(const comparison& comparison, const text_sink& sink);
std::string comparison_json(const comparison& comparison);

}  // namespace netscan
