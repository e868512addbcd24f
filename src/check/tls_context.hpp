#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <string>

#include <boost/asio/ssl/context.hpp>

namespace netscan::detail {

using tls_context = std::shared_ptr<boost::asio::ssl::context>;

/// Whom to trust: the certificates of a PEM file, or without one this system's. The one that others
/// hold is handed out again, so that checks made side by side pay for one. Thread-safe.
/// Errors: InvalidArgument, naming the file.
absl::StatusOr<tls_context> shared_tls_context(const std::string& ca_file);

}  // namespace netscan::detail
