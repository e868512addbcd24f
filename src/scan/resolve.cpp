#include "netscan/scan/resolve.hpp"

#include <algorithm>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "netscan/target/status.hpp"
#include "socket_address.hpp"

namespace netscan {

absl::StatusOr<std::vector<ip_address>> resolve(const std::string& name) {
  using boost::asio::ip::tcp;
  boost::asio::io_context context;
  tcp::resolver resolver(context);
  boost::system::error_code error;
  const tcp::resolver::results_type found =
      resolver.resolve(name, "", tcp::resolver::address_configured, error);
  if (error) {
    return absl::NotFoundError(fmt::format("cannot resolve '{}': {}", name, error.message()));
  }
  std::vector<ip_address> addresses;
  for (const auto& entry : found) {
    const ip_address address = detail::socket_address::address_of(*entry.endpoint().data());
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
      addresses.push_back(address);
    }
  }
  return addresses;
}

}  // namespace netscan
