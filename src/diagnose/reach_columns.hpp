#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "endpoint_blocks.hpp"
#include "endpoint_views.hpp"
#include "netscan/diagnose/reachability.hpp"

namespace netscan::detail {

/// What a vantage met at an endpoint, as far as it matters here. Few are different.
struct reach_look {
  sight what = sight::could_not_ask;
  probe_reason reason = probe_reason::local_error;
  std::optional<ip_address> sender;
  bool by_target = false;
  /// The vantage is on the address' link, and found nobody there.
  bool on_own_link = false;

  friend auto operator<=>(const reach_look&, const reach_look&) = default;
};

/// The number of a look; 0 where the vantage has not asked.
using look_number = std::uint16_t;

/// What every vantage met at every endpoint. Endpoints at which each vantage met the same are one
/// column, so memory grows with what is different, and not with the endpoints.
class reach_columns {
 public:
  /// `rows` are the vantages' numbers in the views, ascending, and `names` what they are called.
  reach_columns(std::vector<std::size_t> rows, std::vector<std::string> names);

  /// Behind all endpoints so far. Only views of scans count.
  void add(const endpoint& at, std::span<const endpoint_view> views);

  const std::vector<std::string>& vantages() const noexcept { return names_; }
  std::size_t count() const noexcept { return columns_.size(); }

  look_number number_at(std::size_t vantage, std::size_t column) const noexcept {
    return columns_[column].looks->at(vantage);
  }
  /// nullptr when it was not asked.
  const reach_look* at(std::size_t vantage, std::size_t column) const noexcept {
    const look_number number = number_at(vantage, column);
    return number == 0 ? nullptr : &looks_[number];
  }
  const reach_look& look(look_number number) const noexcept { return looks_[number]; }
  /// One more than the highest number.
  std::size_t looks() const noexcept { return looks_.size(); }

  /// How many endpoints are alike in this.
  std::uint64_t size(std::size_t column) const noexcept { return columns_[column].size; }
  /// The endpoints of columns.
  std::vector<endpoint_block> blocks(std::span<const std::size_t> columns) const;

 private:
  // A character for each vantage.
  using look_numbers = std::u16string;
  struct column {
    const look_numbers* looks = nullptr;
    std::uint64_t size = 0;
    block_list endpoints;
  };

  look_number number_of(const endpoint_view& view);

  std::vector<std::size_t> rows_;
  std::vector<std::string> names_;
  std::vector<column> columns_;
  std::unordered_map<look_numbers, std::size_t> numbers_of_columns_;
  std::vector<reach_look> looks_ = {{}};
  std::map<reach_look, look_number> numbers_;
};

}  // namespace netscan::detail
