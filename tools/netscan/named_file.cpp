#include "named_file.hpp"

#include <filesystem>

namespace netscan::cli {

named_file read_file_argument(const std::string& text) {
  const std::size_t equals = text.find('=');
  const bool has_name = equals != text.npos && equals != 0 && text.find('/') > equals;
  std::error_code ignored;
  if (!has_name || std::filesystem::exists(text, ignored)) return {"", text};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace netscan::cli
