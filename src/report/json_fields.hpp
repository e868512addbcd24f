/// Reading members of a JSON object strictly: each error names the member and what it should be.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "netscan/probe/record.hpp"

namespace netscan::detail {

/// The first thing that was wrong, or nothing. All reads go on after an error, with default values,
/// so that the code that reads a record is a plain list of its members.
class json_fields {
 public:
  json_fields(const boost::json::object& object, std::string& error)
      : object_(object), error_(error) {}

  bool has(std::string_view name) const;

  std::uint64_t number(std::string_view name, std::uint64_t low = 0,
                       std::uint64_t high = std::numeric_limits<std::uint64_t>::max());
  /// The same for any smaller unsigned type, within its range.
  template <typename Number>
  Number number_as(std::string_view name, std::uint64_t low = 0,
                   std::uint64_t high = std::numeric_limits<Number>::max()) {
    return static_cast<Number>(number(name, low, high));
  }
  double fraction(std::string_view name);
  bool boolean(std::string_view name);
  std::string_view text(std::string_view name);
  /// What append_json_bytes() wrote.
  std::string bytes(std::string_view name);
  std::vector<std::string> list_of_bytes(std::string_view name);
  ip_address address(std::string_view name);
  timestamp time(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  /// A list of whole numbers, from 0 to `high`.
  std::vector<std::uint64_t> numbers(std::string_view name, std::uint64_t high);
  std::vector<ip_address> addresses(std::string_view name);
  /// A member that is an object; empty after an error.
  json_fields object(std::string_view name);
  /// A member that is a list of objects.
  std::vector<json_fields> objects(std::string_view name);

  /// Says that the member has a wrong value: `'port' is 70000, expected a number from 1 to 65535`.
  void complain(std::string_view name, std::string_view expected);
  bool failed() const noexcept { return !error_.empty(); }

 private:
  const boost::json::value* member(std::string_view name) const;
  const boost::json::value* find(std::string_view name, std::string_view expected);
  const boost::json::array* find_array(std::string_view name);

  const boost::json::object& object_;
  std::string& error_;
  mutable std::size_t next_ = 0;  // where member() looks first
};

}  // namespace netscan::detail
