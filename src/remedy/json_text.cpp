#include "json_text.hpp"

#include <boost/json/serialize.hpp>

#include "netscan/target/printable.hpp"

namespace netscan::detail {
namespace {

using boost::json::value;

constexpr std::size_t line_width = 100;

bool is_scalar(const value& v) {
  return !v.is_object() && !v.is_array();
}

std::string serialized(const value& v) {
  return boost::json::serialize(v);
}

/// Boost's text has no spaces; between members and items they help the eye.
std::string one_line(const value& v) {
  std::string text;
  if (const auto* object = v.if_object()) {
    for (const auto& member : *object) {
      text += text.empty() ? "{" : ", ";
      text += serialized(value(member.key())) + ": " + one_line(member.value());
    }
    return text.empty() ? "{}" : text + '}';
  }
  if (const auto* array = v.if_array()) {
    for (const value& item : *array) {
      text += text.empty() ? "[" : ", ";
      text += one_line(item);
    }
    return text.empty() ? "[]" : text + ']';
  }
  return serialized(v);
}

void write(const value& v, std::size_t indent, std::string& out) {
  const std::string line = one_line(v);
  const bool is_document = indent == 0;
  if (is_scalar(v) || (!is_document && indent + line.size() <= line_width)) {
    out += line;
    return;
  }
  const std::string inner(indent + 2, ' ');
  const std::string outer(indent, ' ');
  std::string_view before = "\n";
  if (const auto* object = v.if_object()) {
    out += '{';
    for (const auto& member : *object) {
      out.append(before).append(inner).append(serialized(value(member.key()))).append(": ");
      write(member.value(), indent + 2, out);
      before = ",\n";
    }
    out += '\n' + outer + '}';
    return;
  }
  out += '[';
  for (const value& item : v.as_array()) {
    out.append(before).append(inner);
    write(item, indent + 2, out);
    before = ",\n";
  }
  out += '\n' + outer + ']';
}

}  // namespace

std::string json_text(const value& v) {
  std::string text;
  write(v, 0, text);
  return text + '\n';
}

boost::json::string json_string(std::string_view text) {
  return boost::json::string(printable(text));
}

boost::json::array json_strings(const std::vector<std::string>& texts) {
  boost::json::array array;
  for (const std::string& text : texts) array.push_back(json_string(text));
  return array;
}

}  // namespace netscan::detail
