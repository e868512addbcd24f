#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace netscan::detail {

/// The names of vantages, numbered in the order in which they first occur.
class vantage_names {
 public:
  std::size_t index_of(std::string_view name) {
    const auto found = numbers_.find(name);
    if (found != numbers_.end()) return found->second;
    numbers_.emplace(name, names_.size());
    names_.emplace_back(name);
    return names_.size() - 1;
  }

  const std::vector<std::string>& names() const noexcept { return names_; }

 private:
  std::map<std::string, std::size_t, std::less<>> numbers_;
  std::vector<std::string> names_;
};

}  // namespace netscan::detail
