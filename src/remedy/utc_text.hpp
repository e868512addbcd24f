#pragma once

#include <string>

#include "netscan/probe/record.hpp"

namespace netscan::detail {

/// RFC 3339, UTC, without the locale that fmt's and iostreams' own time formats ask:
/// `2026-01-05T10:00:00.123Z`.
std::string utc_text(timestamp time);

}  // namespace netscan::detail
