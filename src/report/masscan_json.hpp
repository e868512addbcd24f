/// masscan's JSON (`-oJ`): a list of objects, one for each port that answered.
///
///     {"ip": "10.0.0.232", "timestamp": "1767607200",
///      "ports": [{"port": 80, "proto": "tcp", "status": "open", "reason": "syn-ack", "ttl": 63}]}
///
/// Source: masscan's src/out-json.c (1.3.2).
#pragma once

#include <string>
#include <string_view>

#include "json_fields.hpp"
#include "results_builder.hpp"

namespace netscan::detail {

/// Takes such an object. What is wrong with it, or nothing. Banners and other protocols than TCP
/// are passed over.
std::string take_masscan_record(const boost::json::object& record, results_builder& results);

/// Versions up to 1.0.4 end their list with this, which is not JSON.
inline bool is_masscan_end(std::string_view text) noexcept {
  return text == "{finished: 1}" || text == "{ finished: 1 }";
}

}  // namespace netscan::detail
