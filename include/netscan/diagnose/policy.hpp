/// A reachability policy: who must, and who must not, reach what.
///
///     rules:
///       - name: clients reach GitLab
///         from: [pc, "office-*"]
///         to: [10.0.0.232, 10.0.0.249]
///         ports: 80,443
///         expect: open
///       - name: the rest of the network is closed to them
///         from: pc
///         to: 10.0.0.0/24
///         exclude: [10.0.0.232, 10.0.0.249]
///         ports: 1-1023
///         expect: [blocked, closed]
///
/// `from` holds names of vantages, in which `*` stands for any text and `?` for one character; left
/// out, every vantage is meant. `to` and `exclude` are read as `sweep` reads targets, but addresses
/// only; `ports` as it reads ports. What must be seen is said by `expect`, in these words, or by
/// `reasons`, each a reason as in records:
///
/// | word        | holds for                                                                     |
/// |-------------|-------------------------------------------------------------------------------|
/// | `open`      | a connection                                                                  |
/// | `closed`    | a RST; by itself it does not tell the host from a firewall that sends one     |
/// | `filtered`  | no answer of TCP, whatever the reason                                         |
/// | `reachable` | `open` or `closed`                                                            |
/// | `blocked`   | silence, or an ICMP error that somebody decided on (is_rejection()). Not that |
/// |             | nobody was found at the address: nothing has blocked the way there            |
///
/// Each of these may be one text or a list. Nothing else is read: a key that is not known, or comes
/// twice, is an error, and so are anchors and aliases.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "netscan/probe/reason.hpp"
#include "netscan/target/plan.hpp"

namespace netscan {

class reason_set {
 public:
  constexpr void insert(probe_reason reason) noexcept { bits_ |= bit(reason); }
  constexpr bool contains(probe_reason reason) const noexcept { return (bits_ & bit(reason)) != 0; }
  constexpr bool empty() const noexcept { return bits_ == 0; }

  /// What is in both.
  friend constexpr reason_set operator&(reason_set a, const reason_set& b) noexcept {
    a.bits_ &= b.bits_;
    return a;
  }
  friend constexpr bool operator==(const reason_set&, const reason_set&) noexcept = default;

 private:
  static constexpr std::uint32_t bit(probe_reason reason) noexcept {
    return std::uint32_t{1} << static_cast<unsigned>(reason);
  }

  std::uint32_t bits_ = 0;
};

struct policy_rule {
  /// Not empty, and no other rule's. It may hold any character.
  std::string name;
  /// Where it begins in the file.
  std::size_t line = 0;
  /// Patterns of vantages; none for all.
  std::vector<std::string> from;
  /// Addresses and ports, in sequential order, 2^40 at most.
  plan endpoints;
  /// What must be seen, as written: `open`, `closed or filtered`, `admin-prohibited`.
  std::string expected;
  /// The reasons that this stands for.
  reason_set allowed;
};

struct policy {
  /// At least one, in the order of the file.
  std::vector<policy_rule> rules;
  /// What the user should know of how the file was taken, one sentence each, with its place.
  std::vector<std::string> notices;
};

/// Reads a policy. The text may be hostile, 1 MiB at most.
/// Errors: InvalidArgument, `line 3, column 5: what is wrong, and what would be right`.
absl::StatusOr<policy> parse_policy(std::string_view text);

/// Whether a pattern of `from` means this vantage.
bool matches(std::string_view pattern, std::string_view vantage) noexcept;

}  // namespace netscan
