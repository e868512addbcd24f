#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace netscan::detail {

/// The attributes of an element, as expat has them: names and values in turn, then null.
class xml_attributes {
 public:
  explicit xml_attributes(const char* const* list) noexcept : list_(list) {}

  std::optional<std::string_view> find(std::string_view name) const noexcept {
    for (const char* const* each = list_; *each != nullptr; each += 2) {
      if (name == each[0]) return each[1];
    }
    return std::nullopt;
  }

  /// Empty when there is none.
  std::string_view operator[](std::string_view name) const noexcept {
    return find(name).value_or(std::string_view());
  }

  /// A whole number from 0 to `most`; nothing for any other value, or none.
  std::optional<std::uint64_t> number(std::string_view name, std::uint64_t most) const noexcept {
    const std::string_view text = (*this)[name];
    const char* const last = text.data() + text.size();
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), last, number);
    if (text.empty() || error != std::errc() || end != last || number > most) return std::nullopt;
    return number;
  }

 private:
  const char* const* list_;
};

}  // namespace netscan::detail
