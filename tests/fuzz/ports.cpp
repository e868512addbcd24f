// Lists of ports: what is read once is read the same from its normal form.
#include "fuzz.hpp"
#include "netscan/target/port_set.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netscan;
  const absl::StatusOr<port_set> ports = parse_ports(fuzz::text_of(data, size));
  fuzz::require_clean(ports.status());
  if (!ports.ok()) return 0;
  fuzz::require(parse_ports(to_string(*ports)) == ports, "the normal form reads the same");
  return 0;
}
