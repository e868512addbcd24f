#pragma once

#include "netscan/diagnose/endpoint_block.hpp"
#include "report/json_string.hpp"
#include "report/line_buffer.hpp"

namespace netscan::detail {

/// `{"addresses":"10.0.0.60-10.0.0.69","ports":"80,443"}`
inline void append_block(line_buffer& out, const endpoint_block& block) {
  out << R"({"addresses":)";
  append_json_string(out, to_string(block.addresses));
  out << R"(,"ports":)";
  append_json_string(out, to_string(block.ports));
  out << '}';
}

}  // namespace netscan::detail
