/// What it means that vantages see an endpoint as they do.
///
///     std::vector<netscan::observation> seen = {netscan::observe(at_node, "node", true),
///                                               netscan::observe(from_pc, "pc", false)};
///     netscan::diagnosis d = netscan::diagnose({seen, {}, 443});
///     d.sentence;  // answers at node, silent from pc; inferred: blocked on the way, not at the
///     service
///
/// A diagnosis first tells what was seen, with who said so, and what traces add. What is concluded
/// from that stands behind it: after a colon when what was seen allows nothing else, after
/// `inferred:` when it is the likely reading. Pure functions over plain data: no clock, no network.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "netscan/check/trace_record.hpp"
#include "netscan/diagnose/sight.hpp"

namespace netscan {

/// The kinds of diagnoses, in the order in which they are tried: the first that fits is made.
enum class diagnosis_kind : std::uint8_t {
  // what cannot be compared
  nobody_could_ask,
  unknown_elsewhere,  ///< some could not ask, the others see the same
  // names
  other_address,           ///< the name leads to other addresses, and these are not alike
  name_unknown,            ///< to all
  name_unknown_elsewhere,  ///< to some
  // what has changed while it was looked at
  answer_changed,  ///< a trace got an answer where its vantage had none
  // all see the same
  ok,
  service_down,        ///< closed
  refused_everywhere,  ///< closed or rejected: no vantage, or not every one, could tell
  rejected_everywhere,
  address_free,  ///< nobody has the address
  no_way,
  in_a_circle,
  icmp_error,
  silent_everywhere,
  // TCP is open from all
  other_certificate,
  other_trust,      ///< the same certificate, good for some
  broken_off,       ///< the connection, from some, during TLS or HTTP
  service_fault,    ///< TLS or HTTP fails everywhere
  fault_above_tcp,  ///< TLS or HTTP fails, otherwise
  // connected from some, cut off from others
  blocked,  ///< silent
  rejected_by_host,
  rejected_on_the_way,
  refused_elsewhere,    ///< closed
  refused_on_the_way,   ///< refused: closed or rejected
  not_found_elsewhere,  ///< nobody at the address
  no_route_elsewhere,
  circle_elsewhere,
  cut_elsewhere,  ///< in any other manner, or in several
  // connected from nowhere
  forged_reset,  ///< closed, where nobody has the address
  down_and_cut,  ///< closed from some, cut off from others
  nobody_there,  ///< nobody found from some, cut off from others
  not_reached,
};

/// `blocked`, `rejected-on-the-way`.
std::string_view to_string(diagnosis_kind kind) noexcept;

/// What is known of one endpoint.
struct scene {
  /// One of each vantage, in any order; at least one.
  std::span<const observation> seen;
  /// Traces to the endpoint, or to another port of its address.
  std::span<const trace_record* const> traces;
  std::uint16_t port = 0;
};

struct diagnosis {
  diagnosis_kind kind = diagnosis_kind::ok;
  /// One sentence, printable.
  std::string sentence;
  /// What the sentence concludes is the likely reading, and marked as that in it.
  bool inferred = false;
  /// It tells what a trace has shown.
  bool traced = false;

  friend bool operator==(const diagnosis&, const diagnosis&) = default;
};

/// There is a diagnosis for every combination of observations.
diagnosis diagnose(const scene& scene);

/// Whether vantages that could ask, or could not, come to different outcomes.
bool differ(std::span<const observation> seen) noexcept;

/// Whether a name leads vantages to addresses of which no two have one in common.
bool resolves_differently(std::span<const observation> seen);

}  // namespace netscan
