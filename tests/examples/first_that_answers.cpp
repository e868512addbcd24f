// A sink of one's own: looks for any server on a port, and ends the scan when it has found one.
#include <fmt/format.h>

#include <optional>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <netscan/scan/scan.hpp>

namespace asio = boost::asio;

class first_open {
 public:
  boost::system::error_code operator()(std::span<const netscan::probe_record> records) {
    for (const netscan::probe_record& record : records) {
      if (record.state() != netscan::probe_state::open) continue;
      found = record.ip;
      return asio::error::operation_aborted;  // any error stops the scan
    }
    return {};
  }

  std::optional<netscan::ip_address> found;
};

int main() {
  asio::io_context context;
  asio::ip::tcp::acceptor server(context,
                                 {asio::ip::make_address("127.0.0.9"), asio::ip::port_type{0}});

  auto targets = netscan::address_set::of({*netscan::parse_cidr("127.0.0.0/24")});
  const std::uint16_t port = server.local_endpoint().port();
  auto plan = netscan::plan::make(targets, netscan::port_set::of({{port, port}}));

  first_open sink;
  netscan::scan(*plan, {}, std::ref(sink));
  fmt::print("{}\n", sink.found ? fmt::format("{} answers", *sink.found) : "nobody answers");
}
