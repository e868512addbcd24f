/// Connecting to the first of several addresses that answers.
#pragma once

#include <optional>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include "connect_race.hpp"
#include "netscan/target/plan.hpp"
#include "scan/file_descriptor.hpp"

namespace netscan::detail {

struct connect_result {
  std::vector<probe_record> attempts;
  std::vector<ip_address> overtaken;
  /// The connection, non-blocking, and to where.
  file_descriptor connection;
  std::optional<endpoint> peer;
  /// Why nothing could be tried at all: no descriptor left.
  boost::system::error_code failure;
};

/// Runs a connect_race. When it is cancelled it returns what there is until then.
boost::asio::awaitable<connect_result> connect_to_any(std::vector<endpoint> endpoints,
                                                      race_options options);

}  // namespace netscan::detail
