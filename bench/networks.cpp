#include "networks.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "network_namespace.hpp"

namespace netscan::bench {
namespace {

constexpr std::uint16_t first_port = 2000;
constexpr std::uint32_t ports = 30'000;
constexpr std::uint16_t listening_port = 1999;

}  // namespace

job refused_job(std::uint32_t probes) {
  testing::set_sysctl("net.ipv4.ip_local_port_range", "32768 60999");
  return {.addresses = std::max<std::uint32_t>(1, probes / ports),
          .first_port = first_port,
          .ports = std::min(probes, ports)};
}

listener::listener() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  testing::set_sysctl("net.core.somaxconn", "65535");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(listening_port);
  const int on = 1;
  ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd_, 65535) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot listen");
  }
}

listener::~listener() {
  ::close(fd_);
}

job listener::open_job(std::uint32_t probes) const {
  return {.addresses = probes, .first_port = listening_port, .ports = 1};
}

void make_silent_link() {
  const auto ip = [](std::vector<std::string> words) {
    words.insert(words.begin(), "ip");
    testing::run(words);
  };
  ip({"link", "add", "near", "type", "veth", "peer", "name", "far"});
  ip({"link", "set", "far", "address", "02:00:00:00:00:01", "up"});
  ip({"link", "set", "near", "up"});
  ip({"addr", "add", "198.51.100.2/30", "dev", "near"});
  // The far end has no address, and this host does not forward.
  ip({"neigh", "add", "198.51.100.1", "lladdr", "02:00:00:00:00:01", "dev", "near", "nud",
      "permanent"});
  ip({"route", "add", "10.0.0.0/8", "via", "198.51.100.1"});
}

job silent_job(std::uint32_t probes) {
  return {.first_address = 0x0a000001,
          .addresses = probes,
          .first_port = 80,
          .ports = 1,
          .in_flight = 4096,
          .timeout = std::chrono::milliseconds(50)};
}

}  // namespace netscan::bench
