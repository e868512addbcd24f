#pragma once

#include <string>

namespace netscan::cli {

/// The name of the place this runs from: the one given, or this host's.
std::string vantage_or_host_name(const std::string& given);

}  // namespace netscan::cli
