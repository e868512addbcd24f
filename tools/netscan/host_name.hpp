#pragma once

#include <string>

namespace netscan::cli {

/// This host's name, which a vantage is called without another: never empty.
std::string host_name();

}  // namespace netscan::cli
