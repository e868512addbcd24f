#pragma once

#include <charconv>
#include <concepts>
#include <cstring>
#include <string>
#include <string_view>

#include "netscan/target/ip_address.hpp"

namespace netscan::detail {

/// Text that is put together piece by piece and used again for the next line, so that it stops
/// allocating once it is large enough.
class line_buffer {
 public:
  void clear() noexcept { text_.clear(); }
  std::string_view view() const noexcept { return text_; }

  line_buffer& operator<<(std::string_view text) {
    text_.append(text);
    return *this;
  }
  line_buffer& operator<<(char c) {
    text_.push_back(c);
    return *this;
  }
  line_buffer& operator<<(std::integral auto number) {
    char digits[24];
    text_.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
    return *this;
  }
  line_buffer& operator<<(const ip_address& address) {
    char text[max_ip_address_text];
    text_.append(text, write_ip_address(address, text));
    return *this;
  }

 private:
  std::string text_;
};

}  // namespace netscan::detail
