/// An endpoint check in JSON.
#pragma once

#include "json_fields.hpp"
#include "netscan/check/check_record.hpp"

namespace netscan::detail {

/// Reads what check_json() wrote.
check_record read_check(json_fields fields);

}  // namespace netscan::detail
