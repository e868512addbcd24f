#include "json_fields.hpp"

#include <absl/strings/escaping.h>
#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "foreign.hpp"
#include "netscan/target/printable.hpp"
#include "netscan/target/status.hpp"
#include "time_text.hpp"

namespace netscan::detail {
namespace {

namespace json = boost::json;

json::string_view to_json(std::string_view text) {
  return {text.data(), text.size()};
}
std::string_view to_std(json::string_view text) {
  return {text.data(), text.size()};
}

/// Short enough for a message, in one line, and without what a terminal would take for a command.
std::string shown(const json::value& value) {
  constexpr std::size_t most = 60;
  return printable(json::serialize(value), most);
}

/// What append_json_bytes() writes; nothing for any other value.
std::optional<std::string> bytes_of(const json::value& value) {
  if (value.is_string()) return std::string(to_std(value.get_string()));
  const json::object* const object = value.if_object();
  const json::value* const coded = object == nullptr ? nullptr : object->if_contains("base64");
  std::string bytes;
  if (coded == nullptr || !coded->is_string()) return std::nullopt;
  const std::string_view text = to_std(coded->get_string());
  if (!absl::Base64Unescape(absl::string_view(text.data(), text.size()), &bytes)) {
    return std::nullopt;
  }
  return bytes;
}

/// The value as a whole number; nothing when it is none, or negative.
std::optional<std::uint64_t> whole_number(const json::value& value) {
  if (value.is_uint64()) return value.get_uint64();
  if (value.is_int64() && value.get_int64() >= 0) {
    return static_cast<std::uint64_t>(value.get_int64());
  }
  return std::nullopt;
}

const json::object& no_object() {
  static const json::object empty;
  return empty;
}

}  // namespace

/// Writers write members in the order in which they are read here, so the next one is nearly always
/// the one after the last.
const json::value* json_fields::member(std::string_view name) const {
  if (next_ < object_.size()) {
    const json::key_value_pair& next = object_.begin()[static_cast<std::ptrdiff_t>(next_)];
    if (to_std(next.key()) == name) {
      ++next_;
      return &next.value();
    }
  }
  const auto found = object_.find(to_json(name));
  if (found == object_.end()) return nullptr;
  next_ = static_cast<std::size_t>(found - object_.begin()) + 1;
  return &found->value();
}

bool json_fields::has(std::string_view name) const {
  return member(name) != nullptr;
}

const json::value* json_fields::find(std::string_view name, std::string_view expected) {
  const json::value* const value = member(name);
  if (value == nullptr && !failed()) {
    error_ = fmt::format("'{}' is missing, expected {}", name, expected);
  }
  return value;
}

void json_fields::complain(std::string_view name, std::string_view expected) {
  if (failed()) return;
  const json::value* const value = member(name);
  error_ = fmt::format("'{}' is {}, expected {}", name,
                       value == nullptr ? "missing" : shown(*value), expected);
}

std::uint64_t json_fields::number(std::string_view name, std::uint64_t low, std::uint64_t high) {
  const auto expected = [&] {
    return high == std::numeric_limits<std::uint64_t>::max()
               ? fmt::format("a whole number, {} or more", low)
               : fmt::format("a number from {} to {}", low, high);
  };
  const json::value* const value = member(name);
  const std::optional<std::uint64_t> number =
      value == nullptr ? std::nullopt : whole_number(*value);
  if (!number || *number < low || *number > high) {
    complain(name, expected());
    return low;
  }
  return *number;
}

double json_fields::fraction(std::string_view name) {
  const json::value* const value = find(name, "a number from 0 to 1");
  if (value == nullptr) return 0;
  boost::system::error_code error;
  const double number = value->is_number() ? value->to_number<double>(error) : -1;
  if (error || !(number >= 0 && number <= 1)) {
    complain(name, "a number from 0 to 1");
    return 0;
  }
  return number;
}

bool json_fields::boolean(std::string_view name) {
  const json::value* const value = find(name, "true or false");
  if (value == nullptr) return false;
  if (!value->is_bool()) complain(name, "true or false");
  return value->is_bool() && value->get_bool();
}

std::string_view json_fields::text(std::string_view name) {
  const json::value* const value = find(name, "a text");
  if (value == nullptr) return {};
  if (!value->is_string()) {
    complain(name, "a text");
    return {};
  }
  return to_std(value->get_string());
}

std::string json_fields::bytes(std::string_view name) {
  const json::value* const value = find(name, "a text");
  if (value == nullptr) return {};
  const std::optional<std::string> bytes = bytes_of(*value);
  if (!bytes) complain(name, R"(a text, or {"base64": "..."})");
  return bytes.value_or("");
}

std::vector<std::string> json_fields::list_of_bytes(std::string_view name) {
  std::vector<std::string> list;
  const json::array* const array = find_array(name);
  if (array == nullptr) return list;
  for (const json::value& value : *array) {
    std::optional<std::string> bytes = bytes_of(value);
    if (!bytes) {
      complain(name, R"(a list of texts, or of {"base64": "..."})");
      break;
    }
    list.push_back(*std::move(bytes));
  }
  return list;
}

ip_address json_fields::address(std::string_view name) {
  absl::StatusOr<ip_address> address = parse_foreign_address(text(name));
  if (address.ok()) return *address;
  complain(name, "an IP address");
  return {};
}

timestamp json_fields::time(std::string_view name) {
  const std::optional<timestamp> time = parse_time(text(name));
  if (!time) complain(name, "a time in UTC such as 2026-01-05T10:00:00.123Z");
  return time.value_or(timestamp());
}

const json::array* json_fields::find_array(std::string_view name) {
  const json::value* const value = find(name, "a list");
  if (value == nullptr) return nullptr;
  if (!value->is_array()) complain(name, "a list");
  return value->if_array();
}

std::vector<std::string> json_fields::texts(std::string_view name) {
  std::vector<std::string> list;
  const json::array* const array = find_array(name);
  if (array == nullptr) return list;
  for (const json::value& value : *array) {
    if (!value.is_string()) {
      complain(name, "a list of texts");
      break;
    }
    list.emplace_back(to_std(value.get_string()));
  }
  return list;
}

std::vector<std::uint64_t> json_fields::numbers(std::string_view name, std::uint64_t high) {
  std::vector<std::uint64_t> list;
  const json::array* const array = find_array(name);
  if (array == nullptr) return list;
  for (const json::value& value : *array) {
    const std::optional<std::uint64_t> number = whole_number(value);
    if (!number || *number > high) {
      complain(name, fmt::format("a list of whole numbers from 0 to {}", high));
      break;
    }
    list.push_back(*number);
  }
  return list;
}

std::vector<ip_address> json_fields::addresses(std::string_view name) {
  std::vector<ip_address> list;
  for (const std::string& text : texts(name)) {
    absl::StatusOr<ip_address> address = parse_foreign_address(text);
    if (!address.ok()) {
      complain(name, "a list of IP addresses");
      break;
    }
    list.push_back(*address);
  }
  return list;
}

json_fields json_fields::object(std::string_view name) {
  const json::value* const value = find(name, "an object");
  if (value == nullptr || !value->is_object()) {
    if (value != nullptr) complain(name, "an object");
    return {no_object(), error_};
  }
  return {value->get_object(), error_};
}

std::vector<json_fields> json_fields::objects(std::string_view name) {
  std::vector<json_fields> list;
  const json::array* const array = find_array(name);
  if (array == nullptr) return list;
  for (const json::value& value : *array) {
    if (!value.is_object()) {
      complain(name, "a list of objects");
      break;
    }
    list.emplace_back(value.get_object(), error_);
  }
  return list;
}

}  // namespace netscan::detail
