// A server that says any bytes, to a check of HTTP or, when the first byte is odd, of TLS.
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "fuzz.hpp"
#include "netscan/check/check.hpp"
#include "network_namespace.hpp"

namespace asio = boost::asio;

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  netscan::testing::enter_network_namespace();
  return 0;
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netscan;
  if (size == 0) return 0;
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor(context,
                                   {asio::ip::address_v4::loopback(), asio::ip::port_type{0}});
  std::thread server([&] {
    boost::system::error_code error;
    asio::ip::tcp::socket socket = acceptor.accept(error);
    if (error) return;
    asio::write(socket, asio::buffer(data + 1, size - 1), error);
    socket.shutdown(asio::socket_base::shutdown_send, error);
    char taken[4096];
    while (!error) socket.read_some(asio::buffer(taken), error);
  });
  check_request request =
      parse_check_target(fmt::format("{}://127.0.0.1:{}/", data[0] % 2 == 0 ? "http" : "https",
                                     acceptor.local_endpoint().port()))
          .value();
  request.insecure = true;
  request.timeout = std::chrono::seconds(2);
  const std::vector<check_record> records = check({&request, 1});
  server.join();
  fuzz::require(records.size() == 1, "an answer");
  return 0;
}
