#include "xml_text.hpp"

#include "utf8.hpp"

namespace netscan::detail {
namespace {

// U+FFFE and U+FFFF, which XML 1.0 (2.2) does not have.
constexpr std::string_view fffe = "\xef\xbf\xbe";
constexpr std::string_view ffff = "\xef\xbf\xbf";

/// A character as an attribute can hold it.
std::string_view xml_character(std::string_view character) {
  if (character == "&") return "&amp;";
  if (character == "<") return "&lt;";
  if (character == ">") return "&gt;";
  if (character == "\"") return "&quot;";
  const bool is_bad = is_control(character) || character == fffe || character == ffff;
  return is_bad ? replacement_character : character;
}

}  // namespace

void append_xml_text(line_buffer& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    out << (length == 0 ? replacement_character : xml_character(text.substr(0, length)));
    text.remove_prefix(length == 0 ? 1 : length);
  }
}

void append_json_instruction(line_buffer& out, std::string_view json) {
  out << "<?" << json_instruction << ' ';
  // Outside of its texts JSON has neither, and in them an escape says the same.
  for (std::size_t at = 0; at < json.size();) {
    const std::string_view rest = json.substr(at);
    std::size_t end = rest.find_first_of("?\xef");
    out << rest.substr(0, end);
    if (end == rest.npos) break;
    const std::string_view special = rest.substr(end);
    if (special.starts_with("?>")) {
      out << R"(?\u003e)";
      end += 2;
    } else if (special.starts_with(fffe) || special.starts_with(ffff)) {
      out << (special.starts_with(fffe) ? R"(\ufffe)" : R"(\uffff)");
      end += fffe.size();
    } else {
      out << special.front();
      ++end;
    }
    at += end;
  }
  out << "?>";
}

}  // namespace netscan::detail
