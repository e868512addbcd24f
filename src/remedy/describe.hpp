#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "observation.hpp"

namespace netscan::detail {

/// Evidence in words: `80: syn-ack, 443: admin-prohibited from 192.168.77.1`. Ports that say the
/// same stand together, and so do vantages.
struct description {
  std::span<const std::string> vantages{};
  bool name_vantages = false;
  /// What to add, in brackets, to silence; empty for nothing.
  std::function<std::string(const observation&)> on_silence{};

  std::string operator()(std::span<const observation> observations) const;
};

}  // namespace netscan::detail
