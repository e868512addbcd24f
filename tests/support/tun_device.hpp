#pragma once

#include <string_view>

#include "file_descriptor.hpp"

namespace netscan::testing {

enum class device_kind {
  tun,  // IP packets
  tap,  // Ethernet frames
};

// A new device of this name in the namespace this process has entered: what the kernel sends to it
// is read from the descriptor, packet by packet, and what is written there comes in. Does not
// block. Throws std::system_error naming what failed.
file_descriptor open_tun_device(std::string_view name, device_kind kind = device_kind::tun);

}  // namespace netscan::testing
