#include "tun_device.hpp"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace netscan::testing {

file_descriptor open_tun_device(std::string_view name, device_kind kind) {
  file_descriptor device(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!device) throw std::system_error(errno, std::generic_category(), "open /dev/net/tun");
  ifreq request{};
  std::ranges::copy(name, request.ifr_name);
  request.ifr_flags =
      static_cast<short>((kind == device_kind::tun ? IFF_TUN : IFF_TAP) | IFF_NO_PI);
  if (::ioctl(device.get(), TUNSETIFF, &request) != 0) {
    throw std::system_error(errno, std::generic_category(), "TUNSETIFF");
  }
  return device;
}

}  // namespace netscan::testing
