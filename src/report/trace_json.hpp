/// A trace in JSON.
#pragma once

#include "json_fields.hpp"
#include "netscan/check/trace_record.hpp"

namespace netscan::detail {

/// Reads what trace_json() wrote.
trace_record read_trace(json_fields fields);

}  // namespace netscan::detail
