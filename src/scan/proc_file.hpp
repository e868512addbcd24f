#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <vector>

namespace netscan::detail {

/// The numbers in a file of /proc/sys; none when it cannot be read.
inline std::vector<std::uint64_t> read_numbers(const char* path) {
  std::ifstream file(path);
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t number = 0; file >> number;) numbers.push_back(number);
  return numbers;
}

/// The first of them.
inline std::optional<std::uint64_t> read_number(const char* path) {
  const std::vector<std::uint64_t> numbers = read_numbers(path);
  if (numbers.empty()) return std::nullopt;
  return numbers.front();
}

}  // namespace netscan::detail
