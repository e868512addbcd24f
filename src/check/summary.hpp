#pragma once

#include <string>

#include "netscan/check/check_record.hpp"

namespace netscan::detail {

/// One printable sentence: what was asked, how far it came, and why not further. Made from the rest
/// of the record.
std::string summarize(const check_record& record);

}  // namespace netscan::detail
