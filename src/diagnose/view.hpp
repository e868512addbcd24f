#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "netscan/diagnose/diagnosis.hpp"

namespace netscan::detail {

constexpr std::uint16_t bit(sight what) noexcept {
  return static_cast<std::uint16_t>(1U << static_cast<unsigned>(what));
}

/// A scene, asked as the rules and the sentence need it.
class view {
 public:
  explicit view(const scene& scene);

  const scene& of() const noexcept { return scene_; }

  /// Some vantage saw this.
  bool has(sight what) const noexcept { return (seen_ & bit(what)) != 0; }
  bool has_any(std::initializer_list<sight> some) const noexcept;
  /// Every vantage that could ask saw this, and there is one.
  bool all_saw(sight what) const noexcept { return known() == bit(what); }
  /// Every vantage that could ask saw one of these.
  bool saw_only(std::initializer_list<sight> some) const noexcept;
  /// No vantage could ask.
  bool is_blind() const noexcept { return known() == 0; }
  /// All that could ask saw the same kind of thing.
  bool is_uniform() const noexcept;

  /// The connection is made from somewhere.
  bool is_up() const noexcept { return (known() & up_bits) != 0; }
  /// How many kinds of not getting a connection there are.
  unsigned cuts() const noexcept;
  /// There is one, and it is this.
  bool is_cut_only_by(sight what) const noexcept { return (known() & ~up_bits) == bit(what); }

  std::vector<const observation*> by(sight what) const;
  /// The vantages that saw this: `node`, `node and pc`, `a, b, c and 5 more`.
  std::string names(sight what) const;

  /// Somebody found on the address' own link that nobody has it.
  bool is_certainly_free() const noexcept;
  /// The vantages looked at times that lie apart so far that the endpoint may have changed.
  bool is_far_apart() const noexcept { return far_apart_; }

  // What traces add to the views of vantages that got no connection.

  /// The trace of a vantage to this endpoint, else to its address; the last one. nullptr for none.
  const trace_record* trace_of(const observation& seen) const noexcept;
  /// The way of all that saw this has been traced, and ends without a connection.
  bool traces_confirm(sight what) const noexcept;
  /// A trace got an answer of the host's where its vantage had none.
  bool a_trace_contradicts() const noexcept;

 private:
  static constexpr std::uint16_t up_bits =
      bit(sight::answers) | bit(sight::http_fails) | bit(sight::tls_fails);

  std::uint16_t known() const noexcept {
    return static_cast<std::uint16_t>(seen_ & ~bit(sight::could_not_ask));
  }

  const scene& scene_;
  std::uint16_t seen_ = 0;
  bool far_apart_ = false;
};

/// Whether the endpoint may well have changed between two such looks at it.
bool are_far_apart(timestamp first, timestamp last) noexcept;

/// Whether the trace is of the same vantage, and says how its way ended.
bool speaks_for(const trace_record& trace, const observation& seen) noexcept;

/// `a`, `a and b`, `a, b, c and 5 more`.
std::string listed(const std::vector<std::string>& names);

}  // namespace netscan::detail
