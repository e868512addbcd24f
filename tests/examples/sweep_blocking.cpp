// Scans a block and prints what answered.
#include <fmt/format.h>

#include <netscan/scan/scan.hpp>
#include <netscan/target/address_set.hpp>
#include <netscan/target/port_set.hpp>

int main() {
  auto targets = netscan::address_set::of({*netscan::parse_cidr("127.0.0.0/30")});
  auto plan = netscan::plan::make(targets, *netscan::parse_ports("80,443"));
  auto result = netscan::scan(*plan, {}, [](std::span<const netscan::probe_record> records) {
    for (const auto& r : records)
      fmt::print("{} port {}: {}\n", r.ip, r.port, to_string(r.state()));
    return boost::system::error_code();
  });
  return result.summary.complete ? 0 : 1;
}
