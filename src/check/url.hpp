/// URLs to requests, and back.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

#include "netscan/check/check_request.hpp"

namespace netscan::detail {

/// Reads an absolute URL into protocol, host, port and path of a request, whose other members stay
/// as they are. Errors: InvalidArgument with what is wrong, without the text.
absl::Status read_url(std::string_view text, check_request& request);

/// The request for where a redirect points to: an absolute or relative reference (RFC 3986 5.2), as
/// it stands in a Location field. Another server gets no `server_name` of the first one.
/// Errors: InvalidArgument with what is wrong, without the text.
absl::StatusOr<check_request> follow_reference(const check_request& from,
                                               std::string_view reference);

/// `10.0.0.1`, `[::1]`, `gitlab.ailab.com`.
std::string bracketed(std::string_view host);

}  // namespace netscan::detail
