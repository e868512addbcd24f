/// What each vantage saw of endpoints that are alike, in few bytes.
///
///     for (std::size_t i = 0; i < group.seen.size(); ++i) {
///       if (const auto seen = group.seen[i]) fmt::print("{}: {}\n", seen->vantage, seen->word);
///     }
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "netscan/diagnose/sight.hpp"

namespace netscan {

/// Observations by vantage. What a vantage sees alike at many endpoints is kept once, and shared by
/// the lists of all groups, so that each takes twelve bytes a vantage.
class seen_list {
 public:
  /// An observation that lists share.
  struct shared_observation {
    observation what;
    /// Address and time differ from one endpoint to the next; they are the list's own.
    bool is_of_endpoint = false;
    /// The address has sent the ICMP error itself.
    bool is_by_target = false;
  };
  using table = std::vector<shared_observation>;
  /// The place of a shared observation in the table, from 1; 0 where the vantage was not asked.
  using number = std::uint32_t;

  seen_list() = default;
  /// `numbers` and `times` are by vantage; `address` is the endpoint's, when there is one.
  seen_list(std::shared_ptr<const table> shared, std::vector<number> numbers,
            std::vector<timestamp> times, std::optional<ip_address> address);

  /// How many vantages there are.
  std::size_t size() const noexcept { return numbers_.size(); }

  /// Nothing where the vantage was not asked. Addresses and times are those of the first of the
  /// endpoints.
  std::optional<observation> operator[](std::size_t vantage) const;

  /// The same without address and time, and without a sender that is the address itself; nullptr
  /// where the vantage was not asked. Points into the list.
  const observation* common(std::size_t vantage) const noexcept;

 private:
  std::shared_ptr<const table> shared_;
  std::vector<number> numbers_;
  std::vector<timestamp> times_;
  std::optional<ip_address> address_;
};

}  // namespace netscan
