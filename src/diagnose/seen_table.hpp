#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "endpoint_views.hpp"
#include "netscan/diagnose/seen_list.hpp"

namespace netscan::detail {

/// The observations that the lists of a comparison share.
class seen_table {
 public:
  /// That of a view of an address. Views that cannot make a difference to a diagnosis have one
  /// number, so that no text is made of most of them.
  seen_list::number number_of(const endpoint_view& view, const std::string& vantage);
  /// One of its own.
  seen_list::number add(observation seen);

  const std::shared_ptr<const seen_list::table>& shared() const noexcept { return shared_; }

 private:
  seen_list::number add(seen_list::shared_observation one);

  std::shared_ptr<seen_list::table> table_ = std::make_shared<seen_list::table>();
  std::shared_ptr<const seen_list::table> shared_ = table_;
  std::unordered_map<std::string, seen_list::number> numbers_;
  std::string key_;
};

}  // namespace netscan::detail
