/// Host names as text.
#pragma once

#include <string_view>

namespace netscan {

/// True for a host name (RFC 1123 2.1, with or without the dot of the root at its end): labels of
/// letters, digits, '-' and '_', of which the last is not what resolvers take for part of an
/// address, as in 10.0.0.300 or 0x7f.1.
bool is_host_name(std::string_view text);

}  // namespace netscan
